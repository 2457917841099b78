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

// A Number is an element type that Go and Python's arrays share.
type Number interface {
	~bool | ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 |
		~float32 | ~float64 | ~complex64 | ~complex128
}

// A View is the memory of a Python array, opened for Go: nothing is copied, and each side sees what
// the other writes. Python keeps the memory until Close, or until the View is garbage.
//
// A View may be read from several goroutines. It does not keep others from writing: that is between
// the two sides, as it is between two slices of one array.
type View[T Number] struct {
	memory *viewMemory
}

// viewMemory is what a View has without its type.
type viewMemory struct {
	buffer
	cleanup runtime.Cleanup
}

// OpenView opens an object that lends its memory (a numpy array, array.array, bytearray, memoryview,
// bytes) as elements of type T, which must be the type that it has: a float32 array is no
// View[float64]. Any number of dimensions, any strides. An array in another machine's byte order is
// an error.
func OpenView[T Number](o *Object) (*View[T], error) {
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
	elem, err := b.element()
	if err == nil && !sameElement(elem, want) {
		err = fmt.Errorf("the elements are %v, not %v", elem, want)
	}
	if err != nil {
		b.close()
		return nil, err
	}
	v := &viewMemory{buffer: *b}
	v.cleanup = runtime.AddCleanup(v, dropLater, b.handle|openBufferBit)
	return v, nil
}

// sameElement compares by kind and size: int is int64, and named types are what they are made of.
func sameElement(a, b reflect.Type) bool {
	return elementFormat(a) == elementFormat(b) && a.Size() == b.Size()
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
