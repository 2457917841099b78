package pybridge

import (
	"fmt"
	"reflect"
)

// A method is one of a Go type, which a Python class calls with the value as its first argument.
type method struct {
	of   reflect.Type
	name string
}

// method writes a method of a type as a Python callable.
func (e *encoder) method(t reflect.Type, m reflect.Method) {
	s := newSignature(m.Type, 1)
	id := process.values.add(&function{value: m.Func, method: &method{t, m.Name}, signature: s})
	e.f.Func(id, s.fixed()+1, s.flags, s.depths, m.Name, describeMethod(t, m))
}

// describeMethod is the declaration of a method: "func (*T) Name(int) string".
func describeMethod(t reflect.Type, m reflect.Method) string {
	bound := reflect.Zero(t).Method(m.Index).Type().String()
	return fmt.Sprintf("func (%v) %s%s", t, m.Name, bound[len("func"):])
}

// receiver reads the value that a method is called with.
func (f *function) receiver(d *decoder, positional, keywords int) (reflect.Value, error) {
	m := f.method
	v := reflect.New(m.of).Elem()
	if positional == 0 {
		d.skip(2 * keywords)
		return v, &argumentError{fmt.Errorf("%s() needs a %v", m.name, m.of)}
	}
	err := d.whole(v)
	if err == nil && v.IsNil() {
		err = d.fail(fmt.Errorf("want %v, got None", m.of))
	}
	if err != nil {
		return v, &argumentError{err}
	}
	return v, nil
}

func (f *function) name() string {
	if f.method != nil {
		return f.method.name
	}
	return functionName(f.value)
}
