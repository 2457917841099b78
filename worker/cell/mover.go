package cell

import (
	"fmt"
	"reflect"
	"slices"
	"unsafe"
)

// A mover brings values up to the types that their names mean now.
type mover struct {
	next    map[reflect.Type]reflect.Type // from a declared type to what its name means now
	layouts map[pair]bool
	assumed []pair // those that are alike, in the order in which they were looked at
	holds   map[reflect.Type]bool
	renewed map[reflect.Type]reflect.Type
	seen    map[visit]bool          // what was looked through
	built   map[visit]reflect.Value // what was built anew, by what it was built of and as what
	at      string                  // the variable, for notices
	notices []string
}

// A visit is a place in memory, taken for a type. The length tells slices of one array apart.
type visit struct {
	at     unsafe.Pointer
	typ    reflect.Type
	length int
}

func newMover(next map[reflect.Type]reflect.Type) *mover {
	return &mover{
		next: next, layouts: map[pair]bool{}, holds: map[reflect.Type]bool{}, renewed: map[reflect.Type]reflect.Type{},
		seen: map[visit]bool{}, built: map[visit]reflect.Value{},
	}
}

func (m *mover) note(format string, args ...any) {
	if notice := fmt.Sprintf(format, args...); !slices.Contains(m.notices, notice) {
		m.notices = append(m.notices, notice)
	}
}

// open makes a value settable that was found in an unexported field.
func open(v reflect.Value) reflect.Value {
	if v.CanSet() || !v.CanAddr() {
		return v
	}
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
}

// renew looks a value through, in its place, for interfaces that hold values of types that were
// declared anew.
func (m *mover) renew(v reflect.Value) {
	if !m.mayHold(v.Type()) {
		return
	}
	v = open(v)
	switch v.Kind() {
	case reflect.Interface:
		m.renewInterface(v)
	case reflect.Pointer:
		if !v.IsNil() && m.first(v.UnsafePointer(), v.Type(), 0) {
			m.renew(v.Elem())
		}
	case reflect.Slice:
		if m.first(v.UnsafePointer(), v.Type(), v.Len()) {
			for i := range v.Len() {
				m.renew(v.Index(i))
			}
		}
	case reflect.Array:
		for i := range v.Len() {
			m.renew(v.Index(i))
		}
	case reflect.Struct:
		for i := range v.NumField() {
			m.renew(v.Field(i))
		}
	case reflect.Map:
		if !v.IsNil() && m.first(v.UnsafePointer(), v.Type(), 0) {
			m.renewMap(v)
		}
	}
}

func (m *mover) first(at unsafe.Pointer, t reflect.Type, length int) bool {
	k := visit{at, t, length}
	if m.seen[k] {
		return false
	}
	m.seen[k] = true
	return true
}

// renewInterface gives an interface a value of the type that its value's type has become. It is set in
// any case: its table of methods may be that of an interface type that was declared anew.
func (m *mover) renewInterface(v reflect.Value) {
	held := v.Elem()
	if !held.IsValid() {
		return
	}
	t := m.renewType(held.Type())
	value := reflect.New(t).Elem()
	switch {
	case t == held.Type():
		value.Set(held)
	case m.alike(held.Type(), t):
		source := reflect.New(held.Type())
		source.Elem().Set(held)
		value = reflect.NewAt(t, source.UnsafePointer()).Elem()
	case !m.convert(value, held):
		m.note("%s holds a value of the %v that was before", m.at, t)
		return
	}
	m.renew(value)
	if !value.Type().AssignableTo(v.Type()) {
		m.note("%s holds a %v, which is no %v any more", m.at, t, v.Type())
		return
	}
	v.Set(value)
}

// renewMap renews the keys and values of a map; neither can be changed in its place.
func (m *mover) renewMap(v reflect.Value) {
	type entry struct{ old, key, value reflect.Value }
	var entries []entry
	for i := v.MapRange(); i.Next(); {
		e := entry{i.Key(), reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()}
		e.key.Set(i.Key())
		e.value.Set(i.Value())
		entries = append(entries, e)
	}
	for _, e := range entries {
		m.renew(e.key)
		m.renew(e.value)
		if e.old.Equal(e.old) { // a key that is not itself, NaN, cannot be found again
			v.SetMapIndex(e.old, reflect.Value{})
			v.SetMapIndex(e.key, e.value)
		}
	}
}
