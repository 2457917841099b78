package pybridge

import (
	"fmt"
	"reflect"
)

// A method is one of a Go type, which a Python class calls with the value as its first argument.
type method struct {
	of    reflect.Type
	index int
	name  string
}

// method writes a method of a type as a Python callable.
func (e *encoder) method(t reflect.Type, m reflect.Method) {
	s := newSignature(m.Type, 1)
	id := process.values.add(&function{method: &method{t, m.Index, m.Name}, signature: s})
	e.f.Func(id, s.fixed()+1, s.flags, s.depths, m.Name, describeMethod(t, m))
}

// describeMethod is the declaration of a method: "func (*T) Name(int) string".
func describeMethod(t reflect.Type, m reflect.Method) string {
	bound := reflect.Zero(t).Method(m.Index).Type().String()
	return fmt.Sprintf("func (%v) %s%s", t, m.Name, bound[len("func"):])
}

// bind makes a function of a method and the value that Python passes first.
func (f *function) bind(d *decoder, positional, keywords int) (*function, error) {
	m := f.method
	if positional == 0 {
		d.skip(2 * keywords)
		return nil, &argumentError{fmt.Errorf("%s() needs a %v", m.name, m.of)}
	}
	v := reflect.New(m.of).Elem()
	err := d.whole(v)
	if err == nil && v.IsNil() {
		err = d.fail(fmt.Errorf("want %v, got None", m.of))
	}
	if err != nil {
		return nil, &argumentError{err}
	}
	return &function{value: v.Method(m.index), signature: f.signature, called: m.name}, nil
}

func (f *function) name() string {
	if f.called != "" {
		return f.called
	}
	return functionName(f.value)
}
