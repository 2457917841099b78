package build

import (
	"bytes"
	"cmp"
	"debug/elf"
	"errors"
	"fmt"
	"slices"
)

// A relocatable is the object file that the Go linker hands to the system's.
type relocatable struct {
	data     []byte
	sections []*elf.Section
	symtab   int // indexes of sections
	strtab   int
	symbols  []byte
	strings  []byte

	relocations map[int][]relocation // of the sections that were asked for, by place
}

// A relocation is a place in a section, and what is to be written there.
type relocation struct {
	at     uint64
	typ    uint32
	symbol uint32
	addend int64
}

const relocationSize = 24

// eachRelocation calls f with the entries of a section of relocations.
func (o *relocatable) eachRelocation(s *elf.Section, f func(relocation) error) error {
	for e := o.data[s.Offset : s.Offset+s.Size]; len(e) >= relocationSize; e = e[relocationSize:] {
		r := relocation{at: order.Uint64(e), typ: order.Uint32(e[8:]), symbol: order.Uint32(e[12:]), addend: int64(order.Uint64(e[16:]))}
		if err := f(r); err != nil {
			return err
		}
	}
	return nil
}

// relocationsIn are those of a part of a section.
func (o *relocatable) relocationsIn(section int, at, size uint64) []relocation {
	all, ok := o.relocations[section]
	if !ok {
		for _, s := range o.sections {
			if s.Type == elf.SHT_RELA && int(s.Info) == section {
				_ = o.eachRelocation(s, func(r relocation) error { all = append(all, r); return nil })
			}
		}
		slices.SortFunc(all, func(a, b relocation) int { return cmp.Compare(a.at, b.at) })
		o.relocations[section] = all
	}
	byPlace := func(r relocation, at uint64) int { return cmp.Compare(r.at, at) }
	from, _ := slices.BinarySearchFunc(all, at, byPlace)
	to, _ := slices.BinarySearchFunc(all, at+size, byPlace)
	return all[from:to]
}

func readRelocatable(data []byte) (*relocatable, error) {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("reading the linker's output: %w", err)
	}
	o := &relocatable{data: data, sections: f.Sections, relocations: map[int][]relocation{}}
	for i, s := range f.Sections {
		if s.Type == elf.SHT_SYMTAB {
			o.symtab, o.strtab = i, int(s.Link)
		}
	}
	if o.symtab == 0 {
		return nil, errors.New("the linker's output has no symbols")
	}
	o.symbols, o.strings = o.content(o.symtab), o.content(o.strtab)
	return o, nil
}

// content is a copy of a section.
func (o *relocatable) content(i int) []byte {
	s := o.sections[i]
	return bytes.Clone(o.data[s.Offset : s.Offset+s.Size])
}

func (o *relocatable) section(name string) (int, error) {
	for i, s := range o.sections {
		if s.Name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("the linker's output has changed: it has no section %s", name)
}

func (o *relocatable) symbolName(entry []byte) string {
	name := o.strings[order.Uint32(entry):]
	return string(name[:bytes.IndexByte(name, 0)])
}

// relocation finds the entry of a relocation section that refers to a symbol.
func (o *relocatable) relocation(section int, symbol string) []byte {
	s := o.sections[section]
	for e := o.data[s.Offset : s.Offset+s.Size]; len(e) >= relocationSize; e = e[relocationSize:] {
		index := order.Uint32(e[12:])
		if o.symbolName(o.symbols[index*elfSymbolSize:]) == symbol {
			return e[:relocationSize]
		}
	}
	return nil
}
