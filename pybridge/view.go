package pybridge

import (
	"errors"
	"fmt"
	"iter"
	"reflect"
	"runtime"
	"slices"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// ErrReadOnly says that the memory of an array must not be written.
var ErrReadOnly = errors.New("the array is read-only")

// ErrNotContiguous says that the elements of an array do not stand one after the other.
var ErrNotContiguous = errors.New("the elements of the array do not stand one after the other")

// A View is the memory of a Python array, opened for Go: nothing is copied, and each side sees what
// the other writes. Python keeps the memory until Close, or until the View is garbage.
//
// A View may be read from several goroutines. It does not keep others from writing: that is between
// the two sides, as it is between two slices of one array.
type View[T any] struct {
	memory *viewMemory
}

// viewMemory is what a View has without its type.
type viewMemory struct {
	buffer
	cleanup runtime.Cleanup
}

// OpenView opens an object that lends its memory (a numpy array, array.array, bytearray, memoryview,
// bytes; a tensor of torch or jax on the CPU, by DLPack) as elements of type T, which must be the type that it has: a float32 array is no
// View[float64]. Any number of dimensions, any strides.
//
// The records of a structured array are structs with the same names, types and places of fields; the tag
// `py:"name"` renames one. What Go cannot use as it stands is an error that says why, and As copies it:
// numbers in another machine's byte order, of 16 bits, or at odd addresses.
func OpenView[T any](o *Object) (*View[T], error) {
	v, err := openView(o, reflect.TypeFor[T]())
	if err != nil {
		return nil, err
	}
	return &View[T]{v}, nil
}

func openView(o *Object, want reflect.Type) (*viewMemory, error) {
	r, err := started()
	if err != nil {
		return nil, err
	}
	b, err := r.openBuffer(o, false)
	if err != nil {
		return nil, err
	}
	if err := b.consistsOf(want); err != nil {
		b.close()
		return nil, err
	}
	v := &viewMemory{buffer: *b}
	v.cleanup = runtime.AddCleanup(v, dropLater, b.handle|openBufferBit)
	return v, nil
}

// consistsOf reports whether the memory can be used as elements of a Go type.
func (b *buffer) consistsOf(t reflect.Type) error {
	want, err := elementOf(t)
	if err != nil {
		return err
	}
	elem, err := b.element()
	if err != nil {
		return err
	}
	if err := elem.view(want); err != nil {
		return err
	}
	if b.elements() > 0 && !b.aligned(t.Align()) {
		return errors.New("the elements do not stand where the machine wants them; use copy to move them, or As")
	}
	return nil
}

// aligned reports whether every element stands at a multiple of n.
func (b *buffer) aligned(n int) bool {
	return uintptr(b.address)%uintptr(n) == 0 && !slices.ContainsFunc(b.strides, func(stride int) bool { return stride%n != 0 })
}

// Close gives the memory back. The View, and every slice of it, must not be used afterwards.
func (v *View[T]) Close() { v.memory.close() }

func (v *viewMemory) close() {
	if v.handle == 0 {
		return
	}
	h := v.handle | openBufferBit
	v.handle, v.address = 0, nil
	v.shape = []int{0} // so that a use after Close is out of range, not out of memory
	v.strides = []int{0}
	v.cleanup.Stop()
	runtime.KeepAlive(v) // as in Object.Close
	capi.Release([]capi.Handle{h})
}

// Shape returns the size of each dimension.
func (v *View[T]) Shape() []int { return slices.Clone(v.memory.shape) }

// Strides returns how far apart neighbours are in each dimension, in bytes.
func (v *View[T]) Strides() []int { return slices.Clone(v.memory.strides) }

// ReadOnly reports whether the memory must not be written.
func (v *View[T]) ReadOnly() bool { return v.memory.readOnly }

// Len returns the number of elements, in all dimensions.
func (v *View[T]) Len() int { return v.memory.elements() }

// offset returns where an element is, in bytes. It panics, as a slice does, for one that is not
// there.
func (v *viewMemory) offset(index []int) int {
	if len(index) != len(v.shape) {
		panic(fmt.Sprintf("pybridge: %d indices for an array of %d dimensions", len(index), len(v.shape)))
	}
	at := 0
	for d, i := range index {
		if i < 0 || i >= v.shape[d] {
			panic(fmt.Sprintf("pybridge: index %v out of range for an array of shape %v", index, v.shape))
		}
		at += i * v.strides[d]
	}
	return at
}

// At returns an element. It panics when there is none at the index.
func (v *View[T]) At(index ...int) T {
	x := *(*T)(unsafe.Add(v.memory.address, v.memory.offset(index)))
	runtime.KeepAlive(v.memory)
	return x
}

// Set writes an element. It panics when there is none at the index, or when the array is read-only.
func (v *View[T]) Set(x T, index ...int) {
	if v.memory.readOnly {
		panic(ErrReadOnly)
	}
	*(*T)(unsafe.Add(v.memory.address, v.memory.offset(index))) = x
	runtime.KeepAlive(v.memory)
}

// Slice returns the elements as a slice over the same memory, for an array that is writable and whose
// elements stand one after the other; the error is ErrReadOnly or ErrNotContiguous otherwise. The
// slice is valid until Close, and only as long as the View is reachable.
func (v *View[T]) Slice() ([]T, error) {
	if v.memory.readOnly {
		return nil, ErrReadOnly
	}
	return v.SliceForReading()
}

// SliceForReading is Slice for those who promise not to write.
func (v *View[T]) SliceForReading() ([]T, error) {
	if !v.memory.contiguous() {
		return nil, ErrNotContiguous
	}
	return unsafe.Slice((*T)(v.memory.address), v.memory.elements()), nil
}

// Matrix returns the memory of an array of two dimensions as row after row, each columns long, the next
// one stride elements further: what gonum and BLAS call a general matrix. Rows may be apart, as in a[:, :3],
// but not the elements of one; for the order of Fortran open a.T. The slice is valid as that of Slice is.
func (v *View[T]) Matrix() (data []T, rows, columns, stride int, err error) {
	m := v.memory
	if m.readOnly {
		return nil, 0, 0, 0, ErrReadOnly
	}
	if len(m.shape) != 2 {
		return nil, 0, 0, 0, fmt.Errorf("the array has %d dimensions, a matrix has 2", len(m.shape))
	}
	rows, columns = m.shape[0], m.shape[1]
	stride = m.strides[0] / m.itemSize
	if rows < 2 || columns == 0 {
		stride = columns
	}
	if columns > 1 && m.strides[1] != m.itemSize || stride < columns || stride*m.itemSize != m.strides[0] && rows > 1 {
		return nil, 0, 0, 0, ErrNotContiguous
	}
	if rows == 0 || columns == 0 {
		return nil, rows, columns, stride, nil
	}
	return unsafe.Slice((*T)(m.address), (rows-1)*stride+columns), rows, columns, stride, nil
}

// Copy returns the elements in the order of C, the last index fastest, in memory of their own.
func (v *View[T]) Copy() []T {
	if s, err := v.SliceForReading(); err == nil {
		c := slices.Clone(s)
		runtime.KeepAlive(v.memory)
		return c
	}
	return slices.AppendSeq(make([]T, 0, v.memory.elements()), v.All())
}

// All yields the elements in the order of C.
func (v *View[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for at := range v.memory.offsets() {
			if !yield(*(*T)(unsafe.Add(v.memory.address, at))) {
				break
			}
		}
		runtime.KeepAlive(v.memory)
	}
}

// offsets yields where each element is, in bytes.
func (v *viewMemory) offsets() iter.Seq[int] {
	return func(yield func(int) bool) { v.walk(0, 0, yield) }
}

func (v *viewMemory) walk(dim, at int, yield func(int) bool) bool {
	if dim == len(v.shape) {
		return yield(at)
	}
	for i := range v.shape[dim] {
		if !v.walk(dim+1, at+i*v.strides[dim], yield) {
			return false
		}
	}
	return true
}
