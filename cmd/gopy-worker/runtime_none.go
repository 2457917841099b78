//go:build !workspace

package main

import (
	"errors"

	"github.com/gopy-kernel/gopy-kernel/worker/loader"
)

// goRuntime says why a worker that the go command built by itself is of no use.
func goRuntime() (*loader.Runtime, error) {
	return nil, errors.New("this worker was not built by gopy-kernel, which links it so that it can load cells")
}
