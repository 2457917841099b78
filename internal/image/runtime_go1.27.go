//go:build go1.27

package image

import "unsafe"

// A ModuleData is runtime.moduledata: the tables of a module.
type ModuleData struct {
	Tables
	Types                 uintptr
	TypeDescLen           uintptr // from Types on, descriptors follow each other so far
	ETypes                uintptr
	ItabOffset, ItabSize  uintptr // of the itabs, from Types
	ROData                uintptr
	GoFunc                uintptr
	EPCLine               uintptr
	TextSections          []TextSection
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

// A TypeMap says which type is meant by one of a module.
type TypeMap map[unsafe.Pointer]unsafe.Pointer

// Add says that the type at own, which is one of the module's, is that at meant.
func (t TypeMap) Add(_ *ModuleData, own, meant unsafe.Pointer) { t[own] = meant }

// Itabs are the module's itabs, which lie one after the other.
func (m *ModuleData) Itabs() []*Itab {
	var itabs []*Itab
	for offset := uintptr(0); offset < m.ItabSize; {
		itab := (*Itab)(m.at(m.ItabOffset + offset))
		itabs = append(itabs, itab)
		offset += itab.size()
	}
	return itabs
}

// at is a place among the module's types. The memory is none of Go's heap.
func (m *ModuleData) at(offset uintptr) unsafe.Pointer {
	return unsafe.Add(*(*unsafe.Pointer)(unsafe.Pointer(&m.Types)), offset)
}

// interfaceMethods is the offset of the number of methods in the descriptor of an interface.
const interfaceMethods = 64

// size is that of an itab, as the linker lays it out: abi.(*ITab).Size.
func (i *Itab) size() uintptr {
	size := unsafe.Sizeof(Itab{})
	if i.Fun[0] == 0 {
		return size
	}
	methods := *(*int)(unsafe.Add(i.Interface, interfaceMethods))
	return size + uintptr(methods-1)*unsafe.Sizeof(uintptr(0))
}

// mapTypeSize is the size of the descriptor of a map.
const mapTypeSize = 136
