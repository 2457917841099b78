//go:build workspace

package main

import (
	"errors"
	_ "plugin" // has the two functions that open shared objects
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
		OpenObject:      openObject,
		Symbol:          symbol,
		CellModules:     &cellModules,
		TypeLinks:       typeLinks(),
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

// What package plugin calls the dynamic loader with.

//go:linkname pluginOpen plugin._Cfunc_pluginOpen
func pluginOpen(path *byte, failure **byte) uintptr

//go:linkname pluginLookup plugin._Cfunc_pluginLookup
func pluginLookup(handle uintptr, name *byte, failure **byte) unsafe.Pointer

func openObject(path string) (uintptr, error) {
	var failure *byte
	handle := pluginOpen(unsafe.StringData(path+"\x00"), &failure)
	if handle == 0 {
		return 0, errors.New(text(failure))
	}
	return handle, nil
}

func symbol(handle uintptr, name string) unsafe.Pointer {
	var failure *byte
	return pluginLookup(handle, unsafe.StringData(name+"\x00"), &failure)
}

// text is a text of C's.
func text(c *byte) string {
	if c == nil {
		return "unknown error"
	}
	n := 0
	for *(*byte)(unsafe.Add(unsafe.Pointer(c), n)) != 0 {
		n++
	}
	return string(unsafe.Slice(c, n))
}

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
