package pybridge

import (
	"context"
	"fmt"
	"reflect"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// function reads a Python callable as a Go function. Its arguments and results are converted as those
// of CallAs; several results come from a tuple. A first parameter of type context.Context can end the
// call, a last one of type Kw is its keywords. What goes wrong is the last result if that is an error,
// and a panic otherwise.
func (d *decoder) function(v reflect.Value) error {
	if isSequence(v.Type()) && d.words.Peek() != capi.TagNone {
		return d.iterated(v)
	}
	switch d.words.Peek() {
	case capi.TagNone:
		d.words.Header()
		v.SetZero()
		return nil
	case capi.TagObject:
		d.words.Header()
		v.Set(functionFrom(newObject(capi.Handle(d.words.Word())), v.Type()))
		return nil
	}
	return d.mismatch(v.Type())
}

// functionFrom makes a Go function that calls an object.
func functionFrom(callable *Object, t reflect.Type) reflect.Value {
	return reflect.MakeFunc(t, func(in []reflect.Value) []reflect.Value { return callPython(callable, t, in) })
}

func callPython(callable *Object, t reflect.Type, in []reflect.Value) []reflect.Value {
	out := make([]reflect.Value, t.NumOut())
	for i := range out {
		out[i] = reflect.New(t.Out(i)).Elem()
	}
	results := out
	fails := len(out) > 0 && t.Out(len(out)-1) == errorType
	if fails {
		results = out[:len(out)-1]
	}
	err := callInto(callable, t, in, results)
	switch {
	case err == nil:
	case fails:
		out[len(out)-1].Set(reflect.ValueOf(err))
	default:
		panic(err)
	}
	return out
}

func callInto(callable *Object, t reflect.Type, in, results []reflect.Value) error {
	ctx := context.Background()
	var args []any
	for i, v := range in {
		switch {
		case i == 0 && t.In(0) == contextType:
			ctx = v.Interface().(context.Context)
		case t.IsVariadic() && i == len(in)-1:
			for j := range v.Len() {
				args = append(args, v.Index(j).Interface())
			}
		default:
			args = append(args, v.Interface())
		}
	}
	o, err := interruptible(ctx, func() (*Object, error) { return callable.Call(args...) })
	if err != nil {
		return err
	}
	return takeResults(o, results)
}

func takeResults(o *Object, results []reflect.Value) error {
	switch len(results) {
	case 0:
		return nil
	case 1:
		return o.decodeInto(results[0])
	}
	parts, err := As[[]*Object](o)
	if err != nil {
		return err
	}
	if len(parts) != len(results) {
		return fmt.Errorf("want %d results, got %d", len(results), len(parts))
	}
	for i, part := range parts {
		if err := part.decodeInto(results[i]); err != nil {
			return inside(fmt.Sprintf("[%d]", i), err)
		}
	}
	return nil
}
