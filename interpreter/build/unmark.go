package build

import (
	"bytes"
	"errors"
)

// Marker stands in generated code before the names of functions, constants and other things that
// people never see: it is a letter, so that the code is Go, and not an upper-case one, so that no
// function is exported: the compiler would write exported functions into the plugin's table.
const Marker = "ǃ"

// unmarkFunctions takes the marker out of the names in the line table, which tracebacks print.
// A name ends in a zero byte and is found by where it begins, so a shorter one is put in its place.
func (o *relocatable) unmarkFunctions() error {
	i, err := o.section(".gopclntab")
	if err != nil {
		return err
	}
	s := o.sections[i]
	table := o.data[s.Offset : s.Offset+s.Size]
	const namesAt, unitsAt = 32, 40 // offsets in runtime.pcHeader
	if len(table) < unitsAt+8 {
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
