package pybridge

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unsafe"
)

// An element is what an array consists of, as the buffer protocol describes it (PEP 3118).
type element struct {
	text    string       // the whole description
	kind    string       // "d", "Zd", ...; "T" for a record
	size    int          // in bytes
	goType  reflect.Type // of a number, nil if Go has none
	swapped bool         // the bytes are in another machine's order
	fields  []recordField
}

// A recordField is a field of a record: of a struct in Go, of a structured dtype in numpy.
type recordField struct {
	name   string
	offset int
	shape  []int // of an array within the record
	element
}

// elements caches elementOf: a pure function of the type.
var elements sync.Map

// elementOf describes a Go type. The error says what in it Python's arrays cannot have.
func elementOf(t reflect.Type) (*element, error) {
	if cached, found := elements.Load(t); found {
		return cached.(*element), nil
	}
	e, err := describe(t)
	if err == nil {
		e.text = e.format()
		elements.Store(t, e)
	}
	return e, err
}

func newElement(text, kind string, size int) *element {
	return &element{text: text, kind: kind, size: size, goType: formatTypes[elementKind{kind, size}]}
}

func describe(t reflect.Type) (*element, error) {
	if kind := elementFormat(t); kind != "" {
		return newElement("", kind, int(t.Size())), nil
	}
	if t.Kind() != reflect.Struct {
		return nil, fmt.Errorf("a %v is no element of an array", t)
	}
	e := &element{kind: "T", size: int(t.Size())}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("py"), ",")
		if !f.IsExported() || name == "-" {
			if hasPointers(f.Type) {
				return nil, fmt.Errorf("field %s: a %v is no element of an array", f.Name, f.Type)
			}
			continue // bytes that Python passes over
		}
		if name == "" {
			name = f.Name
		}
		field, err := describeField(f.Type)
		if err != nil {
			return nil, fmt.Errorf("field %s: %w", f.Name, err)
		}
		field.name, field.offset = name, int(f.Offset)
		e.fields = append(e.fields, *field)
	}
	if len(e.fields) == 0 {
		return nil, errors.New("it has no fields")
	}
	return e, nil
}

func describeField(t reflect.Type) (*recordField, error) {
	var shape []int
	for t.Kind() == reflect.Array {
		shape = append(shape, t.Len())
		t = t.Elem()
	}
	e, err := describe(t)
	if err != nil {
		return nil, err
	}
	return &recordField{shape: shape, element: *e}, nil
}

// hasPointers reports whether Python could not write the bytes of a type without harm.
func hasPointers(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Array:
		return hasPointers(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if hasPointers(t.Field(i).Type) {
				return true
			}
		}
		return false
	}
	return elementFormat(t) == ""
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

// format writes the description. In a record the ^ says that there is no padding but what is written.
func (e *element) format() string {
	if e.kind != "T" {
		return e.kind
	}
	var b strings.Builder
	b.WriteString("T{^")
	at := 0
	for i := range e.fields {
		f := &e.fields[i]
		b.WriteString(strings.Repeat("x", f.offset-at))
		if len(f.shape) > 0 {
			sizes := make([]string, len(f.shape))
			for i, n := range f.shape {
				sizes[i] = strconv.Itoa(n)
			}
			b.WriteString("(" + strings.Join(sizes, ",") + ")")
		}
		b.WriteString(f.format() + ":" + f.name + ":")
		at = f.offset + f.bytes()
	}
	b.WriteString(strings.Repeat("x", e.size-at) + "}")
	return b.String()
}

// bytes is how much of the record a field takes.
func (f *recordField) bytes() int {
	n := f.size
	for _, size := range f.shape {
		n *= size
	}
	return n
}

// view says whether memory with elements e can be seen as elements want; the error says why not.
func (e *element) view(want *element) error {
	switch {
	case e.swapped && e.size > 1:
		return fmt.Errorf("elements of format %q have the bytes of another machine's order; use astype to change it, or As to copy them", e.text)
	case e.kind == "T" && want.kind == "T":
		return e.viewRecord(want)
	case e.kind == "T" || want.kind == "T" || e.goType == nil:
		return fmt.Errorf("the elements are %s, not %s", e.name(), want.name())
	case want.goType != e.goType:
		return fmt.Errorf("the elements are %s, not %s", e.name(), want.name())
	}
	return nil
}

