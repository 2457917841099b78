package pybridge

import (
	"fmt"
	"reflect"
	"sync"
)

// Classed is implemented by types that stand for a Python class: structs that embed an *Object and nothing else, as
// package pygen writes them. As, and the parameters of Go functions that Python calls, take instances of the class as
// values of the type, and refuse all else.
type Classed interface {
	// PyClass returns the module in which the class is found, and its name there. It is called on the zero value.
	PyClass() (module, name string)
}

// ClassOf returns the class that a type stands for.
func ClassOf[T Classed]() (*Object, error) {
	var v T
	r, err := Default()
	if err != nil {
		return nil, err
	}
	return r.From(v.PyClass())
}

// wrappers caches isWrapper: a pure function of the type.
var wrappers sync.Map

// isWrapper reports whether a struct with one field only embeds an *Object.
func isWrapper(t reflect.Type) bool {
	if cached, found := wrappers.Load(t); found {
		return cached.(bool)
	}
	field := t.Field(0)
	is := field.Anonymous && field.IsExported() && field.Type.Kind() == reflect.Pointer && isObject(field.Type)
	wrappers.Store(t, is)
	return is
}

// setObject sets what isObject.
func setObject(v reflect.Value, o *Object) error {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.ValueOf(o).Convert(v.Type()))
		return nil
	}
	if c, is := v.Interface().(Classed); is {
		if err := o.checkClass(c, v.Type()); err != nil {
			return err
		}
	}
	field := v.Field(0)
	field.Set(reflect.ValueOf(o).Convert(field.Type()))
	return nil
}

func (o *Object) checkClass(c Classed, t reflect.Type) error {
	r, err := started()
	if err != nil {
		return err
	}
	class, err := r.From(c.PyClass())
	if err != nil {
		return fmt.Errorf("the class that %v stands for: %w", t, err)
	}
	defer class.Close()
	if is, err := o.IsInstance(class); err != nil || is {
		return err
	}
	got, err := o.Type()
	if err != nil {
		return err
	}
	defer got.Close()
	name, err := AttrAs[string](got, "__qualname__")
	if err != nil {
		return err
	}
	return fmt.Errorf("want %v, got %s", t, name)
}
