package cell

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"sync"
	"unsafe"
)

var registry = struct {
	sync.Mutex
	units     map[string]func(*Run)
	variables map[string]*Variable
	types     map[string][]declaredType // by name, the newest last
	symbol    func(library, name string) (unsafe.Pointer, error)
	generic   map[string]bool // names of generic types that were declared anew since the last Move
	told      map[string]bool // notes of what stays as it is, which are told once
}{
	units: map[string]func(*Run){}, variables: map[string]*Variable{},
	types: map[string][]declaredType{}, generic: map[string]bool{}, told: map[string]bool{},
}

// Register makes a unit's code known under the unit's name.
func Register(unit string, run func(*Run)) {
	registry.Lock()
	defer registry.Unlock()
	registry.units[unit] = run
}

// Registered finds the code of a unit; nil if no such unit was loaded.
func Registered(unit string) func(*Run) {
	registry.Lock()
	defer registry.Unlock()
	return registry.units[unit]
}

// A Variable is a session variable.
type Variable struct {
	Name, Key string
	value     reflect.Value // the pointer to it
	left      bool          // it was built anew as another type, and only closures have this one
}

// Value is the variable itself: it can be set, and changes when a cell changes it.
func (v *Variable) Value() reflect.Value { return v.value.Elem() }

// Var sets a pointer to the heap cell of a session variable, which it makes at first. It is given the pointer's address:
// generated code may not be able to write the type, and a type parameter would make the compiler write the methods of
// what the type embeds into each cell, which took it 10 ms for a variable of a generated package's type.
func Var(pointer any, name, key string) {
	p := reflect.ValueOf(pointer)
	*(*unsafe.Pointer)(p.UnsafePointer()) = variable(name, key, p.Type().Elem().Elem())
}

// Place is Var for a type of which the compiler allows no value in the heap. It takes a pointer to a
// variable of the unit, which becomes the session variable if there is none yet, and returns the pointer
// to the session variable.
func Place(name, key string, place any) any {
	registry.Lock()
	defer registry.Unlock()
	v := registry.variables[key]
	if v == nil {
		v = &Variable{Name: name, Key: key, value: reflect.ValueOf(place)}
		registry.variables[key] = v
	}
	return v.value.Interface()
}

func variable(name, key string, t reflect.Type) unsafe.Pointer {
	registry.Lock()
	defer registry.Unlock()
	v := registry.variables[key]
	if v == nil {
		v = &Variable{Name: name, Key: key, value: reflect.New(t)}
		registry.variables[key] = v
	}
	if v.value.Type().Elem() != t {
		panic(fmt.Sprintf("variable %s is a %v and was declared as a %v: restart the worker", name, t, v.value.Type().Elem()))
	}
	return v.value.UnsafePointer()
}

// Variables are the session variables with the given keys, or all, by name.
func Variables(keys ...string) []*Variable {
	registry.Lock()
	defer registry.Unlock()
	var found []*Variable
	for key, v := range registry.variables {
		if len(keys) == 0 || slices.Contains(keys, key) {
			found = append(found, v)
		}
	}
	slices.SortFunc(found, func(a, b *Variable) int { return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Key, b.Key)) })
	return found
}
