package build

import (
	"bytes"
	"cmp"
	"debug/elf"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"
	"syscall"
)

// An exportTable looks up what a library exports, in a file that is mapped: a large library has tens of
// thousands of symbols, and a cell refers to a few.
//
// The file: a magic string, the number of symbols, a record of a fixed size for each, sorted by name,
// and then the texts and contents that the records refer to, by their place in the file and their length.
//
// It may be used from several goroutines.
type exportTable struct {
	file  []byte // mapped
	count int
}

const exportMagic = "gopylib1"

// A span is a part of the file.
type span struct{ at, size uint32 }

// An exportRecord is what the file has of one symbol.
type exportRecord struct {
	name    span
	offset  uint32 // in the image
	size    uint32
	info    uint32 // as in ELF
	content span   // of a type
	mask    span
	leads   span // pairs of an offset and the span of a name
}

const exportRecordSize, leadSize = 4 * 11, 4 * 3

func (r exportRecord) append(b []byte) []byte {
	for _, n := range []uint32{r.name.at, r.name.size, r.offset, r.size, r.info, r.content.at, r.content.size, r.mask.at, r.mask.size, r.leads.at, r.leads.size} {
		b = order.AppendUint32(b, n)
	}
	return b
}

func openExports(path string) (*exportTable, error) {
	data, err := mapFile(path)
	if err != nil {
		return nil, err
	}
	t := &exportTable{file: data}
	if !bytes.HasPrefix(data, []byte(exportMagic)) || len(data) < len(exportMagic)+4 {
		return nil, errors.Join(fmt.Errorf("%s has no list of symbols", path), syscall.Munmap(data))
	}
	t.count = int(order.Uint32(data[len(exportMagic):]))
	return t, nil
}

func (t *exportTable) close() error { return syscall.Munmap(t.file) }

func (t *exportTable) record(i int) exportRecord {
	at := len(exportMagic) + 4 + i*exportRecordSize
	word := func(n int) uint32 { return order.Uint32(t.file[at+4*n:]) }
	return exportRecord{
		name: span{word(0), word(1)}, offset: word(2), size: word(3), info: word(4),
		content: span{word(5), word(6)}, mask: span{word(7), word(8)}, leads: span{word(9), word(10)},
	}
}

func (t *exportTable) bytes(s span) []byte { return t.file[s.at : s.at+s.size] }

// lookup finds a symbol by the name that it has in the linker's output.
func (t *exportTable) lookup(name string) (exportRecord, bool) {
	i, ok := sort.Find(t.count, func(i int) int { return cmp.Compare(name, string(t.bytes(t.record(i).name))) })
	if !ok {
		return exportRecord{}, false
	}
	return t.record(i), true
}

// find finds what a reference is to: in a library all functions of Go's own calling convention have a
// suffix, and those of the assembler's if there are both.
func (t *exportTable) find(r reference) (definition, bool) {
	names := []string{r.name + assemblySuffix, r.name}
	switch {
	case r.internal:
		names = []string{r.name + internalSuffix}
	case strings.HasPrefix(r.name, "type:"):
		names = []string{r.name, mangle(r.name)}
	}
	for _, name := range names {
		if e, ok := t.lookup(name); ok {
			return definition{name: name, info: byte(e.info), value: uint64(e.offset), size: uint64(e.size)}, true
		}
	}
	return definition{}, false
}

// descriptor is what a type's descriptor was before it was placed.
func (t *exportTable) descriptor(d definition) descriptor {
	e, ok := t.lookup(d.name)
	if !ok {
		return descriptor{}
	}
	r := descriptor{content: t.bytes(e.content)}
	if e.mask.size > 0 {
		r.mask = t.bytes(e.mask)
	}
	for l := t.bytes(e.leads); len(l) >= leadSize; l = l[leadSize:] {
		name := span{order.Uint32(l[4:]), order.Uint32(l[8:])}
		r.leads = append(r.leads, lead{uint64(order.Uint32(l)), string(t.bytes(name))})
	}
	return r
}

// exports writes the table of an image that was placed.
func (p *placer) exports() []byte {
	symbols := p.exported()
	w := &exportWriter{texts: map[string]span{}}
	w.head = order.AppendUint32([]byte(exportMagic), uint32(len(symbols)))
	w.start = uint32(len(w.head) + len(symbols)*exportRecordSize)
	for _, s := range symbols {
		r := exportRecord{name: w.text(s.name), offset: uint32(p.at[s.section] + s.value), size: uint32(s.size), info: uint32(s.info)}
		if strings.HasPrefix(s.name, "type:") && !s.isFunction() {
			d := p.descriptor(s)
			r.content, r.mask, r.leads = w.add(d.content), w.add(d.mask), w.leads(d.leads)
		}
		w.head = r.append(w.head)
	}
	return append(w.head, w.rest...)
}

// exported are the global symbols that have a place, by name.
func (p *placer) exported() []definition {
	var found []definition
	for e := p.symbols; len(e) > 0; e = e[elfSymbolSize:] {
		d := definition{name: p.symbolName(e), info: e[4], section: order.Uint16(e[6:]), value: order.Uint64(e[8:]), size: order.Uint64(e[16:])}
		if elf.ST_BIND(d.info) == elf.STB_GLOBAL && d.section != uint16(elf.SHN_UNDEF) && int(d.section) < len(p.at) && p.at[d.section] != notPlaced {
			found = append(found, d)
		}
	}
	slices.SortFunc(found, func(a, b definition) int { return cmp.Compare(a.name, b.name) })
	return found
}

// descriptor is a type as the linker wrote it.
func (p *placer) descriptor(d definition) descriptor {
	r := descriptor{content: p.raw(d.section, d.value, d.size)}
	for _, l := range p.relocationsIn(int(d.section), d.value, d.size) {
		target := p.symbols[l.symbol*elfSymbolSize:]
		switch name := p.symbolName(target); {
		case l.at-d.value == typeGCData:
			if size := maskSize(r.content); size > 0 {
				r.mask = p.raw(order.Uint16(target[6:]), order.Uint64(target[8:])+uint64(l.addend), size)
			}
		case strings.HasPrefix(name, "type:"):
			r.leads = append(r.leads, lead{l.at - d.value, name})
		}
	}
	return r
}

// raw is a part of a section, before anything is written into it.
func (p *placer) raw(section uint16, at, size uint64) []byte {
	if int(section) >= len(p.sections) || p.sections[section].Type == elf.SHT_NOBITS || at+size > p.sections[section].Size {
		return nil
	}
	start := p.sections[section].Offset + at
	return p.relocatable.data[start : start+size]
}

// An exportWriter writes what records refer to.
type exportWriter struct {
	head, rest []byte
	start      uint32          // of the rest
	texts      map[string]span // names that were written
}

func (w *exportWriter) add(data []byte) span {
	s := span{w.start + uint32(len(w.rest)), uint32(len(data))}
	w.rest = append(w.rest, data...)
	return s
}

func (w *exportWriter) text(name string) span {
	s, ok := w.texts[name]
	if !ok {
		s = w.add([]byte(name))
		w.texts[name] = s
	}
	return s
}

func (w *exportWriter) leads(leads []lead) span {
	var b []byte
	for _, l := range leads {
		name := w.text(l.name)
		b = order.AppendUint32(b, uint32(l.offset))
		b = order.AppendUint32(b, name.at)
		b = order.AppendUint32(b, name.size)
	}
	return w.add(b)
}
