package pybridge

import (
	"fmt"
	"reflect"
	"time"
)

// table writes a table as an object of the Python side.
func (e *encoder) table(t *Table) error {
	if t == nil {
		e.f.None()
		return nil
	}
	if err := t.check(); err != nil {
		return err
	}
	columns := make([]any, len(t.Columns))
	for i, c := range t.Columns {
		column, err := c.arrow()
		if err != nil {
			return fmt.Errorf("column %q: %w", c.Name, err)
		}
		columns[i] = column
	}
	class, err := e.r.helper("gopy_kernel.tables", "Table")
	if err != nil {
		return err
	}
	return e.built(class, t.Rows(), columns)
}

// arrow returns a column as Arrow has it: its name, format, count of what is missing, and buffers.
func (c *Column) arrow() (Tuple, error) {
	missing := 0
	buffers := []any{nil}
	if c.Valid != nil {
		for _, valid := range c.Valid {
			if !valid {
				missing++
			}
		}
		buffers[0] = lend(bitmap(c.Valid))
	}
	format, rest, err := arrowValues(reflect.ValueOf(c.Values))
	return Tuple{c.Name, format, missing, append(buffers, rest...)}, err
}

func lend(slice any) Array { return Array{Data: slice, ReadOnly: true} }

func arrowValues(v reflect.Value) (format string, buffers []any, err error) {
	switch values := v.Interface().(type) {
	case []time.Time:
		return arrowTimes(values)
	case []time.Duration:
		return "tDn", []any{lend(values)}, nil
	case []bool:
		return "b", []any{lend(bitmap(values))}, nil
	}
	elem := v.Type().Elem()
	switch elem.Kind() {
	case reflect.String:
		format, buffers = arrowTexts(v.Len(), func(i int) string { return v.Index(i).String() })
		return format, buffers, nil
	case reflect.Slice:
		if elem.Elem().Kind() == reflect.Uint8 {
			format, buffers = arrowTexts(v.Len(), func(i int) string { return string(v.Index(i).Bytes()) })
			return map[string]string{"u": "z", "U": "Z"}[format], buffers, nil
		}
	}
	if format = arrowFormats[elementFormat(elem)]; format == "" {
		return "", nil, fmt.Errorf("there are no columns of %v in Arrow", elem)
	}
	return format, []any{lend(v.Interface())}, nil
}

// arrowFormats are the numbers of Arrow by those of the buffer protocol.
var arrowFormats = map[string]string{"b": "c", "B": "C", "h": "s", "H": "S", "i": "i", "I": "I", "l": "l", "L": "L", "f": "f", "d": "g"}

// arrowTimes are nanoseconds in UTC, or microseconds where a time is too far away for those.
func arrowTimes(times []time.Time) (format string, buffers []any, err error) {
	counts := make([]int64, len(times))
	near := true
	for i, t := range times {
		counts[i] = t.UnixNano()
		near = near && (t.IsZero() || time.Unix(0, counts[i]).Equal(t))
	}
	if near {
		return "tsn:UTC", []any{lend(counts)}, nil
	}
	for i, t := range times {
		counts[i] = t.UnixMicro()
	}
	return "tsu:UTC", []any{lend(counts)}, nil
}

// arrowTexts are their bytes one after the other, and where each begins.
func arrowTexts(n int, text func(i int) string) (format string, buffers []any) {
	total := 0
	for i := range n {
		total += len(text(i))
	}
	bytes := make([]byte, 0, total)
	if total < 1<<31 {
		offsets := make([]int32, n+1)
		for i := range n {
			bytes = append(bytes, text(i)...)
			offsets[i+1] = int32(len(bytes))
		}
		return "u", []any{lend(offsets), lend(bytes)}
	}
	offsets := make([]int64, n+1)
	for i := range n {
		bytes = append(bytes, text(i)...)
		offsets[i+1] = int64(len(bytes))
	}
	return "U", []any{lend(offsets), lend(bytes)}
}

// bitmap packs bools as Arrow does, the first in the lowest bit.
func bitmap(values []bool) []byte {
	bits := make([]byte, (len(values)+7)/8)
	for i, v := range values {
		if v {
			bits[i/8] |= 1 << (i % 8)
		}
	}
	return bits
}
