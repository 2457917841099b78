package py

import (
	"context"
	"iter"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// An Object is a Python object.
type Object pybridge.Object

// Kw holds keyword arguments; it stands last in a call.
type Kw = pybridge.Kw

// A Tuple is a Python tuple.
type Tuple = pybridge.Tuple

// A HashSet is a Python set.
type HashSet = pybridge.HashSet

// A FrozenSet is a Python frozenset.
type FrozenSet = pybridge.FrozenSet

// A Dict is a Python dict, in its order.
type Dict = pybridge.Dict

// An Item is one pair of a Dict.
type Item = pybridge.Item

// An Array hands Go memory to Python as a numpy array of a given shape.
type Array = pybridge.Array

// A Slice is what stands between the brackets in a[1:10:2].
type Slice = pybridge.Slice

// A Range is Python's range.
type Range = pybridge.Range

// A Decimal is a decimal.Decimal by its text.
type Decimal = pybridge.Decimal

// A Path is a pathlib.Path.
type Path = pybridge.Path

// A UUID is a uuid.UUID.
type UUID = pybridge.UUID

// Ellipsis is the ... of Python.
var Ellipsis = pybridge.Ellipsis

// An Error is a Python exception.
type Error = pybridge.Error

// A View is the memory of a Python array, opened for Go.
type View[T any] = pybridge.View[T]

// A Referrer stands for a Python object: an *Object, an *Error, or a value of a type that stands for a class.
type Referrer = pybridge.Referrer

// ClassOf returns the class that a type of package pygen's stands for.
func ClassOf[T pybridge.Classed]() *Object { return object(pybridge.ClassOf[T]()) }

// OpenView opens the memory of an array for Go.
func OpenView[T any](o Referrer) *View[T] { return must(pybridge.OpenView[T](o.PyObject())) }

// As copies the value of a Python object into a Go type.
func As[T any](o Referrer) T { return must(pybridge.As[T](o.PyObject())) }

// CallAs calls an object and copies the result into a Go type.
func CallAs[T any](o Referrer, args ...any) T { return must(pybridge.CallAs[T](o.PyObject(), args...)) }

// MethodAs calls a method and copies the result into a Go type.
func MethodAs[T any](o Referrer, name string, args ...any) T {
	return must(pybridge.MethodAs[T](o.PyObject(), name, args...))
}

// AttrAs reads an attribute into a Go type.
func AttrAs[T any](o Referrer, name string) T { return must(pybridge.AttrAs[T](o.PyObject(), name)) }

// PyObject returns the object as the library knows it.
func (o *Object) PyObject() *pybridge.Object { return (*pybridge.Object)(o) }

// Call calls the object.
func (o *Object) Call(args ...any) *Object { return object(o.PyObject().Call(args...)) }

// Method calls a method of the object.
func (o *Object) Method(name string, args ...any) *Object {
	return object(o.PyObject().Method(name, args...))
}

// Attr returns an attribute.
func (o *Object) Attr(name string) *Object { return object(o.PyObject().Attr(name)) }

// SetAttr sets an attribute.
func (o *Object) SetAttr(name string, value any) { check(o.PyObject().SetAttr(name, value)) }

// DelAttr removes an attribute.
func (o *Object) DelAttr(name string) { check(o.PyObject().DelAttr(name)) }

// Index returns an item.
func (o *Object) Index(key ...any) *Object { return object(o.PyObject().Index(key...)) }

// SetIndex sets an item.
func (o *Object) SetIndex(value any, key ...any) { check(o.PyObject().SetIndex(value, key...)) }

// DelIndex removes an item.
func (o *Object) DelIndex(key ...any) { check(o.PyObject().DelIndex(key...)) }

// Contains reports whether value is in the object.
func (o *Object) Contains(value any) bool { return must(o.PyObject().Contains(value)) }

// Equal compares as Python's == does.
func (o *Object) Equal(value any) bool { return must(o.PyObject().Equal(value)) }

// Is reports whether both are the same Python object.
func (o *Object) Is(other Referrer) bool { return o.PyObject().Is(other.PyObject()) }

// IsNone reports whether the object is None.
func (o *Object) IsNone() bool { return o.PyObject().IsNone() }

// Truth reports whether Python takes the object as true.
func (o *Object) Truth() bool { return must(o.PyObject().Truth()) }

// Len returns what Python's len does.
func (o *Object) Len() int { return must(o.PyObject().Len()) }

// Repr returns what Python's repr does.
func (o *Object) Repr() string { return must(o.PyObject().Repr()) }

// Str returns what Python's str does.
func (o *Object) Str() string { return must(o.PyObject().Str()) }

// String is Str for printing.
func (o *Object) String() string { return o.PyObject().String() }

// Type returns the type of the object.
func (o *Object) Type() *Object { return object(o.PyObject().Type()) }

// Iter goes through the object as Python's for does.
func (o *Object) Iter() iter.Seq[*Object] {
	return func(yield func(*Object) bool) {
		for item, err := range o.PyObject().Iter() {
			check(err)
			if !yield((*Object)(item)) {
				return
			}
		}
	}
}

// Await waits for a coroutine and returns its result. When the context ends it is cancelled.
func (o *Object) Await(ctx context.Context) *Object { return object(o.PyObject().Await(ctx)) }

// CallAwait calls the object on the loop of Await and waits for what it returns.
func (o *Object) CallAwait(ctx context.Context, args ...any) *Object {
	return object(o.PyObject().CallAwait(ctx, args...))
}

// MethodAwait calls a method of the object on the loop of Await and waits for what it returns.
func (o *Object) MethodAwait(ctx context.Context, name string, args ...any) *Object {
	return object(o.PyObject().MethodAwait(ctx, name, args...))
}

// AsyncIter goes through the object as Python's async for does.
func (o *Object) AsyncIter(ctx context.Context) iter.Seq[*Object] {
	return func(yield func(*Object) bool) {
		for item, err := range o.PyObject().AsyncIter(ctx) {
			check(err)
			if !yield((*Object)(item)) {
				return
			}
		}
	}
}

// AsyncWith runs body as Python's async with statement does. The context of the body ends early if Python cancels it. An
// exception or panic of the body goes through __aexit__, which may take an exception away.
func (o *Object) AsyncWith(ctx context.Context, body func(ctx context.Context, entered *Object)) {
	check(o.PyObject().AsyncWith(ctx, func(ctx context.Context, entered *pybridge.Object) (err error) {
		defer catch(&err)
		body(ctx, (*Object)(entered))
		return nil
	}))
}

// With runs body as Python's with statement does. An exception or panic of the body goes through
// __exit__, which may take an exception away.
func (o *Object) With(body func(entered *Object)) {
	check(o.PyObject().With(func(entered *pybridge.Object) (err error) {
		defer catch(&err)
		body((*Object)(entered))
		return nil
	}))
}

// Close drops the reference now.
func (o *Object) Close() { o.PyObject().Close() }

// MIMEBundle returns the object in the forms in which it can be shown.
func (o *Object) MIMEBundle() display.Bundle { return o.PyObject().MIMEBundle() }

func object(o *pybridge.Object, err error) *Object {
	check(err)
	return (*Object)(o)
}

func must[T any](v T, err error) T {
	check(err)
	return v
}

// catch is deferred by what is between the two faces: an exception is an error again, other panics go on.
func catch(err *error) {
	switch v := recover().(type) {
	case nil:
	case *Error:
		*err = v
	default:
		panic(v)
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
