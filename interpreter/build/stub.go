package build

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/base64"
	"strings"
)

// stubName is the file name of every stub; the linker derives a symbol from it.
const stubName = "libworker.so"

const stubHash = "go:link.abihash." + stubName

// askedFor are the symbols that the Go linker asks for whether a unit refers to them or not. Those
// that the worker does not export are listed as if it did: the linker drops them again.
var askedFor = []reference{{"type:runtime.moduledata", false}, {"runtime.lastmoduledatap", false}, {"runtime.mapinitnoop", true}, {"runtime.unreachableMethod", true}}

// A holder is what code is linked against: the worker, or a library.
type holder interface {
	// find finds what a reference is to. The definition's name says how the linker has to take it.
	find(r reference) (definition, bool)
	// descriptor is the content of a type.
	descriptor(d definition) descriptor
}

// Suffixes in names of functions: of the two calling conventions.
const (
	internalSuffix = ".abiinternal"
	assemblySuffix = ".abi0"
)

// A descriptor is what the linker may want to know of a type.
type descriptor struct {
	content []byte
	mask    []byte // where in a value pointers are; nil if that is calculated at run time
	leads   []lead
}

// A lead is a place in a descriptor that points to another type.
type lead struct {
	offset uint64
	name   string
}

// maskSize is the size of the pointer mask of a type.
func maskSize(content []byte) uint64 {
	if len(content) < typeGCData+8 || content[typeTFlag]&gcMaskOnDemand != 0 {
		return 0
	}
	return (order.Uint64(content[typePtrBytes:])/8 + 7) / 8
}

// A stub is being made: an ELF file that `go tool link -linkshared` takes for a Go shared library.
// It has the symbols that one unit refers to, and of type descriptors also the content and all
// types that they lead to: the linker looks for the pointers in static variables that way. What a
// symbol's address is, does not matter, for what is linked is placed by name.
type stub struct {
	machine *machine
	holders []holder
	names   []byte
	symbols []byte
	rela    []byte
	types   []byte // contents of type descriptors and of their pointer masks
	taken   map[string]uint32
}

// typesAddress is where the section of the types is said to be.
const typesAddress = 0x1000

const aFunction, anObject = byte(elf.STB_GLOBAL)<<4 | byte(elf.STT_FUNC), byte(elf.STB_GLOBAL)<<4 | byte(elf.STT_OBJECT)

// newStub makes a stub for code that refers to the given symbols, and pretends that there are some
// that are missing.
func newStub(m *machine, holders []holder, references, missing []reference) []byte {
	s := &stub{machine: m, holders: holders, names: []byte{0}, symbols: make([]byte, elfSymbolSize), taken: map[string]uint32{}}
	for _, r := range references {
		s.take(r)
	}
	for _, list := range [][]reference{askedFor, missing} {
		for _, r := range list {
			if _, ok := s.take(r); !ok {
				s.put(r.linkName(), aFunction, 0, 16)
			}
		}
	}
	s.put("runtime.addmoduledata"+assemblySuffix, aFunction, 0, 16)
	s.put(stubHash, anObject, 0, 16)
	return s.file()
}

// take puts what a reference is to into the stub, if it is held, and returns its index there.
func (s *stub) take(r reference) (index uint32, ok bool) {
	for _, h := range s.holders {
		if d, ok := h.find(r); ok {
			return s.takeFrom(h, d), true
		}
	}
	return 0, false
}

// linkName is what the Go linker calls what a reference is to.
func (r reference) linkName() string {
	if r.internal {
		return r.name + internalSuffix
	}
	return r.name
}

func (s *stub) takeFrom(h holder, d definition) uint32 {
	if i, ok := s.taken[d.name]; ok {
		return i
	}
	if !strings.HasPrefix(d.name, "type:") || d.isFunction() {
		return s.put(d.name, d.info, 0, d.size)
	}
	t := h.descriptor(d)
	address := s.add(t.content)
	i := s.put(d.name, d.info, address, d.size)
	if !strings.HasPrefix(d.name, "type:.") {
		s.follow(t, address)
	}
	return i
}

// put adds a symbol of the section of types.
func (s *stub) put(name string, info byte, value, size uint64) uint32 {
	e := order.AppendUint32(nil, uint32(len(s.names)))
	e = append(e, info, 0)
	e = order.AppendUint16(e, typesSection)
	e = order.AppendUint64(e, value)
	e = order.AppendUint64(e, size)
	s.symbols = append(s.symbols, e...)
	s.names = append(append(s.names, name...), 0)
	i := uint32(len(s.symbols)/elfSymbolSize) - 1
	s.taken[name] = i
	return i
}