func (e *element) viewRecord(want *element) error {
	if e.size != want.size {
		return fmt.Errorf("the records have %d bytes, not %d", e.size, want.size)
	}
	for i := range want.fields {
		w := &want.fields[i]
		f := e.field(w.name)
		if f == nil {
			return fmt.Errorf("the records have no field %q", w.name)
		}
		if f.offset != w.offset || !slices.Equal(f.shape, w.shape) {
			return fmt.Errorf("field %q has offset %d and shape %v, not %d and %v", w.name, f.offset, f.shape, w.offset, w.shape)
		}
		if err := f.view(&w.element); err != nil {
			return fmt.Errorf("field %q: %w", w.name, err)
		}
	}
	return nil
}

func (e *element) field(name string) *recordField {
	for i := range e.fields {
		if e.fields[i].name == name {
			return &e.fields[i]
		}
	}
	return nil
}

// name is what an error calls the element.
func (e *element) name() string {
	if t := e.goType; t != nil {
		return t.String()
	}
	if e.kind == "T" {
		return "records"
	}
	return fmt.Sprintf("of format %q, which has no type in Go", e.text)
}

// load reads the element at an address as a value of the nearest Go type.
func (e *element) load(at unsafe.Pointer) (reflect.Value, error) {
	var scratch [16]byte
	if e.swapped && !isText(e.kind) && e.size <= len(scratch) {
		copy(scratch[:], unsafe.Slice((*byte)(at), e.size))
		half := e.size
		if e.kind[0] == 'Z' {
			half /= 2 // each of two numbers by itself
		}
		for i := 0; i < e.size; i += half {
			slices.Reverse(scratch[i : i+half])
		}
		at = unsafe.Pointer(&scratch)
	}
	switch {
	case e.kind == "e" && e.size == 2:
		return reflect.ValueOf(halfFloat(*(*uint16)(at))), nil
	case e.kind == "s":
		return reflect.ValueOf(strings.TrimRight(string(unsafe.Slice((*byte)(at), e.size)), "\x00")), nil
	case e.kind == "w":
		return reflect.ValueOf(e.loadText(at)), nil
	}
	t := e.goType
	if t == nil {
		return reflect.Value{}, fmt.Errorf("elements of format %q have no type in Go", e.text)
	}
	v := reflect.New(t).Elem()
	copy(unsafe.Slice((*byte)(v.Addr().UnsafePointer()), e.size), unsafe.Slice((*byte)(at), e.size)) // it may stand at any address
	return v, nil
}

// loadText reads a text of characters of four bytes.
func (e *element) loadText(at unsafe.Pointer) string {
	var b strings.Builder
	for i := 0; i < e.size; i += 4 {
		c := slices.Clone(unsafe.Slice((*byte)(unsafe.Add(at, i)), 4))
		if e.swapped == littleEndian() {
			slices.Reverse(c)
		}
		r := rune(c[0]) | rune(c[1])<<8 | rune(c[2])<<16 | rune(c[3])<<24
		if r != 0 {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// halfFloat returns the value of a float of 16 bits.
func halfFloat(bits uint16) float32 {
	sign := float32(1)
	if bits>>15 != 0 {
		sign = -1
	}
	exponent, fraction := int(bits>>10&0x1f), float64(bits&0x3ff)
	switch exponent {
	case 0:
		return sign * float32(math.Ldexp(fraction, -24))
	case 0x1f:
		if fraction != 0 {
			return float32(math.NaN())
		}
		return sign * float32(math.Inf(1))
	}
	return sign * float32(math.Ldexp(1024+fraction, exponent-25))
}

func littleEndian() bool {
	one := uint16(1)
	return *(*byte)(unsafe.Pointer(&one)) == 1
}
