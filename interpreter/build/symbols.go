package build

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"syscall"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

var order = binary.LittleEndian

// A symbolTable looks up what a program exports, in the program's own file: the file is mapped and
// its hash table is used, as the dynamic loader does it. Reading the 63,000 symbols of the worker
// into a map would take 30 ms at each start, and 10 MB.
//
// It may be used from several goroutines.
type symbolTable struct {
	file     []byte // mapped
	sections []elf.SectionHeader
	symbols  []byte // .dynsym
	names    []byte // .dynstr

	bloom   []uint64
	shift   uint32
	buckets []byte
	chain   []byte
	first   uint32 // index of the first symbol in the hash table

	types []addressedType // by address

	// threadOffset is where a thread keeps its goroutine, from the thread's pointer.
	threadOffset int64
}

// An addressedType is a type descriptor's place.
type addressedType struct {
	address uint64
	index   uint32
}

// A definition is a symbol that the program holds.
type definition struct {
	name    string
	info    byte
	section uint16
	value   uint64
	size    uint64
}

// isFunction reports whether it is code.
func (d definition) isFunction() bool { return elf.ST_TYPE(d.info) == elf.STT_FUNC }

const elfSymbolSize = 24

// openSymbols maps a program that is loaded at a fixed address, so that the pointers between its
// type descriptors stand in the file. The toolchain is the one that made it.
func openSymbols(path string, tools *Toolchain) (*symbolTable, error) {
	data, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	t, err := newSymbolTable(data, tools)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("reading the symbols of %s: %w", path, err), syscall.Munmap(data))
	}
	return t, nil
}

func newSymbolTable(data []byte, tools *Toolchain) (*symbolTable, error) {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if f.Class != elf.ELFCLASS64 || f.Data != elf.ELFDATA2LSB || f.Type != elf.ET_EXEC {
		return nil, fmt.Errorf("a %v %v %v file, not a 64-bit program at a fixed address", f.Class, f.Data, f.Type)
	}
	t := &symbolTable{file: data}
	for _, s := range f.Sections {
		t.sections = append(t.sections, s.SectionHeader)
	}
	content := func(typ elf.SectionType) ([]byte, int) {
		for _, s := range t.sections {
			if s.Type == typ && s.Offset+s.Size <= uint64(len(data)) {
				return data[s.Offset : s.Offset+s.Size], int(s.Link)
			}
		}
		return nil, 0
	}
	var link int
	t.symbols, link = content(elf.SHT_DYNSYM)
	hash, _ := content(elf.SHT_GNU_HASH)
	if t.symbols == nil || hash == nil || link >= len(t.sections) {
		return nil, errors.New("no dynamic symbols, or no hash table of them")
	}
	s := t.sections[link]
	t.names = data[s.Offset : s.Offset+s.Size]
	if err := t.readHash(hash); err != nil {
		return nil, err
	}
	t.findTypes()
	return t, errors.Join(t.findThreadOffset(f, tools.machine()), t.checkModule(tools.Version))
}

// checkModule compares what the loader takes for the runtime's description of a module with what it is.
func (t *symbolTable) checkModule(goVersion string) error {
	expected := image.ModuleSize(goVersion)
	index, ok := t.lookup("runtime.firstmoduledata")
	if !ok {
		return errors.New("it has no runtime.firstmoduledata")
	}
	if size := t.definition(index).size; size != expected {
		return fmt.Errorf("its runtime describes a module in %d bytes and not in %d", size, expected)
	}
	return nil
}

// findThreadOffset reads where the program's thread-local data lies, from the thread's pointer.
func (t *symbolTable) findThreadOffset(f *elf.File, m *machine) error {
	index, ok := t.lookup("runtime.tlsg")
	for _, p := range f.Progs {
		if p.Type == elf.PT_TLS && ok {
			t.threadOffset = m.threadOffset(p, t.definition(index).value)
			return nil
		}
	}
	return errors.New("no thread-local data, or no runtime.tlsg in it")
}

func (t *symbolTable) close() error { return syscall.Munmap(t.file) }

// readHash finds the parts of a .gnu.hash section: numbers of buckets, first symbol, size of the
// Bloom filter, its shift; the filter, the buckets, the chains.
func (t *symbolTable) readHash(hash []byte) error {
	if len(hash) < 16 {
		return errors.New("short hash table")
	}
	buckets, bloom := int(order.Uint32(hash)), int(order.Uint32(hash[8:]))
	t.first, t.shift = order.Uint32(hash[4:]), order.Uint32(hash[12:])
	rest := hash[16:]
	if buckets == 0 || bloom == 0 || len(rest) < 8*bloom+4*buckets {
		return errors.New("broken hash table")
	}
	for i := range bloom {
		t.bloom = append(t.bloom, order.Uint64(rest[8*i:]))
	}
	t.buckets = rest[8*bloom : 8*bloom+4*buckets]
	t.chain = rest[8*bloom+4*buckets:]
	return nil
}