// add appends content to the section of types and returns its address.
func (s *stub) add(content []byte) uint64 {
	for len(s.types)%8 != 0 {
		s.types = append(s.types, 0)
	}
	address := typesAddress + uint64(len(s.types))
	s.types = append(s.types, content...)
	return address
}

// Offsets in a type descriptor: internal/abi.Type.
const (
	typePtrBytes = 8
	typeTFlag    = 20
	typeGCData   = 32

	gcMaskOnDemand = 1 << 4 // TFlagGCMaskOnDemand
)

// follow adds the types that a descriptor points to, with relocations that say so, and its pointer mask.
func (s *stub) follow(t descriptor, address uint64) {
	for _, l := range t.leads {
		if i, ok := s.take(reference{name: l.name}); ok {
			s.rela = order.AppendUint64(s.rela, address+l.offset)
			s.rela = order.AppendUint64(s.rela, uint64(i)<<32|uint64(s.machine.pointer))
			s.rela = order.AppendUint64(s.rela, 0)
		}
	}
	if t.mask != nil {
		mask := s.add(t.mask)
		order.PutUint64(s.types[address-typesAddress+typeGCData:], mask)
	}
}

// Sections of a stub.
const (
	_ = iota
	typesSection
	symbolsSection
	namesSection
	relaSection
	hashSection
	depsSection
	stubSections
)

func (s *stub) file() []byte {
	const headerSize, sectionSize = 64, 64
	out := make([]byte, headerSize)
	headers := make([]byte, sectionSize*stubSections)
	section := func(i int, typ elf.SectionType, data []byte) []byte {
		for len(out)%16 != 0 {
			out = append(out, 0)
		}
		h := headers[i*sectionSize:]
		order.PutUint32(h[4:], uint32(typ))
		order.PutUint64(h[24:], uint64(len(out)))
		order.PutUint64(h[32:], uint64(len(data)))
		order.PutUint64(h[48:], 8)
		out = append(out, data...)
		return h
	}
	h := section(typesSection, elf.SHT_PROGBITS, s.types)
	order.PutUint64(h[8:], uint64(elf.SHF_ALLOC))
	order.PutUint64(h[16:], typesAddress)
	h = section(symbolsSection, elf.SHT_DYNSYM, s.symbols)
	order.PutUint32(h[40:], namesSection)
	order.PutUint64(h[56:], elfSymbolSize)
	section(namesSection, elf.SHT_STRTAB, s.names)
	h = section(relaSection, elf.SHT_RELA, s.rela)
	order.PutUint32(h[40:], symbolsSection)
	order.PutUint64(h[56:], 24)
	section(hashSection, elf.SHT_NOTE, note(2, make([]byte, 20)))
	section(depsSection, elf.SHT_NOTE, note(3, nil))

	copy(out, "\x7fELF\x02\x01\x01")
	order.PutUint16(out[16:], uint16(elf.ET_DYN))
	order.PutUint16(out[18:], uint16(s.machine.elf))
	order.PutUint32(out[20:], 1)
	order.PutUint64(out[40:], uint64(len(out)))
	order.PutUint16(out[52:], headerSize)
	order.PutUint16(out[58:], sectionSize)
	order.PutUint16(out[60:], stubSections)
	order.PutUint16(out[62:], namesSection)
	return append(out, headers...)
}

// note is an ELF note of Go's: 2 is the ABI hash, 3 the list of libraries that this one needs.
func note(tag uint32, data []byte) []byte {
	b := order.AppendUint32(nil, 4)
	b = order.AppendUint32(b, uint32(len(data)))
	b = order.AppendUint32(b, tag)
	b = append(b, "Go\x00\x00"...)
	return append(b, data...)
}

// mangle gives the name under which the linker exports a long type name: typeSymbolMangle in
// cmd/link/internal/ld, Sum32 in cmd/internal/hash.
func mangle(name string) string {
	t, isType := strings.CutPrefix(name, "type:")
	if !isType || strings.HasPrefix(t, "runtime.") || len(name) <= 14 && !strings.Contains(name, "@") {
		return name
	}
	sum := sha256.Sum256([]byte(t))
	sum[0] ^= 0xff
	prefix := "type:"
	if strings.HasPrefix(t, ".") {
		prefix = "type:."
	}
	return prefix + base64.StdEncoding.EncodeToString(sum[:6])
}
