package pybridge

import (
	"fmt"
	"reflect"
	"runtime"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// A pinned slice is used by Python. It stays where it is until Python has dropped the last array
// over it.
type pinned struct {
	pinner runtime.Pinner
	data   any
}

// array writes an Array.
func (e *encoder) array(a Array) error {
	v := reflect.ValueOf(a.Data)
	if v.Kind() == reflect.Pointer && v.Type().Elem().Kind() == reflect.Array && !v.IsNil() {
		v = v.Elem()
		v = v.Slice(0, v.Len())
	}
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array || elementFormat(v.Type().Elem()) == "" {
		return fmt.Errorf("an Array needs a slice of numbers, not %T", a.Data)
	}
	v = sliceOf(v)
	if a.Shape != nil {
		n := 1
		for _, size := range a.Shape {
			if size < 0 {
				return fmt.Errorf("an Array of shape %v", a.Shape)
			}
			n *= size
		}
		if n != v.Len() {
			return fmt.Errorf("an Array of shape %v needs %d elements, not %d", a.Shape, n, v.Len())
		}
	}
	return e.numbers(v, a.Shape, a.ReadOnly)
}

// numbers writes a slice of numbers as an array over its memory.
func (e *encoder) numbers(v reflect.Value, shape []int, readOnly bool) error {
	if shape == nil {
		shape = []int{v.Len()}
	}
	p := &pinned{data: v.Interface()}
	address := v.UnsafePointer()
	if v.Len() == 0 {
		address = nil // may be past the end of something
	}
	if address != nil {
		p.pinner.Pin(address)
	}
	id := e.r.values.add(p)
	elem := v.Type().Elem()
	e.f.Array(capi.Array{ID: id, Address: address, ItemSize: int(elem.Size()), Shape: shape,
		Format: elementFormat(elem), ReadOnly: readOnly})
	return nil
}

// elementFormat returns the name that Python's struct module and the buffer protocol have for a
// type, empty if Python has no arrays of it. 64-bit integers are l and L, not q and Q: numpy makes
// its own int64 only of the former.
func elementFormat(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Bool:
		return "?"
	case reflect.Int8:
		return "b"
	case reflect.Uint8:
		return "B"
	case reflect.Int16:
		return "h"
	case reflect.Uint16:
		return "H"
	case reflect.Int32:
		return "i"
	case reflect.Uint32:
		return "I"
	case reflect.Int, reflect.Int64:
		return "l"
	case reflect.Uint, reflect.Uint64, reflect.Uintptr:
		return "L"
	case reflect.Float32:
		return "f"
	case reflect.Float64:
		return "d"
	case reflect.Complex64:
		return "Zf"
	case reflect.Complex128:
		return "Zd"
	}
	return ""
}

// sliceOf makes a slice of an array, which is a copy unless the array can be addressed.
func sliceOf(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Slice {
		return v
	}
	if !v.CanAddr() {
		p := reflect.New(v.Type())
		p.Elem().Set(v)
		v = p.Elem()
	}
	return v.Slice(0, v.Len())
}

func bytesOf(v reflect.Value) []byte {
	v = sliceOf(v)
	return unsafe.Slice((*byte)(v.UnsafePointer()), v.Len())
}

// rectangle copies slices of slices of numbers, all of one length, into one block: a matrix. Ragged
// ones stay lists.
func rectangle(v reflect.Value) (flat reflect.Value, shape []int, ok bool) {
	t := v.Type()
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
	}
	if elementFormat(t) == "" || v.Len() == 0 {
		return flat, nil, false
	}
	for row := v; ; row = row.Index(0) {
		shape = append(shape, row.Len())
		if row.Type().Elem() == t {
			break
		}
		if row.Len() == 0 {
			return flat, nil, false
		}
	}
	total := 1
	for _, n := range shape {
		total *= n
	}
	flat = reflect.MakeSlice(reflect.SliceOf(t), 0, total)
	flat, ok = appendRows(flat, v, shape)
	return flat, shape, ok
}

func appendRows(flat, v reflect.Value, shape []int) (reflect.Value, bool) {
	if v.Len() != shape[0] {
		return flat, false
	}
	if len(shape) == 1 {
		return reflect.AppendSlice(flat, sliceOf(v)), true
	}
	ok := true
	for i := 0; ok && i < v.Len(); i++ {
		flat, ok = appendRows(flat, v.Index(i), shape[1:])
	}
	return flat, ok
}
