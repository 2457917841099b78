package pybridge

import (
	"fmt"
	"reflect"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// As copies the value of a Python object into a Go type.
//
//	bool, str, bytes       bool, string, []byte
//	int                    any integer type that holds it, *big.Int, float64 if exact
//	float, complex         float64, float32, complex128, complex64
//	list, tuple, set       slices, arrays, Tuple, HashSet, map[K]struct{}
//	dict                   maps, Dict, structs (fields by name or by the tag `py:"name"`; first_name is FirstName too)
//	arrays and buffers     slices, one dimension each; OpenView shares the memory instead
//	structured arrays      slices of structs (fields by name)
//	datetime, timedelta    time.Time, time.Duration; arrays of datetime64 and timedelta64 slices of them
//	time zones             *time.Location
//	Fraction, Decimal      *big.Rat, Decimal, *big.Float to as many bits as the digits are worth
//	range, slice           Range, Slice
//	paths, UUIDs           string, Path, UUID and other arrays of bytes with that name
//	namedtuples, dataclasses, numpy records: structs, maps, Dict; namedtuples also what tuples are
//	callables              functions, which call Python
//	what can be iterated   iter.Seq, iter.Seq2
//	exceptions             error, *Error
//	None                   nil of a pointer, slice, map, function or any
//	everything             any, *Object
//	instances of a class   structs that embed an *Object alone; see Classed
//
// To any goes what has one obvious Go type: int, *big.Int above it, float64, complex128, string,
// []byte, bool, nil, []any, Tuple, Dict, HashSet, FrozenSet, time.Time, time.Duration, *time.Location,
// *big.Rat, Range, Slice, *Error; the rest stays an *Object. Nothing is rounded, cut or guessed: a value
// that does not fit is an error, which says where in the whole it was. Types that implement
// encoding.TextUnmarshaler are also read from str.
func As[T any](o *Object) (T, error) {
	var v T
	if t := reflect.TypeFor[T](); isObject(t) || isSequence(t) {
		return v, o.decodeInto(reflect.ValueOf(&v).Elem())
	}
	f := capi.NewFrame()
	defer f.Free()
	if err := o.export(f, reflect.TypeFor[T]()); err != nil {
		return v, err
	}
	err := scanInto(f, &v)
	return v, err
}

// CallAs calls the object and copies the result into a Go type, without making an Object of it: for
// results that are plain numbers, bools and short texts it is the fastest way to call.
func CallAs[T any](o *Object, args ...any) (T, error) { return stepAs[T](o, capi.StepCall, "", args) }

// MethodAs calls a method of the object as CallAs calls the object.
func MethodAs[T any](o *Object, name string, args ...any) (T, error) {
	return stepAs[T](o, capi.StepMethod, name, args)
}

// AttrAs reads an attribute into a Go type.
func AttrAs[T any](o *Object, name string) (T, error) {
	return stepAs[T](o, capi.StepGetAttr, name, nil)
}

func stepAs[T any](o *Object, step capi.Step, name string, args []any) (T, error) {
	if fewWanted[T]() {
		if res, ok := o.few(step, name, args, capi.WantValue); ok {
			return fewAs[T](res)
		}
	}
	v := new(T)
	err := o.stepInto(step, name, args, v)
	return *v, err
}

func (o *Object) stepInto(step capi.Step, name string, args []any, into any) error {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.call(f, step, name, args, wanted(f, into)); err != nil {
		return err
	}
	return scanInto(f, into)
}

// Decode is As for a type that is known at run time only: into is a pointer to it.
func (o *Object) Decode(into any) error {
	v := reflect.ValueOf(into)
	if v.Kind() != reflect.Pointer || v.IsNil() {
		return fmt.Errorf("decoding a Python object into a %T, which is no pointer", into)
	}
	return o.decodeInto(v.Elem())
}

func (o *Object) decodeInto(v reflect.Value) error {
	f := capi.NewFrame()
	defer f.Free()
	if isObject(v.Type()) {
		return setObject(v, o)
	}
	if isSequence(v.Type()) && !o.IsNone() {
		v.Set(sequenceFrom(o, v.Type()))
		return nil
	}
	if err := o.export(f, v.Type()); err != nil {
		return err
	}
	return decodeResult(f, v)
}

// wanted says what to ask of a call whose result goes into v, a pointer.
func wanted(f *capi.Frame, v any) capi.Want {
	switch v.(type) {
	case *int, *string, *float64, *bool:
		return capi.WantValue
	case **Object:
		return capi.WantObject
	}
	t := reflect.TypeOf(v).Elem()
	if isObject(t) || isSequence(t) {
		return capi.WantObject
	}
	f.Depth(max(objectDepth(t), 0))
	return capi.WantValue
}

// export asks for the value of the object, as far as a type wants it.
func (o *Object) export(f *capi.Frame, t reflect.Type) error {
	r, err := started()
	if err != nil {
		return err
	}
	if !o.begin(r, f) {
		return ErrClosed
	}
	f.Depth(max(objectDepth(t), 0))
	f.Run(capi.WantValue)
	return nil
}

// scanInto reads a result into the plain types by themselves, because reflection would cost more than
// the call, and all others through it.
func scanInto(f *capi.Frame, into any) error {
	kind := f.Kind()
	switch p := into.(type) {
	case *int:
		if kind == capi.TagInt {
			*p = int(f.Word())
			return nil
		}
	case *string:
		if kind == capi.TagStr || kind == capi.TagStrRef {
			*p = f.Text()
			return nil
		}
	case *float64:
		if kind == capi.TagFloat {
			*p = f.Number()
			return nil
		}
	case *bool:
		if kind == capi.TagTrue || kind == capi.TagFalse {
			*p = kind == capi.TagTrue
			return nil
		}
	case **Object:
		o, err := result(f)
		*p = o
		return err
	}
	return decodeResult(f, reflect.ValueOf(into).Elem())
}

// decodeResult reads any result through reflection.
func decodeResult(f *capi.Frame, into reflect.Value) error {
	if err := failure(f); err != nil {
		return err
	}
	r, err := started()
	if err != nil {
		return err
	}
	d := decoder{runtime: r, words: f.Value(), rules: rulesOf(f)}
	return d.whole(into)
}
