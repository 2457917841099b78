//go:build workspace && go1.27

package main

import (
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
	"github.com/gopy-kernel/gopy-kernel/worker/loader"
)

func typeLinks() loader.TypeLinks {
	return loader.TypeLinks{Of: &moduleToTypelinks, Mutex: &moduleToTypelinksLock, Find: moduleTypelinks}
}

//go:linkname moduleToTypelinks runtime.moduleToTypelinks
var moduleToTypelinks map[*image.ModuleData][]unsafe.Pointer

//go:linkname moduleToTypelinksLock runtime.moduleToTypelinksLock
var moduleToTypelinksLock uintptr

//go:linkname moduleTypelinks runtime.moduleTypelinks
func moduleTypelinks(*image.ModuleData) []unsafe.Pointer
