//go:build !go1.27

package image

import "unsafe"

// A ModuleData is runtime.moduledata: the tables of a module.
type ModuleData struct {
	Tables
	Types, ETypes         uintptr
	ROData                uintptr
	GoFunc                uintptr
	EPCLine               uintptr
	TextSections          []TextSection
	TypeLinks             []int32
	ItabLinks             []*Itab
	Exports               []Export
	PluginPath            string
	PackageHashes         []ModuleHash
	InitTasks             []unsafe.Pointer
	ModuleName            string
	ModuleHashes          []ModuleHash
	HasMain               uint8
	Bad                   bool
	GCDataMask, GCBSSMask Bitvector
	TypeMap               TypeMap
	Next                  *ModuleData
}

// A TypeMap says which type is meant by one of a module, by its distance from the module's types.
type TypeMap map[int32]unsafe.Pointer

// Add says that the type at own, which is one of the module's, is that at meant.
func (t TypeMap) Add(m *ModuleData, own, meant unsafe.Pointer) {
	t[int32(uintptr(own)-m.Types)] = meant
}

// Itabs are the module's itabs.
func (m *ModuleData) Itabs() []*Itab { return m.ItabLinks }

// mapTypeSize is the size of the descriptor of a map.
const mapTypeSize = 112
