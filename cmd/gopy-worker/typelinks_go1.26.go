//go:build workspace && !go1.27

package main

import "github.com/gopy-kernel/gopy-kernel/worker/loader"

func typeLinks() loader.TypeLinks { return loader.TypeLinks{} }
