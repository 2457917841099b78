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

// needed are the symbols that the Go linker asks for whether a unit refers to them or not. Those
// that the worker does not export are listed as if it did: the linker drops them again.
var needed = []string{"type:runtime.moduledata", "runtime.lastmoduledatap", "runtime.mapinitnoop", "runtime.unreachableMethod", "runtime.addmoduledata"}

// A stub is being made: an ELF file that `go tool link -linkshared` takes for a Go shared library.
// It has the symbols that one unit refers to, and of type descriptors also the content and all
// types that they lead to: the linker looks for the pointers in static variables that way. What a
// symbol's address is, does not matter, for the dynamic loader finds it by name.
type stub struct {
	worker  *symbolTable
	names   []byte
	symbols []byte
	rela    []byte
	types   []byte // contents of type descriptors and of their pointer masks
	taken   map[uint32]uint32
}

// typesAddress is where the section of the types is said to be.
const typesAddress = 0x1000

// newStub makes a stub for a unit that refers to the given names.
func newStub(worker *symbolTable, names []string) []byte {
	s := &stub{worker: worker, names: []byte{0}, symbols: make([]byte, elfSymbolSize), taken: map[uint32]uint32{}}
	for _, list := range [][]string{names, needed} {
		for _, name := range list {
			if index, ok := worker.find(name); ok {
				s.take(index)
			}
		}
	}
	for _, name := range needed {
		if _, ok := worker.find(name); !ok {
			s.put(name+".abiinternal", byte(elf.STB_GLOBAL)<<4|byte(elf.STT_FUNC), 0, 16)
		}
	}
	s.put("runtime.addmoduledata.abi0", byte(elf.STB_GLOBAL)<<4|byte(elf.STT_FUNC), 0, 16)
	s.put(stubHash, byte(elf.STB_GLOBAL)<<4|byte(elf.STT_OBJECT), 0, 16)
	return s.file()
}

// take puts a symbol of the worker into the stub, and returns its index there.
func (s *stub) take(index uint32) uint32 {
	if i, ok := s.taken[index]; ok {
		return i
	}
	d := s.worker.definition(index)
	isType := strings.HasPrefix(d.name, "type:") && elf.ST_TYPE(d.info) != elf.STT_FUNC
	if elf.ST_TYPE(d.info) == elf.STT_FUNC && !strings.HasSuffix(d.name, ".abi0") && !strings.HasPrefix(d.name, "type:") {
		// A program exports a function under its plain name, and means ABIInternal by it;
		// the linker reads a plain name in a shared library as ABI0.
		d.name += ".abiinternal"
	}
	value := uint64(0)
	content := []byte(nil)
	if isType {
		content = s.worker.data(d)
		value = s.add(content)
	}
	i := s.put(d.name, d.info, value, d.size)
	s.taken[index] = i
	if isType && !strings.HasPrefix(d.name, "type:.") {
		s.follow(content, value)
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
	return uint32(len(s.symbols)/elfSymbolSize) - 1
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
func (s *stub) follow(content []byte, address uint64) {
	at := func(offset int) []byte { return s.types[address-typesAddress+uint64(offset):] }
	for o := 0; o+8 <= len(content); o += 8 {
		if target, ok := s.worker.typeAt(order.Uint64(content[o:])); ok && o != typeGCData {
			i := s.take(target)
			s.rela = order.AppendUint64(s.rela, address+uint64(o))
			s.rela = order.AppendUint64(s.rela, uint64(i)<<32|uint64(elf.R_X86_64_64))
			s.rela = order.AppendUint64(s.rela, 0)
		}
	}
	if len(content) < typeGCData+8 || content[typeTFlag]&gcMaskOnDemand != 0 {
		return
	}
	bits := order.Uint64(content[typePtrBytes:]) / 8
	if mask := s.worker.at(order.Uint64(content[typeGCData:]), (bits+7)/8); mask != nil {
		mask := s.add(mask)
		order.PutUint64(at(typeGCData), mask)
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
	order.PutUint16(out[18:], uint16(elf.EM_X86_64))
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
