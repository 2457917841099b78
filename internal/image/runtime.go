package image

import (
	"go/version"
	"unsafe"
)

// What follows is how the Go runtime describes code and types; files with a version of Go in their names have what
// that has changed. The front compares it with the descriptors in the worker before it trusts it.

// ModuleSize is the size of a ModuleData in programs that a version of Go has made, such as go1.26.8.
func ModuleSize(goVersion string) uint64 {
	if version.Compare(goVersion, "go1.27") < 0 {
		return 592
	}
	return 568
}

// Tables is what a module's description begins with, in all versions: its functions, and where its parts are.
type Tables struct {
	PCHeader              unsafe.Pointer
	FuncNames             []byte
	CUs                   []uint32
	Files                 []byte
	PCTable               []byte
	PCLines               []byte
	Functions             []FuncEntry
	FindFunc              uintptr
	MinPC, MaxPC          uintptr
	Text, EText           uintptr
	NoPtrData, ENoPtrData uintptr
	Data, EData           uintptr
	BSS, EBSS             uintptr
	NoPtrBSS, ENoPtrBSS   uintptr
	CovCtrs, ECovCtrs     uintptr
	End, GCData, GCBSS    uintptr
}

// A FuncEntry is a row of the table of functions.
type FuncEntry struct{ Entry, Func uint32 }

// A TextSection is a piece of a text that was split.
type TextSection struct{ VAddr, End, Base uintptr }

// An Export is a symbol that plugin.Lookup finds.
type Export struct{ Name, Type int32 }

// A ModuleHash is the fingerprint of a package: as a module was linked with it, and as it is.
type ModuleHash struct {
	Package  string
	LinkTime string
	RunTime  *string
}

// A Bitvector says which words are pointers.
type Bitvector struct {
	N    int32
	Data *uint8
}

// An Itab is the table of an interface's methods for one type: abi.ITab.
type Itab struct {
	Interface, Type unsafe.Pointer
	Hash            uint32
	Fun             [1]uintptr
}

// Offsets in a type descriptor, abi.Type.
const (
	TypeHash = 16 // of 32 bits

	typeTFlag    = 20
	typeKind     = 23
	typeSize     = 48
	uncommonFlag = 1
	declaredFlag = 4
)

// kindSizes are the sizes of the descriptors of those kinds that have more than the common part.
var kindSizes = map[byte]uintptr{
	17: 72, // array
	18: 64, // chan
	19: 56, // func
	20: 80, // interface
	21: mapTypeSize,
	22: 56, // pointer
	23: 56, // slice
	25: 80, // struct
}

// A Method is a row of a type's table of methods: abi.Method. The last two are the distances of the
// functions from the begin of the text of the module that has the descriptor: the one that interfaces
// call, and the one with the type's own receiver.
type Method struct {
	Name, Type int32
	Ifn, Tfn   uint32
}

// IsDeclared reports whether a type descriptor is that of a type with a name.
func IsDeclared(descriptor unsafe.Pointer) bool {
	return *(*byte)(unsafe.Add(descriptor, typeTFlag))&declaredFlag != 0
}

// Unreachable stands for a method that the linker has left out.
const Unreachable = 1<<32 - 1

// Methods is the table of methods of a type descriptor; nil if the type has none.
func Methods(descriptor unsafe.Pointer) []Method {
	at := func(offset uintptr) unsafe.Pointer { return unsafe.Add(descriptor, offset) }
	if *(*byte)(at(typeTFlag))&uncommonFlag == 0 {
		return nil
	}
	size := uintptr(typeSize)
	if s, ok := kindSizes[*(*byte)(at(typeKind))&31]; ok {
		size = s
	}
	uncommon := at(size)
	count := *(*uint16)(unsafe.Add(uncommon, 4))
	offset := *(*uint32)(unsafe.Add(uncommon, 8))
	return unsafe.Slice((*Method)(unsafe.Add(uncommon, offset)), count)
}
