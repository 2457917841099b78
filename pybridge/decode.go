package pybridge

import (
	"errors"
	"fmt"
	"math/big"
	"reflect"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// What the Python side (classes.py) writes for types that words cannot carry. A time is seconds since
// 1970, nanoseconds, offset or None, zone or None; None stands for what has no value.
const (
	extSubclass  = 1  // of a built-in type: what it holds
	extNumber    = 2  // a numpy scalar: its Python number
	extDatetime  = 3  // a time
	extTimedelta = 4  // days, seconds, nanoseconds
	extFraction  = 5  // numerator, denominator
	extDecimal   = 6  // its text
	extText      = 7  // a path: its text
	extBytes     = 8  // bytearray and memoryview: their bytes
	extFields    = 9  // a dataclass or a numpy record: dict of its fields
	extMoment    = 10 // a date or another library's datetime: a time
	extException = 11 // None
	extUUID      = 12 // its text, its bytes
	extRange     = 13 // start, stop, step
	extSlice     = 14 // start, stop, step
	extZone      = 15 // name or None, offset or None
	extNamed     = 16 // a namedtuple: dict of its items
	extCopy      = 17 // an object of another process: a copy of it
)

var objectType = reflect.TypeFor[*Object]()

// A decoder turns words into Go values. It owns the handles in its words: each becomes an Object or
// is dropped, also when decoding fails.
type decoder struct {
	runtime *Runtime
	words   *capi.Reader
	rules   *Converters // of the caller, or nil
}

// whole reads the value that all the words are. A path to what failed begins with its type.
func (d *decoder) whole(v reflect.Value) error {
	tag := d.words.Peek()
	if ext := d.nextExt(); ext != 0 {
		tag = d.behindExt()
	}
	err := d.value(v)
	var p *pathError
	if errors.As(err, &p) {
		return inside(tagNames[tag], err)
	}
	return err
}

// value reads one value into v. After an error the rest of the words has been dropped.
func (d *decoder) value(v reflect.Value) error {
	if isObject(v.Type()) {
		return d.object(v)
	}
	switch ext := d.nextExt(); {
	case ext == capi.ExtGo:
		return d.goValue(v)
	case ext >= capi.ExtRule:
		return d.ruled(v)
	case ext == extCopy:
		d.unwrap()
		return d.value(v)
	}
	if special[v.Type()] {
		return d.special(v)
	}
	if d.words.Peek() == capi.TagStr && readsText(v) {
		return d.text(v)
	}
	switch v.Kind() {
	case reflect.Interface:
		return d.dynamic(v)
	case reflect.Pointer:
		return d.pointer(v)
	case reflect.Slice, reflect.Array:
		return d.sequence(v)
	case reflect.Map:
		return d.mapping(v)
	case reflect.Struct:
		return d.structure(v)
	case reflect.Func:
		return d.function(v)
	}
	return d.scalar(v)
}

// fail drops what is left of the words.
func (d *decoder) fail(err error) error {
	for !d.words.Empty() {
		d.words.Skip(dropLater)
	}
	return err
}

func (d *decoder) mismatch(want reflect.Type) error {
	return d.fail(fmt.Errorf("want %v, got %s", want, d.describe()))
}

// describe names what comes next, for a message.
func (d *decoder) describe() string {
	tag := d.words.Peek()
	if name, found := tagNames[tag]; found {
		return name
	}
	if tag != capi.TagObject && tag != capi.TagExt {
		return "an unknown value"
	}
	words := d.words.Clone()
	words.Header()
	f := capi.NewFrame()
	defer f.Free()
	f.Object(capi.Handle(words.Word()))
	f.Step(capi.StepType, 0)
	f.Step(capi.StepGetAttr, 1)
	d.runtime.putName(f, "__qualname__")
	f.Run(capi.WantValue)
	text, err := textResult(f)
	if err != nil {
		return "an object"
	}
	return text
}

var tagNames = map[capi.Tag]string{
	capi.TagNone: "None", capi.TagFalse: "bool", capi.TagTrue: "bool", capi.TagInt: "int", capi.TagBigInt: "int",
	capi.TagFloat: "float", capi.TagComplex: "complex", capi.TagStr: "str", capi.TagBytes: "bytes",
	capi.TagList: "list", capi.TagTuple: "tuple", capi.TagDict: "dict", capi.TagSet: "set",
	capi.TagFrozenSet: "frozenset",
}

// object reads an object. Numbers, texts and bytes among the words are made objects again; containers
// are not, because objectDepth kept them from being copied.
func (d *decoder) object(v reflect.Value) error {
	o, err := d.asObject()
	if err != nil {
		return d.fail(err)
	}
	if err := setObject(v, o); err != nil {
		return d.fail(err)
	}
	return nil
}

func (d *decoder) asObject() (*Object, error) {
	switch d.words.Peek() {
	case capi.TagObject:
		d.words.Header()
		return newObject(capi.Handle(d.words.Word())), nil
	case capi.TagExt:
		d.words.Header()
		o := newObject(capi.Handle(d.words.Word()))
		d.words.Skip(dropLater)
		return o, nil
	}
	value, err := d.any()
	if err != nil {
		return nil, err
	}
	return d.runtime.Of(value)
}

// pointer reads None as nil, and anything else as what the pointer leads to.
func (d *decoder) pointer(v reflect.Value) error {
	if d.words.Peek() == capi.TagNone {
		d.words.Header()
		v.SetZero()
		return nil
	}
	p := reflect.New(v.Type().Elem())
	if err := d.value(p.Elem()); err != nil {
		return err
	}
	v.Set(p)
	return nil
}

func (d *decoder) dynamic(v reflect.Value) error {
	value, err := d.any()
	if err != nil {
		return d.fail(err)
	}
	if value == nil {
		v.SetZero()
		return nil
	}
	if !reflect.TypeOf(value).AssignableTo(v.Type()) {
		return d.fail(fmt.Errorf("want %v, got %T", v.Type(), value))
	}
	v.Set(reflect.ValueOf(value))
	return nil
}

// unwrap passes the object in front of a value that stands for it, where the value will do.
func (d *decoder) unwrap() (ext int) {
	if d.words.Peek() != capi.TagExt {
		return 0
	}
	_, ext = d.words.Header()
	dropLater(capi.Handle(d.words.Word()))
	return ext
}

func (d *decoder) scalar(v reflect.Value) error {
	if d.words.Peek() == capi.TagObject {
		return d.opened(v)
	}
	switch v.Kind() {
	case reflect.Bool:
		return d.bool(v)
	case reflect.String:
		return d.string(v)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
		reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return d.integer(v)
	case reflect.Float32, reflect.Float64:
		return d.float(v)
	case reflect.Complex64, reflect.Complex128:
		return d.complex(v)
	}
	return d.mismatch(v.Type())
}

func (d *decoder) bool(v reflect.Value) error {
	if d.nextExt() == extNumber {
		d.unwrap()
	}
	switch d.words.Peek() {
	case capi.TagTrue, capi.TagFalse:
		tag, _ := d.words.Header()
		v.SetBool(tag == capi.TagTrue)
		return nil
	}
	return d.mismatch(v.Type())
}

// nextExt returns the code of the value that comes next, 0 if it has none.
func (d *decoder) nextExt() int {
	if d.words.Peek() != capi.TagExt {
		return 0
	}
	_, code := d.words.Clone().Header()
	return code
}

func (d *decoder) string(v reflect.Value) error {
	switch d.nextExt() {
	case extSubclass, extNumber, extText, extDecimal:
		if d.behindExt() == capi.TagStr {
			d.unwrap()
		}
	case extUUID: // its text, its bytes
		d.unwrap()
		d.words.Header()
		defer d.skip(1)
	}
	if d.words.Peek() != capi.TagStr {
		return d.mismatch(v.Type())
	}
	_, n := d.words.Header()
	v.SetString(d.words.Text(n))
	return nil
}

// behindExt returns the tag of the value that stands for the next object.
func (d *decoder) behindExt() capi.Tag {
	words := d.words.Clone()
	words.Header()
	words.Word()
	return words.Peek()
}

func (d *decoder) unwrapNumber() {
	switch d.nextExt() {
	case extSubclass, extNumber:
		switch d.behindExt() {
		case capi.TagInt, capi.TagUint, capi.TagBigInt, capi.TagFloat, capi.TagComplex:
			d.unwrap()
		}
	}
}

func (d *decoder) integer(v reflect.Value) error {
	d.unwrapNumber()
	switch d.words.Peek() {
	case capi.TagInt:
		d.words.Header()
		return d.setInt(v, int64(d.words.Word()))
	case capi.TagBigInt:
		n, err := d.bigInt()
		if err != nil {
			return d.fail(err)
		}
		return d.setBig(v, n)
	}
	return d.mismatch(v.Type())
}

func (d *decoder) setInt(v reflect.Value, n int64) error {
	if v.CanInt() && !v.OverflowInt(n) {
		v.SetInt(n)
		return nil
	}
	if v.CanUint() && n >= 0 && !v.OverflowUint(uint64(n)) {
		v.SetUint(uint64(n))
		return nil
	}
	return d.fail(fmt.Errorf("%d does not fit into %v", n, v.Type()))
}

func (d *decoder) setBig(v reflect.Value, n *big.Int) error {
	if v.CanUint() && n.IsUint64() && !v.OverflowUint(n.Uint64()) {
		v.SetUint(n.Uint64())
		return nil
	}
	return d.fail(fmt.Errorf("%s does not fit into %v", shorten(n.String()), v.Type()))
}

func shorten(digits string) string {
	if len(digits) > 40 {
		return fmt.Sprintf("%s… (%d digits)", digits[:30], len(digits))
	}
	return digits
}

func (d *decoder) bigInt() (*big.Int, error) {
	_, n := d.words.Header()
	value, ok := new(big.Int).SetString(d.words.Text(n), 16)
	if !ok {
		return nil, errors.New("a number without digits came from Python")
	}
	return value, nil
}

func (d *decoder) float(v reflect.Value) error {
	d.unwrapNumber()
	if d.nextExt() == extDecimal {
		return d.exactFloat(v)
	}
	switch d.words.Peek() {
	case capi.TagFloat:
		d.words.Header()
		x := d.words.Float()
		if v.OverflowFloat(x) {
			return d.fail(fmt.Errorf("%v does not fit into %v", x, v.Type()))
		}
		v.SetFloat(x)
		return nil
	case capi.TagInt:
		d.words.Header()
		n := int64(d.words.Word())
		x := float64(n)
		if v.Kind() == reflect.Float32 {
			x = float64(float32(n))
		}
		if x == 1<<63 || int64(x) != n {
			return d.fail(fmt.Errorf("%d has no exact %v", n, v.Type()))
		}
		v.SetFloat(x)
		return nil
	}
	return d.mismatch(v.Type())
}

func (d *decoder) complex(v reflect.Value) error {
	d.unwrapNumber()
	var c complex128
	switch d.words.Peek() {
	case capi.TagComplex:
		d.words.Header()
		re := d.words.Float()
		c = complex(re, d.words.Float())
	case capi.TagFloat:
		d.words.Header()
		c = complex(d.words.Float(), 0)
	case capi.TagInt:
		d.words.Header()
		n := int64(d.words.Word())
		if c = complex(float64(n), 0); int64(real(c)) != n {
			return d.fail(fmt.Errorf("%d has no exact %v", n, v.Type()))
		}
	default:
		return d.mismatch(v.Type())
	}
	if v.OverflowComplex(c) {
		return d.fail(fmt.Errorf("%v does not fit into %v", c, v.Type()))
	}
	v.SetComplex(c)
	return nil
}
