package pybridge

import (
	"fmt"
	"reflect"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// A buffer is the memory of a Python object, lent to Go until it is closed.
type buffer struct {
	handle   capi.Handle
	address  unsafe.Pointer
	bytes    int
	itemSize int
	readOnly bool
	shape    []int
	strides  []int // in bytes
	format   string
}

// openBuffer asks an object for its memory.
func (r *Runtime) openBuffer(o *Object, writable bool) (*buffer, error) {
	f := capi.NewFrame()
	defer f.Free()
	if !o.put(f) {
		return nil, ErrClosed
	}
	mode := 0
	if writable {
		mode = 1
	}
	f.Step(capi.StepBuffer, mode)
	f.Run(capi.WantValue)
	if err := failure(f); err != nil {
		return r.openTensor(o, writable, err)
	}
	return readBuffer(f.Reader()), nil
}

// openTensor asks an object that lends no buffer for its memory by DLPack, if it speaks that. If it does
// not, the error is that of the buffer.
func (r *Runtime) openTensor(o *Object, writable bool, err error) (*buffer, error) {
	tensor, helperErr := r.helper("gopy_kernel.arrays", "tensor")
	if helperErr != nil {
		return nil, helperErr
	}
	capsule, dlpackErr := tensor.Call(o)
	if dlpackErr != nil {
		return nil, dlpackErr
	}
	if capsule.IsNone() {
		return nil, err
	}
	defer capsule.Close()
	return r.openBuffer(capsule, writable)
}

func readBuffer(words *capi.Reader) *buffer {
	_, dims := words.Header()
	b := &buffer{
		handle:   capi.Handle(words.Word()),
		address:  words.Address(),
		bytes:    int(words.Word()),
		itemSize: int(words.Word()),
		readOnly: words.Word() != 0,
		shape:    make([]int, dims),
		strides:  make([]int, dims),
	}
	for i := range b.shape {
		b.shape[i] = int(int64(words.Word()))
	}
	for i := range b.strides {
		b.strides[i] = int(int64(words.Word()))
	}
	_, n := words.Header()
	b.format = words.Text(n)
	return b
}

// openBufferBit marks the handle of a buffer among those of objects.
const openBufferBit = 1

func (b *buffer) close() { capi.Release([]capi.Handle{b.handle | openBufferBit}) }

// contiguous reports whether the elements stand one after the other, in the order of C.
func (b *buffer) contiguous() bool {
	stride := b.itemSize
	for i := len(b.shape) - 1; i >= 0; i-- {
		if b.shape[i] > 1 && b.strides[i] != stride {
			return false
		}
		stride *= b.shape[i]
	}
	return true
}

// elements returns how many there are.
func (b *buffer) elements() int {
	return product(b.shape)
}

// element describes the elements.
func (b *buffer) element() (*element, error) { return parseFormat(b.format, b.itemSize) }

type elementKind struct {
	format string
	size   int
}

var formatTypes = map[elementKind]reflect.Type{
	{"?", 1}: reflect.TypeFor[bool](),
	{"b", 1}: reflect.TypeFor[int8](), {"B", 1}: reflect.TypeFor[uint8](), {"c", 1}: reflect.TypeFor[uint8](),
	{"h", 2}: reflect.TypeFor[int16](), {"H", 2}: reflect.TypeFor[uint16](),
	{"i", 4}: reflect.TypeFor[int32](), {"I", 4}: reflect.TypeFor[uint32](),
	{"l", 4}: reflect.TypeFor[int32](), {"L", 4}: reflect.TypeFor[uint32](),
	{"l", 8}: reflect.TypeFor[int64](), {"L", 8}: reflect.TypeFor[uint64](),
	{"q", 8}: reflect.TypeFor[int64](), {"Q", 8}: reflect.TypeFor[uint64](),
	{"n", 8}: reflect.TypeFor[int64](), {"N", 8}: reflect.TypeFor[uint64](),
	{"f", 4}: reflect.TypeFor[float32](), {"d", 8}: reflect.TypeFor[float64](),
	{"Zf", 8}: reflect.TypeFor[complex64](), {"Zd", 16}: reflect.TypeFor[complex128](),
}

// trimFormat drops the byte order, which is looked at apart.
func trimFormat(format string) string {
	if format != "" {
		switch format[0] {
		case '@', '=', '<', '>', '!', '^':
			return format[1:]
		}
	}
	return format
}

func swapped(format string) bool {
	if format == "" {
		return false
	}
	switch format[0] {
	case '<':
		return !littleEndian()
	case '>', '!':
		return littleEndian()
	}
	return false
}

// copyTo copies the elements into a slice or an array, one dimension for each of the buffer.
func (b *buffer) copyTo(v reflect.Value, elem *element) error {
	return b.copyDimension(v, 0, b.address, elem)
}

func (b *buffer) copyDimension(v reflect.Value, dim int, at unsafe.Pointer, elem *element) error {
	if dim == len(b.shape) {
		return elem.copyTo(v, at)
	}
	n := b.shape[dim]
	if err := makeRoom(v, n, len(b.shape)); err != nil {
		return err
	}
	if dim == len(b.shape)-1 && v.Type().Elem() == elem.goType && !elem.swapped && b.strides[dim] == b.itemSize && n > 0 {
		reflect.Copy(v, reflect.NewAt(reflect.ArrayOf(n, elem.goType), at).Elem())
		return nil
	}
	for i := range n {
		if err := b.copyDimension(v.Index(i), dim+1, unsafe.Add(at, i*b.strides[dim]), elem); err != nil {
			return inside(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

// makeRoom prepares a slice or an array for n elements of an array.
func makeRoom(v reflect.Value, n, dims int) error {
	switch v.Kind() {
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), n, n))
	case reflect.Array:
		if v.Len() != n {
			return fmt.Errorf("want %d items, got %d", v.Len(), n)
		}
	default:
		return fmt.Errorf("the array has %d dimensions, %v has fewer", dims, v.Type())
	}
	return nil
}

// copiesTo reports whether copyTo serves a type. Others are served by Python, which makes objects first.
func (e *element) copiesTo(t reflect.Type) bool {
	switch {
	case t.Kind() == reflect.Interface, isObject(t):
		return false
	case e.kind == "T":
		return t.Kind() == reflect.Struct
	}
	return t.Kind() != reflect.Struct
}

// copyTo copies one element, a record field by field.
func (e *element) copyTo(v reflect.Value, at unsafe.Pointer) error {
	if e.kind == "T" {
		return e.copyRecord(v, at)
	}
	from, err := e.load(at)
	if err != nil {
		return err
	}
	return setNumber(v, from)
}

// copyRecord copies a record into a struct, by the names of its fields. Fields without a counterpart are
// passed over.
func (e *element) copyRecord(v reflect.Value, at unsafe.Pointer) error {
	if v.Kind() != reflect.Struct {
		return fmt.Errorf("want %v, got a record", v.Type())
	}
	known := fieldsOf(v.Type())
	for i := range e.fields {
		f := &e.fields[i]
		n := fieldNamed(known, f.name)
		if n < 0 {
			continue
		}
		if err := f.copyField(settable(v, known[n].index), f.shape, unsafe.Add(at, f.offset)); err != nil {
			return inside("."+f.name, err)
		}
	}
	return nil
}

func (f *recordField) copyField(v reflect.Value, shape []int, at unsafe.Pointer) error {
	if len(shape) == 0 {
		return f.copyTo(v, at)
	}
	if err := makeRoom(v, shape[0], len(f.shape)); err != nil {
		return err
	}
	step := f.bytes() / product(f.shape) * product(shape[1:])
	for i := range shape[0] {
		if err := f.copyField(v.Index(i), shape[1:], unsafe.Add(at, i*step)); err != nil {
			return inside(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

func product(sizes []int) int {
	n := 1
	for _, size := range sizes {
		n *= size
	}
	return n
}

// setNumber converts between number types where nothing is lost.
func setNumber(to, from reflect.Value) error {
	fits := false
	switch {
	case to.Kind() == from.Kind() || to.Kind() == reflect.Interface && from.Type().AssignableTo(to.Type()):
		to.Set(from.Convert(to.Type()))
		return nil
	case to.CanInt() && from.CanInt():
		fits = !to.OverflowInt(from.Int())
	case to.CanInt() && from.CanUint():
		fits = from.Uint() <= 1<<63-1 && !to.OverflowInt(int64(from.Uint()))
	case to.CanUint() && from.CanInt():
		fits = from.Int() >= 0 && !to.OverflowUint(uint64(from.Int()))
	case to.CanUint() && from.CanUint():
		fits = !to.OverflowUint(from.Uint())
	case to.CanFloat() && from.CanFloat():
		fits = !to.OverflowFloat(from.Float())
	case to.CanFloat() && from.CanInt():
		fits = from.Int() >= -1<<53 && from.Int() <= 1<<53
	case to.CanFloat() && from.CanUint():
		fits = from.Uint() <= 1<<53
	case to.CanComplex() && (from.CanComplex() || from.CanFloat()):
		fits = true
	default:
		return fmt.Errorf("want %v, got %v", to.Type(), from.Type())
	}
	if !fits {
		return fmt.Errorf("%v does not fit into %v", from, to.Type())
	}
	if to.CanComplex() && from.CanFloat() {
		to.SetComplex(complex(from.Float(), 0))
		return nil
	}
	to.Set(from.Convert(to.Type()))
	return nil
}
