// Package gonum has a test of matrices that gonum and numpy share. It is a module of its own, so that the
// kernel's does not require gonum. It runs with `go test` in its folder.
package gonum
