package pybridge

import (
	"fmt"
	"reflect"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// Converters are rules for conversions that a program wants otherwise than the bridge makes them. They
// hold for arguments, for results, and for what is inside of them, where they are asked for: for calls of
// an Object with Using, or everywhere with Runtime.Convert.
//
//	c := new(pybridge.Converters)
//	pybridge.ToPython(c, func(x float64) (any, error) { return pybridge.Decimal(fmt.Sprint(x)), nil })
//	err := pybridge.FromPython(c, decimal, func(o *pybridge.Object) (float64, error) { … })
//	total, err := pybridge.CallAs[any](sum.Using(c), []float64{0.1, 0.2})
//
// All rules are added before the Converters are used; then any goroutine may use them.
type Converters struct {
	to    map[reflect.Type]func(any) (any, error)
	likes []reflect.Type // interfaces among the keys of to
	from  []func(*Object) (any, error)
	table *Object // a dict of Python: classes to numbers of rules
}

// noRules keeps the rules of the process away from what the bridge itself calls.
var noRules = new(Converters)

// ToPython adds a rule for values of a Go type: instead of the value, Python gets what f returns, which is
// converted as any other value. If T is an interface, the rule is for all types that implement it and have
// none of their own.
func ToPython[T any](c *Converters, f func(T) (any, error)) {
	if c.to == nil {
		c.to = map[reflect.Type]func(any) (any, error){}
	}
	t := reflect.TypeFor[T]()
	if t.Kind() == reflect.Interface {
		c.likes = append(c.likes, t)
	}
	c.to[t] = func(v any) (any, error) { return f(v.(T)) }
}

// FromPython adds a rule for objects of a class, or of one derived from it that has none of its own:
// instead of what they would be in Go, As and its relatives give what f returns, where that fits the type
// that is asked for.
func FromPython[T any](c *Converters, class *Object, f func(*Object) (T, error)) error {
	r, err := started()
	if err != nil {
		return err
	}
	if c.table == nil {
		rules, err := r.helper("gopy_kernel.classes", "Rules")
		if err != nil {
			return err
		}
		if c.table, err = rules.Call(); err != nil {
			return err
		}
		c.table.rules = noRules
	}
	if _, err := c.table.Method("add", class, len(c.from)); err != nil {
		return err
	}
	c.from = append(c.from, func(o *Object) (any, error) { return f(o) })
	return nil
}

// Convert makes rules hold for everything that is not done with an Object that has its own; nil takes them
// away. They hold for the arguments and results of Go functions that Python calls, too.
func (r *Runtime) Convert(c *Converters) {
	process.rules.Store(c)
	if c == nil || c.table == nil {
		capi.SetRules(0)
	} else {
		capi.SetRules(capi.Handle(c.table.word))
	}
}

// Using returns the object as one whose calls, and the results of these, are converted by rules. For an
// Object without rules it is given nil.
func (o *Object) Using(c *Converters) *Object {
	if c == nil {
		c = noRules
	}
	if o.kind != capi.TagObject || o.word == 0 {
		return &Object{kind: o.kind, word: o.word, rules: c}
	}
	f := capi.NewFrame()
	defer f.Free()
	o.put(f)
	f.Run(capi.WantHandle)
	same := newObject(capi.Handle(f.Word()))
	same.rules = c
	return same
}

// converters returns the rules for what is done with an object, or nil.
func (o *Object) converters(r *Runtime) *Converters {
	switch o.rules {
	case nil:
		return process.rules.Load()
	case noRules:
		return nil
	}
	return o.rules
}

// begin begins a program with the object, and with its rules. It reports false when the object has been
// closed.
func (o *Object) begin(r *Runtime, f *capi.Frame) bool {
	if c := o.converters(r); c != nil {
		c.attach(f)
	}
	return o.put(f)
}

// attach makes a frame one that is converted by the rules.
func (c *Converters) attach(f *capi.Frame) {
	h := capi.Handle(0)
	if c.table != nil {
		h = capi.Handle(c.table.word)
	}
	f.Rules(h, c)
}

func rulesOf(f *capi.Frame) *Converters {
	c, _ := f.Aux().(*Converters)
	return c
}

// passOn gives the result of an object its rules.
func (o *Object) passOn(result *Object, err error) (*Object, error) {
	if err != nil || o.rules == nil || o.rules == noRules {
		return result, err
	}
	if result.kind != capi.TagObject {
		return &Object{kind: result.kind, word: result.word, rules: o.rules}, nil
	}
	result.rules = o.rules
	return result, nil
}

func (c *Converters) rule(t reflect.Type) func(any) (any, error) {
	if f := c.to[t]; f != nil {
		return f
	}
	for _, like := range c.likes {
		if t.Implements(like) {
			return c.to[like]
		}
	}
	return nil
}

// within reports whether a rule is for what a slice or an array consists of.
func (c *Converters) within(t reflect.Type) bool { return c.rule(innermost(t)) != nil }

// ruled writes a value that a rule is for. What the rule returns is not asked for again, but what is in it
// is.
func (e *encoder) ruled(v any) (done bool, err error) {
	if _, is := v.(Referrer); is || v == nil || isObject(reflect.TypeOf(v)) {
		return false, nil
	}
	f := e.rules.rule(reflect.TypeOf(v))
	if f == nil {
		return false, nil
	}
	w, err := f(v)
	if err != nil {
		return true, fmt.Errorf("converting a %T: %w", v, err)
	}
	return true, e.unruled(w)
}

// ruled reads an object that a rule is for. What the rule gives must fit; else it is as if there were none.
func (d *decoder) ruled(v reflect.Value) error {
	_, code := d.words.Header()
	o := newObject(capi.Handle(d.words.Word()))
	d.skip(1)
	value, err := d.rules.fromPython(code-capi.ExtRule, o)
	if err != nil {
		return d.fail(err)
	}
	got := reflect.ValueOf(value)
	switch {
	case got.IsValid() && got.Type().AssignableTo(v.Type()):
		v.Set(got)
		return nil
	case !got.IsValid() && v.Kind() == reflect.Interface:
		v.SetZero()
		return nil
	}
	if err := o.Using(nil).decodeInto(v); err != nil {
		return d.fail(err)
	}
	return nil
}

func (c *Converters) fromPython(rule int, o *Object) (any, error) {
	return c.from[rule](o.Using(nil)) // the rule asks for what the object is without it
}
