package pybridge

import (
	"runtime"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// Hash returns Python's hash of the object.
func (o *Object) Hash() (int, error) {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.step(f, capi.StepHash, 0, capi.WantObject); err != nil {
		return 0, err
	}
	if err := failure(f); err != nil {
		return 0, err
	}
	return int(f.Word()), nil
}

// ID returns what Python's id does: a number that no other object has while this one lives. It is 0 for
// numbers, None and bools, which are carried by value.
func (o *Object) ID() uint64 {
	if o.kind != capi.TagObject {
		return 0
	}
	return o.word
}

// IsInstance reports whether the object is of a class or one derived from it.
func (o *Object) IsInstance(class *Object) (bool, error) {
	return callHelper[bool]("builtins", "isinstance", o, class)
}

// HasAttr reports whether the object has an attribute. Like Python's hasattr it has to get it.
func (o *Object) HasAttr(name string) (bool, error) {
	return callHelper[bool]("builtins", "hasattr", o, name)
}

// Dir returns the names of the object's attributes, as Python's dir does.
func (o *Object) Dir() ([]string, error) { return ask[[]string](o, "names") }

// Methods returns the names of the attributes that can be called. No property is evaluated for it.
func (o *Object) Methods() ([]string, error) { return ask[[]string](o, "methods") }

// Attrs returns the names of the attributes that are no methods. No property is evaluated for it.
func (o *Object) Attrs() ([]string, error) { return ask[[]string](o, "attributes") }

// Doc returns the docstring without its indentation; it is empty if there is none.
func (o *Object) Doc() (string, error) { return ask[string](o, "doc") }

// Signature returns the parameters of a callable as Python writes them, such as "(x, /, *, key=None)". It
// is empty where Python does not know them.
func (o *Object) Signature() (string, error) { return ask[string](o, "signature") }

// Help returns the text that Python's help prints.
func (o *Object) Help() (string, error) { return ask[string](o, "help_text") }

// Pickle returns the object as bytes, from which Unpickle makes another like it, in this process or in
// another. Go functions and other values of this process cannot be pickled.
func (o *Object) Pickle() ([]byte, error) {
	return callHelper[[]byte]("pickle", "dumps", o, Kw{"protocol": -1})
}

// Unpickle makes an object of what Pickle returned. Bytes from somewhere else may run any code.
func (r *Runtime) Unpickle(data []byte) (*Object, error) {
	f, err := r.helper("pickle", "loads")
	if err != nil {
		return nil, err
	}
	return f.Call(data)
}

// A WeakRef refers to an object without keeping it alive.
type WeakRef struct{ ref *Object }

// Weak returns a weak reference to the object. Objects of some types, such as lists, have none.
func (o *Object) Weak() (*WeakRef, error) {
	f, err := startedHelper("weakref", "ref")
	if err != nil {
		return nil, err
	}
	ref, err := f.Call(o)
	if err != nil {
		return nil, err
	}
	return &WeakRef{ref}, nil
}

// Object returns the object, or nil if it is gone.
func (w *WeakRef) Object() (*Object, error) {
	o, err := w.ref.Call()
	if err != nil || o.IsNone() {
		return nil, err
	}
	runtime.KeepAlive(w)
	return o, nil
}
