package build

import (
	"debug/elf"
	"errors"
	"fmt"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// place makes an image of the Go linker's output: it lays the sections out, and resolves what can be
// resolved before it is known where in the worker the image will lie.
//
// Functions and variables of the worker are at fixed addresses. Type descriptors and itabs are named by
// identity; the worker's own are resolved, the others are resolved when the image is loaded. All else
// is the image's own. The marker that generated code puts before names of functions is taken out of
// the line table.
//
// Functions and variables of libraries are at fixed places in their images.
func (s *step) place(data []byte, types map[string]string, defined []string) (*placer, error) {
	o, err := readRelocatable(data)
	if err != nil {
		return nil, err
	}
	names, err := sharedNames(defined, types)
	if err != nil {
		return nil, err
	}
	if err := o.unmarkFunctions(); err != nil {
		return nil, err
	}
	p := &placer{machine: s.toolchain.machine(), relocatable: o, worker: s.symbols, libraries: s.libraries, missing: s.lenient, foreign: s.foreign, names: names, at: make([]uint64, len(o.sections)), slots: map[target]uint64{}, veneers: map[target]uint64{}}
	if err := p.layOut(); err != nil {
		return nil, err
	}
	if err := p.resolve(); err != nil {
		return nil, err
	}
	return p, p.finish()
}

// A placer is laying out one image.
type placer struct {
	machine *machine
	*relocatable
	worker    *symbolTable
	libraries []*Library
	foreign   *foreign
	missing   bool              // symbols that nobody has are allowed, and at address 0
	names     map[string]string // of shared symbols

	at      []uint64 // of each section in the image; notPlaced if it is left out
	code    []byte
	data    []byte
	zero    uint64
	targets []target // of each symbol

	image image.Image
	slots map[target]uint64 // of the global offset table
	gotAt uint64            // where the table is in the image

	veneers   map[target]uint64 // where they are in the image
	veneersAt uint64            // where the first of them is
}

const notPlaced = ^uint64(0)

// A target is what a symbol stands for.
type target struct {
	kind  targetKind
	value uint64 // an offset in an image, an address, an index
	unit  uint32 // index of the library whose image it is
}

type targetKind uint8

const (
	inImage targetKind = iota
	absolute
	inShared
	inLibrary
	inForeign
	threadLocal
)

// layOut finds a place for each section that is needed at run time: read-only ones in the code,
// writable ones in the data, empty ones behind it. The table of addresses that code refers to has a
// place at the end of the data; how large it will be, the relocations tell beforehand. So it is with
// veneers, at the end of the code.
func (p *placer) layOut() error {
	for i, s := range p.sections {
		p.at[i] = notPlaced
		if s.Flags&elf.SHF_ALLOC != 0 && s.Flags&elf.SHF_WRITE == 0 {
			p.code = align(p.code, s.Addralign)
			p.at[i] = uint64(len(p.code))
			p.code = append(p.code, p.content(i)...)
		}
	}
	if err := p.nameFirst(); err != nil {
		return err
	}
	slots, veneers := p.most()
	p.code = align(p.code, 16)
	p.veneersAt = uint64(len(p.code))
	p.code = append(p.code, make([]byte, p.machine.veneerSize*veneers)...)
	start := p.dataOffset()
	for i, s := range p.sections {
		if writable(s) && s.Type != elf.SHT_NOBITS {
			p.data = align(p.data, s.Addralign)
			p.at[i] = start + uint64(len(p.data))
			p.data = append(p.data, p.content(i)...)
		}
	}
	p.data = align(p.data, 8)
	p.gotAt = start + uint64(len(p.data))
	p.data = append(p.data, make([]byte, 8*slots)...)
	end := start + uint64(len(p.data))
	for i, s := range p.sections {
		if writable(s) && s.Type == elf.SHT_NOBITS {
			end = alignUp(end, s.Addralign)
			p.at[i] = end
			end += s.Size
		}
	}
	p.zero = end - start - uint64(len(p.data))
	return nil
}

// writable reports whether a section belongs into the data. Thread-local data is the worker's, and
// what the initialisers of a shared object do, the loader does.
func writable(s *elf.Section) bool {
	return s.Flags&(elf.SHF_ALLOC|elf.SHF_WRITE) == elf.SHF_ALLOC|elf.SHF_WRITE && s.Flags&elf.SHF_TLS == 0 && s.Type != elf.SHT_INIT_ARRAY
}

func alignUp(n, to uint64) uint64 { return (n + max(to, 1) - 1) &^ (max(to, 1) - 1) }

func align(b []byte, to uint64) []byte {
	return append(b, make([]byte, alignUp(uint64(len(b)), to)-uint64(len(b)))...)
}

// most is how many slots the table of addresses may get, and how many veneers there may be.
func (p *placer) most() (slots, veneers int) {
	inTable, far := map[uint32]bool{}, map[uint32]bool{}
	for _, s := range p.sections {
		if s.Type != elf.SHT_RELA {
			continue
		}
		_ = p.eachRelocation(s, func(r relocation) error {
			switch kind := p.machine.relocations[r.typ]; {
			case kind.table:
				inTable[r.symbol] = true
			case kind.near && order.Uint16(p.symbols[r.symbol*elfSymbolSize+6:]) == uint16(elf.SHN_UNDEF):
				far[r.symbol] = true
			}
			return nil
		})
	}
	return len(inTable) + len(far), len(far)
}

// resolve applies the relocations of all sections that have a place.
func (p *placer) resolve() error {
	if err := p.findTargets(); err != nil {
		return err
	}
	for _, s := range p.sections {
		if s.Type != elf.SHT_RELA || p.at[s.Info] == notPlaced {
			continue
		}
		err := p.eachRelocation(s, func(r relocation) error {
			r.at += p.at[s.Info]
			if err := p.relocate(r); err != nil {
				return fmt.Errorf("%s of %s in %s: %w", p.machine.relocationName(r.typ), p.symbolName(p.symbols[r.symbol*elfSymbolSize:]), s.Name, err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// findTargets finds what each symbol stands for.
func (p *placer) findTargets() error {
	var missing []error
	for e := p.symbols; len(e) > 0; e = e[elfSymbolSize:] {
		t, err := p.target(e)
		if err != nil {
			missing = append(missing, err)
		}
		p.targets = append(p.targets, t)
	}
	return errors.Join(missing...)
}

func (p *placer) target(e []byte) (target, error) {
	name, section, value := p.symbolName(e), order.Uint16(e[6:]), order.Uint64(e[8:])
	switch {
	case elf.ST_TYPE(e[4]) == elf.STT_TLS:
		return target{kind: threadLocal}, nil
	case name == "runtime.addmoduledata.abi0":
		// The linker lists it as the module's last function, for it expects the runtime to be part of
		// a plugin. The module's end is taken from where it would be.
		text, err := p.section(".text")
		return target{kind: inImage, value: p.at[text] + value}, err
	case section == uint16(elf.SHN_UNDEF):
		return p.undefined(name)
	case section == uint16(elf.SHN_ABS):
		return target{kind: absolute, value: value}, nil
	case int(section) >= len(p.at):
		return target{}, fmt.Errorf("symbol %s is in no section", name)
	}
	own := p.at[section] + value
	switch {
	case elf.ST_BIND(e[4]) == elf.STB_GLOBAL && isShared(name):
		return p.sharedTarget(name, own), nil
	case isFingerprint(name):
		if t, ok := p.held(name); ok {
			return t, nil
		}
	}
	return target{kind: inImage, value: own}, nil
}

// undefined finds a symbol of the worker or of a library.
func (p *placer) undefined(name string) (target, error) {
	if name == "" || name == stubHash {
		return target{}, nil // nothing that is placed refers to them
	}
	if p.foreign != nil && p.foreign.imports.has(name) {
		p.image.Externs = append(p.image.Externs, name)
		return target{kind: inForeign, value: uint64(len(p.image.Externs) - 1)}, nil
	}
	t, ok := p.held(name)
	switch {
	case ok && t.kind == inLibrary && isShared(name):
		// Not the library's own: another unit may have brought it before.
		return p.sharedTarget(name, image.None), nil
	case ok || p.missing:
		return t, nil
	}
	return target{}, &UndefinedError{Symbol: name}
}

// held finds what the worker or a library has. Functions of shared libraries are referred to with a
// suffix that a program does not export.
func (p *placer) held(name string) (target, bool) {
	if index, ok := p.worker.lookup(strings.TrimSuffix(name, internalSuffix)); ok {
		return target{kind: absolute, value: p.worker.definition(index).value}, true
	}
	for i, l := range p.libraries {
		if e, ok := l.exports.lookup(name); ok {
			return target{kind: inLibrary, value: uint64(e.offset), unit: uint32(i)}, true
		}
	}
	return target{kind: absolute}, false
}

// An UndefinedError says that a unit needs what the worker does not hold.
type UndefinedError struct{ Symbol string }

func (e *UndefinedError) Error() string { return "the worker does not hold " + e.Symbol }

// allTypes is the name of the place where a module's type descriptors begin.
const allTypes = "type:*"

// isShared reports whether a symbol is one for all units.
func isShared(name string) bool {
	if name == allTypes {
		return false
	}
	return strings.HasPrefix(name, "type:") && !strings.HasPrefix(name, "type:.") || strings.HasPrefix(name, "go:itab.")
}

// isFingerprint reports whether a symbol is the fingerprint of a package: that of the worker is compared
// with the one that the unit was compiled against.
func isFingerprint(name string) bool {
	return strings.HasPrefix(name, "go:link.pkghash.") && name != "go:link.pkghash.main"
}

func (p *placer) sharedTarget(name string, own uint64) target {
	s := image.Shared{Name: name, Itab: strings.HasPrefix(name, "go:itab."), Offset: own}
	if identity, ok := p.names[name]; ok {
		s.Name = identity
	}
	if index, ok := p.worker.lookup(name); ok && s.Name == name {
		s.Address = p.worker.definition(index).value
	}
	index := uint32(len(p.image.Shared))
	p.image.Shared = append(p.image.Shared, s)
	if s.Address != 0 {
		return target{kind: absolute, value: s.Address}
	}
	return target{kind: inShared, value: uint64(index)}
}

func (p *placer) relocate(r relocation) error {
	kind, ok := p.machine.relocations[r.typ]
	if !ok {
		return errors.New("relocation of a kind that no unit had so far")
	}
	return kind.apply(p, r.at, p.targets[r.symbol], r.addend)
}

// bytes is a place in the image.
func (p *placer) bytes(at uint64) []byte {
	if at < uint64(len(p.code)) {
		return p.code[at:]
	}
	return p.data[at-p.dataOffset():]
}

// dataOffset is where the data begins in the image.
func (p *placer) dataOffset() uint64 {
	return (&image.Image{Page: p.machine.page, Code: p.code}).DataOffset()
}

// pointer writes an address of 64 bits.
func (p *placer) pointer(at uint64, t target, addend int64) error {
	switch t.kind {
	case inImage:
		p.load(image.Relocation{Offset: at, Addend: int64(t.value) + addend, Kind: image.Base})
	case absolute:
		order.PutUint64(p.bytes(at), t.value+uint64(addend))
	case inShared:
		p.load(image.Relocation{Offset: at, Addend: addend, Index: uint32(t.value), Kind: image.ToShared})
	case inLibrary:
		p.load(image.Relocation{Offset: at, Addend: int64(t.value) + addend, Index: t.unit, Kind: image.ToUnit})
	case inForeign:
		p.load(image.Relocation{Offset: at, Addend: addend, Index: uint32(t.value), Kind: image.ToExtern})
	case threadLocal:
		order.PutUint64(p.bytes(at), uint64(p.worker.threadOffset))
	}
	return nil
}

// load leaves a relocation to the loader.
func (p *placer) load(r image.Relocation) { p.image.Relocations = append(p.image.Relocations, r) }

// relative writes a distance of 32 bits.
func (p *placer) relative(at uint64, t target, addend int64) error {
	switch t.kind {
	case inImage:
		order.PutUint32(p.bytes(at), uint32(int64(t.value)+addend-int64(at)))
	case absolute:
		p.load(image.Relocation{Offset: at, Addend: int64(t.value) + addend, Kind: image.Relative})
	case inLibrary:
		p.load(image.Relocation{Offset: at, Addend: int64(t.value) + addend, Index: t.unit, Kind: image.RelativeToUnit})
	default:
		return errors.New("distance to something that may be anywhere")
	}
	return nil
}

// slot is where the table of addresses has that of a target.
func (p *placer) slot(t target) (uint64, error) {
	slot, ok := p.slots[t]
	if ok {
		return slot, nil
	}
	slot = p.gotAt + 8*uint64(len(p.slots))
	p.slots[t] = slot
	return slot, p.pointer(slot, t, 0)
}

// finish notes where the module's data is, and takes out the check of the stub's hash: the fingerprints
// of the packages are what counts.
func (p *placer) finish() error {
	module, err := p.section(".go.module")
	if err != nil {
		return err
	}
	p.image.Page, p.image.Code, p.image.Data, p.image.Zero, p.image.Module = p.machine.page, p.code, p.data, p.zero, p.at[module]
	for _, l := range p.libraries {
		p.image.Units = append(p.image.Units, l.ID)
	}
	rela, err := p.section(".rela.go.module")
	if err != nil {
		return err
	}
	check := p.relocation(rela, "go:link.abihashes")
	if check == nil {
		return errors.New("the linker's output has changed: the module does not check the stub's hash")
	}
	slice := p.at[module] + order.Uint64(check)
	clear(p.bytes(slice)[8:24])
	return nil
}