// lookup finds a symbol by name.
func (t *symbolTable) lookup(name string) (index uint32, ok bool) {
	h := uint32(5381)
	for i := range len(name) {
		h = h*33 + uint32(name[i])
	}
	word := t.bloom[h/64%uint32(len(t.bloom))]
	if word>>(h%64)&1 == 0 || word>>(h>>t.shift%64)&1 == 0 {
		return 0, false
	}
	index = order.Uint32(t.buckets[4*(h%uint32(len(t.buckets)/4)):])
	if index < t.first {
		return 0, false
	}
	for ; ; index++ {
		entry := order.Uint32(t.chain[4*(index-t.first):])
		if entry|1 == h|1 && t.name(index) == name {
			return index, true
		}
		if entry&1 != 0 {
			return 0, false
		}
	}
}

func (t *symbolTable) name(index uint32) string {
	name := t.names[order.Uint32(t.symbols[index*elfSymbolSize:]):]
	return string(name[:bytes.IndexByte(name, 0)])
}

func (t *symbolTable) definition(index uint32) definition {
	e := t.symbols[index*elfSymbolSize:]
	return definition{name: t.name(index), info: e[4], section: order.Uint16(e[6:]), value: order.Uint64(e[8:]), size: order.Uint64(e[16:])}
}

// data is the content of a symbol, or nil if it has none in the file.
func (t *symbolTable) data(d definition) []byte {
	if int(d.section) >= len(t.sections) {
		return nil
	}
	return t.at(d.value, d.size)
}

// at is the content of a range of addresses, or nil if the file has none for it.
func (t *symbolTable) at(address, size uint64) []byte {
	for _, s := range t.sections {
		if s.Flags&elf.SHF_ALLOC != 0 && s.Type != elf.SHT_NOBITS && s.Addr <= address && address+size <= s.Addr+s.Size {
			offset := s.Offset + address - s.Addr
			return t.file[offset : offset+size]
		}
	}
	return nil
}

func (t *symbolTable) findTypes() {
	for i := range uint32(len(t.symbols) / elfSymbolSize) {
		e := t.symbols[i*elfSymbolSize:]
		if order.Uint16(e[6:]) == 0 || !bytes.HasPrefix(t.names[order.Uint32(e):], []byte("type:")) {
			continue
		}
		if t.name(i) == allTypes { // where the first of them is
			continue
		}
		t.types = append(t.types, addressedType{order.Uint64(e[8:]), i})
	}
	slices.SortFunc(t.types, func(a, b addressedType) int {
		switch {
		case a.address < b.address:
			return -1
		case a.address > b.address:
			return 1
		}
		return 0
	})
}

// typeAt finds the type descriptor that begins at an address.
func (t *symbolTable) typeAt(address uint64) (index uint32, ok bool) {
	i, ok := slices.BinarySearchFunc(t.types, address, func(a addressedType, address uint64) int {
		switch {
		case a.address < address:
			return -1
		case a.address > address:
			return 1
		}
		return 0
	})
	if !ok {
		return 0, false
	}
	return t.types[i].index, true
}

// find finds what a reference is to. A program exports a function of Go's own calling convention under
// its plain name, one of the assembler's with the suffix .abi0 if there are both; a type under a
// mangled name.
func (t *symbolTable) find(r reference) (definition, bool) {
	index, ok := t.index(r)
	if !ok {
		return definition{}, false
	}
	d := t.definition(index)
	if r.internal && d.isFunction() && !strings.HasPrefix(d.name, "type:") {
		d.name += internalSuffix // the linker takes a plain name in a shared library for the assembler's
	}
	return d, true
}

func (t *symbolTable) index(r reference) (uint32, bool) {
	if !r.internal {
		if index, ok := t.lookup(r.name + assemblySuffix); ok {
			return index, true
		}
	}
	if index, ok := t.lookup(r.name); ok || !strings.HasPrefix(r.name, "type:") {
		return index, ok
	}
	return t.lookup(mangle(r.name))
}

// descriptor is what stands in the file for a type. In a program at a fixed address the ways from type
// to type are plain addresses.
func (t *symbolTable) descriptor(d definition) descriptor {
	content := t.data(d)
	r := descriptor{content: content}
	for o := 0; o+8 <= len(content); o += 8 {
		if target, ok := t.typeAt(order.Uint64(content[o:])); ok && o != typeGCData {
			r.leads = append(r.leads, lead{uint64(o), t.name(target)})
		}
	}
	if size := maskSize(content); size > 0 {
		r.mask = t.at(order.Uint64(content[typeGCData:]), size)
	}
	return r
}
