//go:build workspace

package main

import (
	"sync"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
	"github.com/gopy-kernel/gopy-kernel/worker/loader"
)

// goRuntime refers to unexported parts of the runtime, which a program may do that is linked with
// -checklinkname=0. A workspace links the worker so, and sets the tag.
func goRuntime() (*loader.Runtime, error) {
	return &loader.Runtime{
		FirstModuleData: &firstModuleData,
		LastModuleDataP: &lastModuleDataP,
		ModulesInit:     modulesInit,
		DoInit:          doInit,
		CellModules:     &cellModules,
		ItabLock:        &itabLock,
		Lock:            lock,
		Unlock:          unlock,
		ItabTable:       &itabTable,
		ItabFind:        itabFind,
		ItabAdd:         itabAdd,
		ItabInit:        itabInit,
		IterateItabs:    iterateItabs,

		ReflectLookupCache: &lookupCache,
		ReflectPtrMap:      &ptrMap,
		ReflectFuncs:       &funcLookupCache.m,
	}, nil
}

//go:linkname firstModuleData runtime.firstmoduledata
var firstModuleData image.ModuleData

//go:linkname lastModuleDataP runtime.lastmoduledatap
var lastModuleDataP *image.ModuleData

//go:linkname modulesInit runtime.modulesinit
func modulesInit()

//go:linkname doInit runtime.doInit
func doInit(tasks []unsafe.Pointer)

//go:linkname cellModules runtime.cellModules
var cellModules loader.ModuleIndex

//go:linkname itabLock runtime.itabLock
var itabLock uintptr

//go:linkname lock runtime.lock
func lock(mutex *uintptr)

//go:linkname unlock runtime.unlock
func unlock(mutex *uintptr)

//go:linkname itabTable runtime.itabTable
var itabTable unsafe.Pointer

//go:linkname itabFind runtime.(*itabTableType).find
func itabFind(table, inter, typ unsafe.Pointer) *image.Itab

//go:linkname itabAdd runtime.itabAdd
func itabAdd(*image.Itab)

//go:linkname itabInit runtime.itabInit
func itabInit(m *image.Itab, firstTime bool) string

//go:linkname iterateItabs runtime.iterate_itabs
func iterateItabs(f func(*image.Itab))

//go:linkname lookupCache reflect.lookupCache
var lookupCache sync.Map

//go:linkname ptrMap reflect.ptrMap
var ptrMap sync.Map

//go:linkname funcLookupCache reflect.funcLookupCache
var funcLookupCache struct {
	sync.Mutex
	m sync.Map
}
