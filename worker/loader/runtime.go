package loader

import (
	"sync"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// A Runtime has the parts of the Go runtime that a module has to be told to. Each is named as the runtime
// names it; only a program that was linked with -checklinkname=0 can refer to them, so it is the program
// that hands them over.
type Runtime struct {
	FirstModuleData *image.ModuleData
	LastModuleDataP **image.ModuleData
	ModulesInit     func()
	DoInit          func(tasks []unsafe.Pointer)

	// OpenObject opens a shared object, and Symbol finds one of its symbols; nil if it has none.
	OpenObject func(path string) (handle uintptr, err error)
	Symbol     func(handle uintptr, name string) unsafe.Pointer

	CellModules *ModuleIndex // added to the runtime by package interpreter/build

	TypeLinks TypeLinks

	ItabLock     *uintptr
	Lock, Unlock func(mutex *uintptr)
	ItabTable    *unsafe.Pointer
	ItabFind     func(table, inter, typ unsafe.Pointer) *image.Itab // (*itabTableType).find
	ItabAdd      func(*image.Itab)
	ItabInit     func(m *image.Itab, firstTime bool) string
	IterateItabs func(f func(*image.Itab))

	// Of package reflect: the types that it has made.
	ReflectLookupCache, ReflectPtrMap *sync.Map
	ReflectFuncs                      *sync.Map // funcLookupCache.m
}

// A ModuleIndex is runtime.cellModuleIndex: it says which module is in each page of the memory where units
// lie.
type ModuleIndex struct {
	From, Size uintptr
	Pages      unsafe.Pointer // to *image.ModuleData
}
