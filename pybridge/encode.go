package pybridge

import (
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// ErrClosed says that an object was used after its Close.
var ErrClosed = errors.New("the Python object has been closed")

// A Referrer stands for a Python object, which is what Python gets when one is passed.
type Referrer interface {
	PyObject() *Object
}

// An encoder writes Go values into a frame.
type encoder struct {
	r     *Runtime
	f     *capi.Frame
	depth int
	rules *Converters // of the caller, or nil
}

// maxDepth is how deeply values may be nested: what is deeper is a ring.
const maxDepth = 500

// encodeAll writes values one after the other.
func (r *Runtime) encodeAll(f *capi.Frame, values []any) error {
	for i, v := range values {
		if f.Aux() == nil && scalar(f, v) {
			continue
		}
		if err := r.encode(f, v); err != nil {
			return fmt.Errorf("argument %d: %w", i+1, err)
		}
	}
	return nil
}

// encode writes one value.
func (r *Runtime) encode(f *capi.Frame, v any) error {
	rules := rulesOf(f)
	if rules == nil && scalar(f, v) {
		return nil
	}
	e := encoder{r: r, f: f, rules: rules}
	return e.value(v)
}

// scalar writes what needs no encoder. It is apart so that calls with plain arguments allocate
// nothing.
func scalar(f *capi.Frame, v any) bool {
	switch v := v.(type) {
	case nil:
		f.None()
	case int:
		f.Int(int64(v))
	case string:
		f.Str(v)
	case float64:
		f.Float(v)
	case bool:
		f.Bool(v)
	case *Object:
		return v != nil && v.put(f)
	default:
		return false
	}
	return true
}

func (e *encoder) value(v any) error {
	if e.rules != nil {
		if done, err := e.ruled(v); done {
			return err
		}
	}
	return e.unruled(v)
}

// unruled writes a value that no rule of the caller is for.
func (e *encoder) unruled(v any) error {
	if scalar(e.f, v) {
		return nil
	}
	e.depth++
	defer func() { e.depth-- }()
	if e.depth > maxDepth {
		return errors.New("the value is nested too deeply, or contains itself")
	}
	if done, err := e.known(v); done {
		return err
	}
	return e.reflected(reflect.ValueOf(v))
}

// known writes the types that have a meaning of their own.
func (e *encoder) known(v any) (done bool, err error) {
	switch v := v.(type) {
	case *Object:
		if v == nil {
			e.f.None()
			return true, nil
		}
		return true, ErrClosed
	case Ref:
		return true, e.reference(v)
	case interface{ PyChain() *Chain }:
		return true, e.chain(v.PyChain())
	case Referrer:
		return true, e.value(v.PyObject())
	case Kw:
		return true, errors.New("keywords must stand last")
	case []byte:
		e.f.Bytes(v)
	case *big.Int:
		e.bigInt(v)
	case *big.Rat:
		return true, e.rational(v)
	case *big.Float:
		return true, e.bigFloat(v)
	case Decimal:
		return true, e.built(e.r.python.decimal, string(v))
	case time.Time:
		return true, e.time(v)
	case time.Duration:
		return true, e.duration(v)
	case *time.Location:
		return true, e.location(v)
	case Path:
		return true, e.built(e.r.python.path, string(v))
	case json.RawMessage:
		return true, e.built(e.r.python.parsed, string(v))
	case Range:
		return true, e.built(e.r.python.rangeOf, v.Start, v.Stop, v.step())
	case Tuple:
		return true, e.values(capi.TagTuple, v)
	case HashSet:
		return true, e.values(capi.TagSet, v)
	case FrozenSet:
		return true, e.values(capi.TagFrozenSet, v)
	case []any:
		return true, e.values(capi.TagList, v)
	case Dict:
		return true, e.dict(v)
	case Array:
		return true, e.array(v)
	case matrix:
		return true, e.matrix(v)
	case *Table:
		return true, e.table(v)
	case short:
		return true, e.short(v)
	case Slice:
		return true, e.built(e.r.python.slice, v.Start, v.Stop, v.Step)
	case ellipsis:
		e.r.python.ellipsis.put(e.f)
	case error:
		return true, e.exception(v)
	default:
		return false, nil
	}
	return true, nil
}

func (e *encoder) values(tag capi.Tag, values []any) error {
	e.f.Container(tag, len(values))
	for i, v := range values {
		if err := e.value(v); err != nil {
			return inside(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

func (e *encoder) dict(d Dict) error {
	e.f.Container(capi.TagDict, len(d))
	for _, item := range d {
		if err := e.value(item.Key); err != nil {
			return inside(" key", err)
		}
		if err := e.value(item.Value); err != nil {
			return inside(fmt.Sprintf("[%v]", item.Key), err)
		}
	}
	return nil
}

// built writes the call of a Python function whose result is the value.
func (e *encoder) built(function *Object, args ...any) error {
	rules := e.rules
	e.rules = nil // they are for what the user passes
	defer func() { e.rules = rules }()
	e.f.Build(len(args))
	function.put(e.f)
	for _, a := range args {
		if err := e.value(a); err != nil {
			return err
		}
	}
	return nil
}

// reflected writes a value by the kind of its type.
func (e *encoder) reflected(v reflect.Value) error {
	switch v.Kind() {
	case reflect.Bool:
		e.f.Bool(v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		e.f.Int(v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		e.f.Uint(v.Uint())
	case reflect.Float32, reflect.Float64:
		e.f.Float(v.Float())
	case reflect.Complex64, reflect.Complex128:
		e.f.Complex(v.Complex())
	case reflect.String:
		e.f.Str(v.String())
	case reflect.Slice, reflect.Array:
		return e.sequence(v)
	case reflect.Map:
		return e.mapping(v)
	case reflect.Struct:
		return e.structure(v)
	case reflect.Func:
		if isSequence(v.Type()) && !v.IsNil() {
			return e.sequenceOf(v)
		}
		return e.function(v, 0)
	case reflect.Chan:
		if v.Type().ChanDir()&reflect.RecvDir == 0 {
			return fmt.Errorf("a %s has no counterpart in Python", v.Type())
		}
		return e.channel(v)
	case reflect.Interface:
		return e.value(v.Interface())
	case reflect.Pointer:
		return e.pointer(v)
	default:
		return fmt.Errorf("a %s has no counterpart in Python", v.Type())
	}
	return nil
}

// pointer writes what a pointer leads to where that is shared anyway (an array) or where nil is the
// reason for the pointer (a number, a text, a time). Other structs, and what has methods, are objects in
// Python that stand for the Go value.
func (e *encoder) pointer(v reflect.Value) error {
	if v.IsNil() {
		e.f.None()
		return nil
	}
	if isProxied(v.Type()) {
		return e.proxy(v)
	}
	if elem := v.Type().Elem(); elem.Kind() == reflect.Array && elementFormat(elem.Elem()) != "" {
		return e.numbers(v.Elem().Slice(0, v.Elem().Len()), nil)
	}
	return e.value(v.Elem().Interface())
}

func (e *encoder) sequence(v reflect.Value) error {
	elem := v.Type().Elem()
	if isUUID(v.Type()) {
		return e.built(e.r.python.uuid, bytesOf(v))
	}
	if elem.Kind() == reflect.Uint8 {
		e.f.Bytes(bytesOf(v))
		return nil
	}
	if e.rules == nil || !e.rules.within(v.Type()) {
		if elementFormat(elem) != "" {
			return e.numbers(sliceOf(v), nil)
		}
		if flat, shape, ok := rectangle(v); ok {
			return e.numbers(flat, shape)
		}
	}
	e.f.Container(capi.TagList, v.Len())
	if texts, is := v.Interface().([]string); is && e.rules == nil {
		for _, s := range texts {
			e.f.Str(s)
		}
		return nil
	}
	for i := range v.Len() {
		if err := e.item(v.Index(i)); err != nil {
			return inside(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

// item writes an element without boxing it, where it is of a plain kind.
func (e *encoder) item(v reflect.Value) error {
	if v.Kind() == reflect.String && v.Type() == stringType && e.rules == nil {
		e.f.Str(v.String())
		return nil
	}
	return e.value(v.Interface())
}

// mapping writes a dict; a map to empty structs is a set. Keys are sorted, so that the same map
// gives the same dict every time.
func (e *encoder) mapping(v reflect.Value) error {
	if done, err := e.plainMap(v.Interface()); done {
		return err
	}
	keys := sortedKeys(v)
	isSet := v.Type().Elem().Kind() == reflect.Struct && v.Type().Elem().NumField() == 0
	if isSet {
		e.f.Container(capi.TagSet, len(keys))
	} else {
		e.f.Container(capi.TagDict, len(keys))
	}
	for _, k := range keys {
		if err := e.key(k); err != nil {
			return inside(" key", err)
		}
		if isSet {
			continue
		}
		if err := e.item(v.MapIndex(k)); err != nil {
			return inside(fmt.Sprintf("[%v]", k), err)
		}
	}
	return nil
}

// key writes the key of a dict, or what is in a set. Arrays are tuples there: Python compares and keeps
// them as Go does.
func (e *encoder) key(v reflect.Value) error {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if v.Kind() != reflect.Array || isUUID(v.Type()) || v.Type().Elem().Kind() == reflect.Uint8 {
		return e.item(v)
	}
	e.f.Container(capi.TagTuple, v.Len())
	for i := range v.Len() {
		if err := e.key(v.Index(i)); err != nil {
			return inside(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}

func (e *encoder) structure(v reflect.Value) error {
	fields := fieldsOf(v.Type())
	if text, is := v.Interface().(encoding.TextMarshaler); is && len(fields) == 0 {
		return e.marshalled(text)
	}
	mark := e.f.Mark()
	e.f.Container(capi.TagDict, 0)
	n := 0
	for _, field := range fields {
		value, ok := fieldByIndex(v, field.index)
		if !ok || field.omitEmpty && value.IsZero() {
			continue
		}
		e.f.Str(field.name)
		if err := e.item(value); err != nil {
			return inside("."+field.name, err)
		}
		n++
	}
	e.f.SetCount(mark, n)
	return nil
}

// marshalled writes a struct that shows nothing but its text, such as a netip.Addr.
func (e *encoder) marshalled(v encoding.TextMarshaler) error {
	text, err := v.MarshalText()
	if err != nil {
		return fmt.Errorf("the text of a %T: %w", v, err)
	}
	e.f.Str(string(text))
	return nil
}

func sortedKeys(v reflect.Value) []reflect.Value {
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		switch a.Kind() {
		case reflect.String:
			return compare(a.String(), b.String())
		case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
			return compare(a.Int(), b.Int())
		case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
			return compare(a.Uint(), b.Uint())
		case reflect.Float32, reflect.Float64:
			return compare(a.Float(), b.Float())
		}
		return compare(fmt.Sprint(a), fmt.Sprint(b))
	})
	return keys
}

func compare[T string | int64 | uint64 | float64](a, b T) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
