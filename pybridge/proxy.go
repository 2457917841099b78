package pybridge

import (
	"encoding"
	"errors"
	"fmt"
	"reflect"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// A Ref makes a pointer, or a map, an object in Python that stands for the Go value, where it would be
// copied: Ref{&numbers} is a list whose changes Go sees, Ref{m} a dict. Pointers to structs are such
// objects without it.
type Ref struct{ Value any }

func (e *encoder) reference(ref Ref) error {
	v := reflect.ValueOf(ref.Value)
	switch {
	case v.Kind() != reflect.Pointer && v.Kind() != reflect.Map:
		return fmt.Errorf("a Ref needs a pointer or a map, not a %T", ref.Value)
	case v.IsNil():
		e.f.None()
		return nil
	}
	return e.proxy(v)
}

// isProxied reports whether a pointer of a type becomes an object that stands for the Go value.
func isProxied(t reflect.Type) bool {
	switch elem := t.Elem(); elem.Kind() {
	case reflect.Struct:
		return !isValue(elem)
	case reflect.Slice, reflect.Map, reflect.Func, reflect.Chan, reflect.Array:
		return t.NumMethod() > 0 && !isUUID(elem)
	}
	return false
}

// isValue reports whether a struct is a single value and no record of its fields.
func isValue(t reflect.Type) bool {
	return special[t] || len(fieldsOf(t)) == 0 && t.Implements(reflect.TypeFor[encoding.TextMarshaler]())
}

// proxy writes the object that stands for a Go value: always the same one, as long as Python has it.
func (e *encoder) proxy(v reflect.Value) error {
	class, err := e.r.classOf(v.Type())
	if err != nil {
		return fmt.Errorf("making a class of %v: %w", v.Type(), err)
	}
	make, err := e.r.helper("gopy_kernel.proxies", "proxy")
	if err != nil {
		return err
	}
	id := process.values.addPointer(v)
	e.f.Build(3)
	make.put(e.f)
	class.put(e.f)
	e.f.Ref(id)
	e.f.Int(int64(id))
	return nil
}

// goValue returns the Go value that Python refers to.
func (r *Runtime) goValue(id uint64) (any, error) {
	switch v := process.values.get(id).(type) {
	case nil:
		return nil, errors.New("this Go value is gone")
	case *function:
		if v.method != nil {
			return nil, fmt.Errorf("the method %s without its value has no Go counterpart", v.method.name)
		}
		return v.plain, nil
	default:
		return v, nil
	}
}

// goValue reads an object that is a Go value: as that value, or as what it points to.
func (d *decoder) goValue(v reflect.Value) error {
	d.words.Header()
	h := capi.Handle(d.words.Word())
	d.words.Header()
	stand, err := d.runtime.goValue(d.words.Word())
	if err != nil {
		dropLater(h)
		return d.fail(err)
	}
	value := reflect.ValueOf(stand)
	switch t := value.Type(); {
	case t.AssignableTo(v.Type()):
		v.Set(value)
	case t.Kind() == reflect.Pointer && t.Elem().AssignableTo(v.Type()):
		v.Set(value.Elem())
	case isSequence(v.Type()):
		v.Set(sequenceFrom(newObject(h), v.Type()))
		return nil
	case v.Kind() == reflect.Func: // another type of function: Python converts between the two
		v.Set(functionFrom(newObject(h), v.Type()))
		return nil
	default:
		err = d.fail(fmt.Errorf("want %v, got Go's %v", v.Type(), t))
	}
	dropLater(h)
	return err
}

// ClassFor returns the Python class of *T. Called in Python it makes a value with the given function,
// which returns a *T and perhaps an error; where that is nil, a zero T whose fields are set from the
// arguments, in their order or by name. Python code may derive classes from it; the last function that
// was given is the one.
func ClassFor[T any](constructor any) (*Object, error) {
	r, err := started()
	if err != nil {
		return nil, err
	}
	class, err := r.classOf(reflect.TypeFor[*T]())
	if err != nil || constructor == nil {
		return class, err
	}
	static, err := r.helper("builtins", "staticmethod")
	if err != nil {
		return nil, err
	}
	function, err := static.Call(constructor)
	if err != nil {
		return nil, err
	}
	return class, class.SetAttr("_new", function)
}
