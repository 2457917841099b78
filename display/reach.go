package display

import (
	"reflect"
	"unsafe"
)

// addressable gives v, or a copy of it, in memory that field can reach into. A copied struct may
// hold a locked mutex: the copy is only read, and no method with a pointer receiver is called on it.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	c := reflect.New(v.Type()).Elem()
	c.Set(v)
	return c
}

// field gives field i of an addressable struct, free of the mark that reflect puts on unexported
// fields. Values live in package main, where unexported fields are the usual ones: without this
// their String methods could not be called, and a time.Duration would show as a number.
func field(v reflect.Value, i int) reflect.Value {
	f := v.Field(i)
	if f.CanInterface() {
		return f
	}
	return reflect.NewAt(f.Type(), unsafe.Pointer(f.UnsafeAddr())).Elem()
}

// follow goes through pointers and interfaces to what they hold, a few steps at most, so that a
// pointer to itself ends, and not past a pointer that has a text of its own. It gives an invalid
// value for nil.
func follow(v reflect.Value) reflect.Value {
	for range 4 {
		if v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface || formOf(v.Type()) != noForm {
			break
		}
		v = v.Elem()
	}
	return v
}

func isNil(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan, reflect.Interface, reflect.UnsafePointer:
		return v.IsNil()
	}
	return false
}
