package pybridge

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// An Array hands Go memory to Python as a numpy array of a given shape: []float64{…} with Shape
// {2, 3} is a matrix. Nothing is copied; Python and Go see each other's changes. A plain slice of
// numbers does the same with one dimension, and so does a matrix of gonum (mat.Dense) with two.
type Array struct {
	// Data is a slice of numbers or bools, also []byte, which alone would become bytes, or of structs of
	// such fields, which become a structured array.
	Data any
	// Shape is the size of each dimension; nil for one. Without Strides its product is the length of
	// Data. An empty Shape that is not nil is an array without dimensions, of one element.
	Shape []int
	// Strides is how far apart neighbours are in each dimension, in elements of Data. Nil is the order of
	// C without gaps; {1, rows} is the order of Fortran for a matrix.
	Strides []int
	// Offset is which element of Data is that with all indices zero, for Strides below zero.
	Offset int
	// ReadOnly keeps Python from writing.
	ReadOnly bool
}

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
	if v.Kind() != reflect.Slice && v.Kind() != reflect.Array {
		return fmt.Errorf("an Array needs a slice, not %T", a.Data)
	}
	elem, err := elementOf(v.Type().Elem())
	if err != nil {
		return fmt.Errorf("an Array of %v: %w", v.Type().Elem(), err)
	}
	v = sliceOf(v)
	if err := a.check(v.Len()); err != nil {
		return err
	}
	return e.memory(v, elem, a)
}

// check reports whether all indices are within n elements.
func (a Array) check(n int) error {
	if a.Shape == nil {
		if a.Strides != nil || a.Offset != 0 {
			return errors.New("an Array with strides or an offset needs a shape")
		}
		return nil
	}
	total, first, last := 1, a.Offset, a.Offset
	for i, size := range a.Shape {
		if size < 0 || a.Strides != nil && len(a.Strides) != len(a.Shape) {
			return fmt.Errorf("an Array of shape %v with strides %v", a.Shape, a.Strides)
		}
		total *= size
		if a.Strides != nil {
			first += min(0, a.Strides[i]*(size-1))
			last += max(0, a.Strides[i]*(size-1))
		}
	}
	switch {
	case a.Strides == nil && a.Offset != 0:
		return errors.New("an Array with an offset needs strides")
	case a.Strides == nil && total != n:
		return fmt.Errorf("an Array of shape %v needs %d elements, not %d", a.Shape, total, n)
	case a.Strides != nil && total > 0 && (first < 0 || last >= n):
		return fmt.Errorf("an Array of shape %v with strides %v and offset %d goes from element %d to %d of %d",
			a.Shape, a.Strides, a.Offset, first, last, n)
	}
	return nil
}

// byteStrides returns how far apart neighbours are in each dimension.
func (a Array) byteStrides(shape []int, size int) []int {
	strides := make([]int, len(shape))
	for i := len(shape) - 1; i >= 0; i-- {
		if a.Strides != nil {
			strides[i] = a.Strides[i] * int(size)
			continue
		}
		strides[i] = size
		if i < len(shape)-1 {
			strides[i] = strides[i+1] * shape[i+1]
		}
	}
	return strides
}

// numbers writes a slice of numbers as an array over its memory.
func (e *encoder) numbers(v reflect.Value, shape []int) error {
	elem, err := elementOf(v.Type().Elem())
	if err != nil {
		return err
	}
	return e.memory(v, elem, Array{Shape: shape})
}

// memory writes a slice as an array over its memory.
func (e *encoder) memory(v reflect.Value, elem *element, a Array) error {
	shape := a.Shape
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
		address = unsafe.Add(address, a.Offset*elem.size)
	}
	id := process.values.add(p)
	e.f.Array(capi.Array{ID: id, Address: address, ItemSize: elem.size, Shape: shape,
		Strides: a.byteStrides(shape, elem.size), Format: elem.text, ReadOnly: a.ReadOnly})
	return nil
}

// A matrix is one of gonum's, or another that keeps its rows as slices of one block.
type matrix interface {
	Dims() (rows, columns int)
	RawRowView(i int) []float64
}

// matrix writes a matrix as an array over its memory.
func (e *encoder) matrix(m matrix) error {
	if v := reflect.ValueOf(m); v.Kind() == reflect.Pointer && v.IsNil() {
		e.f.None()
		return nil
	}
	rows, columns := m.Dims()
	if rows == 0 || columns == 0 {
		return e.array(Array{Data: []float64{}, Shape: []int{rows, columns}})
	}
	first := m.RawRowView(0)
	stride := columns
	if rows > 1 {
		stride = int(uintptr(unsafe.Pointer(&m.RawRowView(1)[0]))-uintptr(unsafe.Pointer(&first[0]))) / 8
	}
	block := first[:cap(first)]
	last := m.RawRowView(rows - 1)
	if end := (rows-1)*stride + columns; stride < columns || end > len(block) || &block[end-1] != &last[columns-1] {
		return e.rows(m, rows, columns)
	}
	return e.array(Array{Data: block, Shape: []int{rows, columns}, Strides: []int{stride, 1}})
}

// rows writes a copy of a matrix whose rows do not stand in one block.
func (e *encoder) rows(m matrix, rows, columns int) error {
	data := make([]float64, 0, rows*columns)
	for i := range rows {
		data = append(data, m.RawRowView(i)...)
	}
	return e.array(Array{Data: data, Shape: []int{rows, columns}})
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
