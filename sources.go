// Package gopykernel carries the source of the worker inside the kernel's program.
//
// The worker and every cell have to be compiled by the same go command with the same flags, so the
// worker is built where it runs, from this source. See package interpreter/build.
package gopykernel

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

// Module is the import path of the module.
const Module = "github.com/gopy-kernel/gopy-kernel"

// WorkerPackage is the folder of the worker's main package.
const WorkerPackage = "cmd/gopy-worker"

// Offered are the import paths of our packages that cells may import.
var Offered = []string{
	Module + "/comm",
	Module + "/display",
	Module + "/pybridge",
	Module + "/pybridge/py",
	Module + "/worker/cell",
}

//go:embed all:cmd/gopy-worker all:comm all:display all:internal/image all:internal/link all:internal/proc all:pybridge all:worker
var sources embed.FS

// WorkerSources is the source of the worker and of all that it imports, without the tests. It needs
// nothing but the standard library.
func WorkerSources() fs.FS { return sourcesOnly{sources} }

// sourcesOnly shows the files of a tree that programs are made of. A change of a test is not a change
// of the worker, and tests import modules that the worker does without.
type sourcesOnly struct{ embed.FS }

func (f sourcesOnly) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := f.FS.ReadDir(name)
	kept := entries[:0]
	for _, e := range entries {
		if isSource(e) {
			kept = append(kept, e)
		}
	}
	return kept, err
}

func isSource(e fs.DirEntry) bool {
	if e.IsDir() {
		return e.Name() != "testdata" && e.Name() != "__pycache__"
	}
	switch path.Ext(e.Name()) {
	case ".go":
		return !strings.HasSuffix(e.Name(), "_test.go")
	case ".c", ".h", ".s", ".py":
		return true
	}
	return false
}
