package pybridge

import (
	"fmt"
	"iter"
	"math"
	"runtime"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// An Object is a Python object. It stays in Python: what is done to it happens there, and As copies
// its value out when Go wants one.
//
// None, bools, floats and ints of 64 bits are carried by value, which costs neither a reference nor a
// clean-up; for every other object an Object owns one reference, dropped by Close or some time after
// the Object has become garbage. An Object may be used from several goroutines; Close must come after
// all other uses.
type Object struct {
	kind    capi.Tag // TagObject, or the tag of the value
	word    uint64   // the handle, or the value
	cleanup runtime.Cleanup
	rules   *Converters // see Using; nil for those of the process
}

// None, True and False.
var (
	None  = &Object{kind: capi.TagNone}
	True  = &Object{kind: capi.TagTrue}
	False = &Object{kind: capi.TagFalse}
)

// newObject takes over a reference.
func newObject(h capi.Handle) *Object {
	o := &Object{kind: capi.TagObject, word: uint64(h)}
	o.cleanup = runtime.AddCleanup(o, dropLater, h)
	pressure.noteObject()
	return o
}

// put writes the object into a frame. It reports false when the object has been closed.
func (o *Object) put(f *capi.Frame) bool {
	switch o.kind {
	case capi.TagObject:
		if o.word == 0 {
			return false
		}
		f.Object(capi.Handle(o.word))
		f.Keep(o)
	case capi.TagInt:
		f.Int(int64(o.word))
	case capi.TagFloat:
		f.Float(math.Float64frombits(o.word))
	case capi.TagNone:
		f.None()
	default:
		f.Bool(o.kind == capi.TagTrue)
	}
	return true
}

// Close drops the reference now instead of when the Object is garbage, which matters for objects
// that are large, or that other things wait for. The Object must not be used afterwards. Closing it
// again does nothing.
func (o *Object) Close() {
	if o == nil || o.kind != capi.TagObject || o.word == 0 {
		return
	}
	h := capi.Handle(o.word)
	o.word = 0
	o.cleanup.Stop()
	runtime.KeepAlive(o) // garbage before Stop has taken the clean-up away, it would be dropped twice
	capi.Release([]capi.Handle{h})
}

// PyObject returns the object itself, so that it is a Referrer.
func (o *Object) PyObject() *Object { return o }

// Call calls the object. Arguments are converted as the package comment says; keywords come last, as
// a Kw. The goroutine waits, and Python code that it calls runs on its thread.
func (o *Object) Call(args ...any) (*Object, error) {
	v, err := o.callOnce(capi.StepCall, "", args)
	if wantsCaller(err) {
		return o.callFromMain(args)
	}
	return v, err
}

// callOnce calls the object or a method of it, or reads an attribute.
func (o *Object) callOnce(step capi.Step, name string, args []any) (*Object, error) {
	if res, ok := o.few(step, name, args, capi.WantObject); ok {
		return o.passOn(fewResult(res))
	}
	return o.callByFrame(step, name, args)
}

// callByFrame stands by itself for the sake of callOnce: a defer there would cost more than the rest of it.
func (o *Object) callByFrame(step capi.Step, name string, args []any) (*Object, error) {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.call(f, step, name, args, capi.WantObject); err != nil {
		return nil, err
	}
	return o.passOn(result(f))
}

// Method calls a method of the object.
func (o *Object) Method(name string, args ...any) (*Object, error) {
	v, err := o.callOnce(capi.StepMethod, name, args)
	if !wantsCaller(err) {
		return v, err
	}
	method, err := o.Attr(name)
	if err != nil {
		return nil, err
	}
	defer method.Close()
	return method.callFromMain(args)
}

// Attr returns an attribute.
func (o *Object) Attr(name string) (*Object, error) { return o.callOnce(capi.StepGetAttr, name, nil) }

// SetAttr sets an attribute.
func (o *Object) SetAttr(name string, value any) error {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.named(f, capi.StepSetAttr, name); err != nil {
		return err
	}
	return o.finish(f, value)
}

// DelAttr removes an attribute.
func (o *Object) DelAttr(name string) error {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.named(f, capi.StepDelAttr, name); err != nil {
		return err
	}
	return o.finish(f)
}

// Index returns an item: o[key], or o[i, j] for several. Slice makes the i:j of Python.
func (o *Object) Index(key ...any) (*Object, error) {
	if len(key) == 1 {
		if res, ok := o.few(capi.StepGetItem, "", key, capi.WantObject); ok {
			return o.passOn(fewResult(res))
		}
	}
	f := capi.NewFrame()
	defer f.Free()
	if err := o.keyed(f, capi.StepGetItem, key); err != nil {
		return nil, err
	}
	f.Run(capi.WantObject)
	return o.passOn(result(f))
}

// SetIndex sets an item: o[key] = value, or o[i, j] = value for several.
func (o *Object) SetIndex(value any, key ...any) error {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.keyed(f, capi.StepSetItem, key); err != nil {
		return err
	}
	return o.finish(f, value)
}

// DelIndex removes an item.
func (o *Object) DelIndex(key ...any) error {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.keyed(f, capi.StepDelItem, key); err != nil {
		return err
	}
	return o.finish(f)
}

// Contains reports whether value is in the object, as Python's in does.
func (o *Object) Contains(value any) (bool, error) {
	return o.truth(capi.StepContains, 1, value)
}

// Equal compares as Python's == does.
func (o *Object) Equal(value any) (bool, error) {
	const equal = 2 // Py_EQ
	return o.truth(capi.StepCompare, equal, value)
}

// Is reports whether both are the same Python object. Numbers that are carried by value have no
// identity; they are never the same.
func (o *Object) Is(other *Object) bool {
	if o.kind != other.kind {
		return false
	}
	switch o.kind {
	case capi.TagObject:
		return o.word == other.word && o.word != 0
	case capi.TagInt, capi.TagFloat:
		return false
	}
	return true
}

// IsNone reports whether the object is None.
func (o *Object) IsNone() bool { return o.kind == capi.TagNone }

// Truth reports whether Python takes the object as true.
func (o *Object) Truth() (bool, error) { return o.truth(capi.StepTruth, 0) }

// Len returns what Python's len does.
func (o *Object) Len() (int, error) {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.step(f, capi.StepLen, 0, capi.WantObject); err != nil {
		return 0, err
	}
	if err := failure(f); err != nil {
		return 0, err
	}
	return int(f.Word()), nil
}

// Repr returns what Python's repr does.
func (o *Object) Repr() (string, error) { return o.text(capi.StepRepr) }

// Str returns what Python's str does.
func (o *Object) Str() (string, error) { return o.text(capi.StepStr) }

// String is Str for printing: an exception becomes part of the text.
func (o *Object) String() string {
	if o == nil {
		return "<nil>"
	}
	s, err := o.Str()
	if err != nil {
		return fmt.Sprintf("<Python object: %v>", err)
	}
	return s
}

// Type returns the type of the object.
func (o *Object) Type() (*Object, error) {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.step(f, capi.StepType, 0, capi.WantObject); err != nil {
		return nil, err
	}
	return result(f)
}

// Iter goes through the object as Python's for does. An exception is yielded last, with a nil
// object.
func (o *Object) Iter() iter.Seq2[*Object, error] {
	return func(yield func(*Object, error) bool) {
		items, err := o.iterator()
		if err != nil {
			yield(nil, err)
			return
		}
		defer items.Close()
		for {
			item, err := items.next()
			if item == nil && err == nil || !yield(item, err) || err != nil {
				return
			}
		}
	}
}

func (o *Object) iterator() (*Object, error) {
	f := capi.NewFrame()
	defer f.Free()
	if err := o.step(f, capi.StepIter, 0, capi.WantHandle); err != nil {
		return nil, err
	}
	return o.passOn(result(f))
}

// next returns nil at the end.
func (o *Object) next() (*Object, error) {
	if res, ok := o.few(capi.StepNext, "", nil, capi.WantObject); ok {
		if res.Kind() == capi.TagStop {
			return nil, nil
		}
		return o.passOn(fewResult(res))
	}
	f := capi.NewFrame()
	defer f.Free()
	if err := o.step(f, capi.StepNext, 0, capi.WantObject); err != nil {
		return nil, err
	}
	if f.Kind() == capi.TagStop {
		return nil, nil
	}
	return o.passOn(result(f))
}
