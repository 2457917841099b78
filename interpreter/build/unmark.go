package build

import (
	"bytes"
	"errors"
)

// Marker stands in generated code before the names of functions, constants and other things that
// people never see: it is a letter, so that the code is Go, and not an upper-case one, so that no
// function is exported: the compiler would write exported functions into the plugin's table.
const Marker = "ǃ"

// Offsets in runtime.pcHeader: of the number of functions, and of where their names, the numbers of their units and
// they themselves begin in the line table.
const functionCountAt, namesAt, unitsAt, functionsAt = 8, 32, 40, 64

// unmarkFunctions takes the marker out of the names in the line table, which tracebacks print.
// A name ends in a zero byte and is found by where it begins, so a shorter one is put in its place.
func (o *relocatable) unmarkFunctions() error {
	i, err := o.section(".gopclntab")
	if err != nil {
		return err
	}
	s := o.sections[i]
	table := o.data[s.Offset : s.Offset+s.Size]
	if len(table) < functionsAt+8 {
		return errors.New("the linker's output has changed: short line table")
	}
	from, to := order.Uint64(table[namesAt:]), order.Uint64(table[unitsAt:])
	if from > to || to > uint64(len(table)) {
		return errors.New("the linker's output has changed: no names of functions in the line table")
	}
	for names := table[from:to]; len(names) > 0; {
		end := bytes.IndexByte(names, 0)
		if end < 0 {
			break
		}
		n := copy(names, bytes.ReplaceAll(names[:end], []byte(Marker), nil))
		clear(names[n:end])
		names = names[end+1:]
	}
	return nil
}

// nameFirst gives a name to the function whose name is the first in the line table. The runtime takes the offset 0 for
// no name: in a program that is where the name of a function lies which nobody ever sees. A copy of the name goes
// behind the code; the loader makes the table long enough.
func (p *placer) nameFirst() error {
	i, err := p.section(".gopclntab")
	if err != nil || p.at[i] == notPlaced {
		return err
	}
	table := p.code[p.at[i]:][:p.sections[i].Size]
	names, functions := order.Uint64(table[namesAt:]), order.Uint64(table[functionsAt:])
	first, _, _ := bytes.Cut(table[names:], []byte{0})
	first = append(bytes.Clone(first), 0)
	place := uint32(uint64(len(p.code)) - p.at[i] - names)
	for n := range order.Uint64(table[functionCountAt:]) {
		// A row of the table is where a function begins, and where it is described; its name comes second there.
		row := functions + 8*n
		if row+8 > uint64(len(table)) || functions+uint64(order.Uint32(table[row+4:]))+8 > uint64(len(table)) {
			return errors.New("the linker's output has changed: a function is not in the line table")
		}
		description := functions + uint64(order.Uint32(table[row+4:]))
		if name := table[description+4:]; order.Uint32(name) == 0 {
			order.PutUint32(name, place)
		}
	}
	p.code = append(p.code, first...)
	return nil
}
