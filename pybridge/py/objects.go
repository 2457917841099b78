package py

import (
	"context"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// Op applies an operator as Python does: a.Op("+", b), or a.Op("-") for one before its value.
func (o *Object) Op(operator string, other ...any) *Object {
	return object(o.PyObject().Op(operator, other...))
}

// OpAs applies an operator and copies the result into a Go type.
func OpAs[T any](o Referrer, operator string, other ...any) T {
	return must(pybridge.OpAs[T](o.PyObject(), operator, other...))
}

// Compare compares as Python does with <, <=, ==, !=, > and >=.
func (o *Object) Compare(operator string, other any) bool {
	return must(o.PyObject().Compare(operator, other))
}

// Hash returns Python's hash of the object.
func (o *Object) Hash() int { return must(o.PyObject().Hash()) }

// ID returns what Python's id does.
func (o *Object) ID() uint64 { return o.PyObject().ID() }

// IsInstance reports whether the object is of a class or one derived from it.
func (o *Object) IsInstance(class Referrer) bool {
	return must(o.PyObject().IsInstance(class.PyObject()))
}

// HasAttr reports whether the object has an attribute.
func (o *Object) HasAttr(name string) bool { return must(o.PyObject().HasAttr(name)) }

// Dir returns the names of the object's attributes.
func (o *Object) Dir() []string { return must(o.PyObject().Dir()) }

// Methods returns the names of the attributes that can be called.
func (o *Object) Methods() []string { return must(o.PyObject().Methods()) }

// Attrs returns the names of the attributes that are no methods.
func (o *Object) Attrs() []string { return must(o.PyObject().Attrs()) }

// Doc returns the docstring.
func (o *Object) Doc() string { return must(o.PyObject().Doc()) }

// Signature returns the parameters of a callable as Python writes them.
func (o *Object) Signature() string { return must(o.PyObject().Signature()) }

// Help returns the text that Python's help prints.
func (o *Object) Help() string { return must(o.PyObject().Help()) }

// Pickle returns the object as bytes.
func (o *Object) Pickle() []byte { return must(o.PyObject().Pickle()) }

// Unpickle makes an object of what Pickle returned.
func Unpickle(data []byte) *Object { return object(Runtime().Unpickle(data)) }

// A WeakRef refers to an object without keeping it alive.
type WeakRef struct{ ref *pybridge.WeakRef }

// Weak returns a weak reference to the object.
func (o *Object) Weak() *WeakRef { return &WeakRef{must(o.PyObject().Weak())} }

// Object returns the object, or nil if it is gone.
func (w *WeakRef) Object() *Object { return object(w.ref.Object()) }

// A Future is the result of a call that is under way.
type Future struct{ future *pybridge.Future }

// Go calls the object on a goroutine of its own.
func (o *Object) Go(args ...any) *Future {
	return &Future{o.PyObject().Go(context.Background(), args...)}
}

// GoMethod calls a method of the object on a goroutine of its own.
func (o *Object) GoMethod(name string, args ...any) *Future {
	return &Future{o.PyObject().GoMethod(context.Background(), name, args...)}
}

// Done is closed when the call has ended.
func (f *Future) Done() <-chan struct{} { return f.future.Done() }

// Wait returns what the call did.
func (f *Future) Wait() *Object { return object(f.future.Wait()) }

// A Ref makes a pointer, or a map, an object in Python that stands for the Go value.
type Ref = pybridge.Ref

// A Class describes a Python class that is written in Go.
type Class struct {
	Name       string
	Doc        string
	Bases      []*Object
	Methods    map[string]any // func(self *py.Object, …)
	Static     map[string]any
	Properties map[string]Property
	Attrs      map[string]any
	Keywords   Kw
}

// A Property is an attribute behind which functions stand.
type Property = pybridge.Property

// NewClass makes a Python class.
func NewClass(c Class) *Object {
	bases := make([]*pybridge.Object, len(c.Bases))
	for i, b := range c.Bases {
		bases[i] = b.PyObject()
	}
	return object(Runtime().NewClass(pybridge.ClassConfig{Name: c.Name, Doc: c.Doc, Bases: bases, Methods: c.Methods,
		Static: c.Static, Properties: c.Properties, Attrs: c.Attrs, Keywords: c.Keywords}))
}

// Super returns the object as one of the bases of a class that it is of.
func (o *Object) Super(class Referrer) *Object { return object(o.PyObject().Super(class.PyObject())) }

// ClassFor returns the Python class of *T, which makes values with the given function.
func ClassFor[T any](constructor any) *Object {
	Runtime()
	return object(pybridge.ClassFor[T](constructor))
}

// Converters are rules for conversions that a program wants otherwise; see pybridge.ToPython and
// FromPython for how they are made.
type Converters = pybridge.Converters

// Using returns the object as one whose calls, and the results of these, are converted by rules.
func (o *Object) Using(c *Converters) *Object { return (*Object)(o.PyObject().Using(c)) }

// ToPython adds a rule for values of a Go type.
func ToPython[T any](c *Converters, f func(T) any) {
	pybridge.ToPython(c, func(v T) (any, error) { return f(v), nil })
}

// FromPython adds a rule for objects of a class.
func FromPython[T any](c *Converters, class Referrer, f func(*Object) T) {
	check(pybridge.FromPython(c, class.PyObject(), func(o *pybridge.Object) (v T, err error) {
		defer catch(&err)
		return f((*Object)(o)), nil
	}))
}

// Convert makes rules hold for everything that is not done with an Object that has its own.
func Convert(c *Converters) { Runtime().Convert(c) }
