package build

import (
	"debug/elf"
	"fmt"
	"strings"
)

// A machine is what is special in linking for one kind of processor. It is that of the toolchain's target,
// not the one that this program runs on.
type machine struct {
	elf     elf.Machine
	page    uint64 // what the data of images is aligned to: a multiple of all sizes of pages that systems have
	pointer uint32 // the relocation that is an address of 64 bits

	relocations map[uint32]relocationKind // that the Go linker writes

	// veneerSize is the size of a veneer: code in the image that jumps to what calls do not reach. It is
	// 0 where they reach all.
	veneerSize int

	// threadOffset is where a variable of a program's thread-local data lies, from the thread's pointer.
	threadOffset func(data *elf.Prog, value uint64) int64

	refer string                   // in Go's assembler: refers to a symbol, whose name is %s
	jump  func(slot string) string // in the system's: jumps to the address that lies at a slot
}

// relocationName is what a type of relocations is called.
func (m *machine) relocationName(typ uint32) string {
	if kind, ok := m.relocations[typ]; ok {
		return kind.name
	}
	return fmt.Sprintf("relocation %d", typ)
}

// A relocationKind is what is done for relocations of one type.
type relocationKind struct {
	name  string
	table bool // it is about a slot of the table of addresses
	near  bool // it may need a veneer
	apply func(p *placer, at uint64, t target, addend int64) error
}

// named gives relocations the names that package elf has for them.
func named[T interface {
	~int
	fmt.Stringer
}](kinds map[T]relocationKind) map[uint32]relocationKind {
	all := map[uint32]relocationKind{}
	for typ, kind := range kinds {
		kind.name = typ.String()
		all[uint32(typ)] = kind
	}
	return all
}

// machines are those that cells are linked for, by their names in GOARCH.
var machines = map[string]*machine{"amd64": amd64, "arm64": arm64}

// A MachineError says that cells cannot be linked for a kind of processor.
type MachineError struct{ Arch string }

func (e *MachineError) Error() string {
	return fmt.Sprintf("cells cannot be linked for %s so far, only for %s", e.Arch, strings.Join(sortedKeys(machines), " and "))
}

// machine is the toolchain's target; nil if cells cannot be linked for it.
func (t *Toolchain) machine() *machine { return machines[t.Arch] }
