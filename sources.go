// Package gopykernel carries the source of the worker inside the kernel's program.
//
// The worker and every cell have to be compiled by the same go command with the same flags, so the
// worker is built where it runs, from this source. See package interpreter/build.
package gopykernel

import (
	"embed"
	"io/fs"
	"strings"
)

// Module is the import path of the module.
const Module = "github.com/gopy-kernel/gopy-kernel"

// WorkerPackage is the folder of the worker's main package.
const WorkerPackage = "cmd/gopy-worker"

// Offered are the import paths of our packages that cells may import.
var Offered = []string{
	Module + "/display",
	Module + "/worker/cell",
}

//go:embed cmd/gopy-worker display internal/link worker
var sources embed.FS

// WorkerSources is the source of the worker and of all that it imports, without the tests. It needs
// nothing but the standard library.
func WorkerSources() fs.FS { return withoutTests{sources} }

// withoutTests hides the tests of a tree: they import modules that the worker does without, and a
// change of a test is not a change of the worker.
type withoutTests struct{ embed.FS }

func (f withoutTests) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := f.FS.ReadDir(name)
	kept := entries[:0]
	for _, e := range entries {
		if e.Name() != "testdata" && !strings.HasSuffix(e.Name(), "_test.go") {
			kept = append(kept, e)
		}
	}
	return kept, err
}
