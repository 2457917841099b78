package build

import (
	"bytes"
	"debug/elf"
	"errors"
	"fmt"
)

// A relocatable is the object file that the Go linker hands to the system's.
type relocatable struct {
	data     []byte
	sections []*elf.Section
	symtab   int // indexes of sections
	strtab   int
	symbols  []byte
	strings  []byte
}

func readRelocatable(data []byte) (*relocatable, error) {
	f, err := elf.NewFile(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("reading the linker's output: %w", err)
	}
	o := &relocatable{data: data, sections: f.Sections}
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
	const size = 24
	s := o.sections[section]
	for e := o.data[s.Offset : s.Offset+s.Size]; len(e) >= size; e = e[size:] {
		index := order.Uint32(e[12:])
		if o.symbolName(o.symbols[index*elfSymbolSize:]) == symbol {
			return e[:size]
		}
	}
	return nil
}
