package cell

import (
	"reflect"
	"strings"
)

// A pair of types that are compared, or were.
type pair struct{ old, new reflect.Type }

// alike reports whether values of two types lie in memory alike and mean the same there: the types
// differ in the names and methods of the declared types in them at most.
func (m *mover) alike(old, new reflect.Type) bool {
	if old == new {
		return true
	}
	p := pair{old, new}
	if known, ok := m.layouts[p]; ok {
		return known // or assumed, while a recursive type is compared
	}
	before := len(m.assumed)
	m.layouts[p], m.assumed = true, append(m.assumed, p)
	same := old.Kind() == new.Kind() && old.Size() == new.Size() && m.sameNames(old, new) && m.partsAlike(old, new)
	if !same {
		// What was found alike since may have been so only if this pair was.
		for _, q := range m.assumed[before:] {
			delete(m.layouts, q)
		}
		m.layouts[p], m.assumed = false, m.assumed[:before]
	}
	return same
}

// sameNames reports whether two types have one name, or none: a type of another name is another type,
// however it is built. Of an instance of a generic type it learns here what it has become.
func (m *mover) sameNames(old, new reflect.Type) bool {
	if old.Name() != "" && old.Name() == new.Name() && old.PkgPath() == mainPath && m.next[old] == nil {
		m.next[old] = new
	}
	return old.Name() == new.Name() && old.PkgPath() == new.PkgPath() || m.next[old] == new
}

func (m *mover) partsAlike(old, new reflect.Type) bool {
	switch old.Kind() {
	case reflect.Struct:
		return m.fieldsAlike(old, new)
	case reflect.Array:
		return old.Len() == new.Len() && m.alike(old.Elem(), new.Elem())
	case reflect.Pointer, reflect.Slice:
		return m.alike(old.Elem(), new.Elem())
	case reflect.Chan:
		return old.ChanDir() == new.ChanDir() && m.alike(old.Elem(), new.Elem())
	case reflect.Map:
		return m.alike(old.Key(), new.Key()) && m.alike(old.Elem(), new.Elem())
	case reflect.Func:
		return m.signaturesAlike(old, new)
	case reflect.Interface:
		// A value of a type with methods has a table of just these.
		return m.methodsAlike(old, new)
	}
	return true
}

func (m *mover) fieldsAlike(old, new reflect.Type) bool {
	if old.NumField() != new.NumField() {
		return false
	}
	for i := range old.NumField() {
		a, b := old.Field(i), new.Field(i)
		if a.Name != b.Name || a.Offset != b.Offset || a.Anonymous != b.Anonymous || !m.alike(a.Type, b.Type) {
			return false
		}
	}
	return true
}

func (m *mover) signaturesAlike(old, new reflect.Type) bool {
	if old.NumIn() != new.NumIn() || old.NumOut() != new.NumOut() || old.IsVariadic() != new.IsVariadic() {
		return false
	}
	for i := range old.NumIn() {
		if !m.alike(old.In(i), new.In(i)) {
			return false
		}
	}
	for i := range old.NumOut() {
		if !m.alike(old.Out(i), new.Out(i)) {
			return false
		}
	}
	return true
}

func (m *mover) methodsAlike(old, new reflect.Type) bool {
	if old.NumMethod() != new.NumMethod() {
		return false
	}
	for i := range old.NumMethod() {
		a, b := old.Method(i), new.Method(i)
		if a.Name != b.Name || !m.alike(a.Type, b.Type) {
			return false
		}
	}
	return true
}

// convertible reports whether a value of one type can be built of one of another. Of structs any can: what
// fields have in common is taken over. A struct of another package is left alone, for nobody knows what it
// has in it.
func (m *mover) convertible(old, new reflect.Type) bool {
	p := pair{old, new}
	if known, ok := m.able[p]; ok {
		return known // or assumed, while a recursive type is compared
	}
	m.able[p] = true
	m.able[p] = m.alike(old, new) || old.Kind() == new.Kind() && m.sameNames(old, new) && m.partsConvertible(old, new)
	return m.able[p]
}

func (m *mover) partsConvertible(old, new reflect.Type) bool {
	switch old.Kind() {
	case reflect.Struct:
		for i := range new.NumField() { // to learn what types have become
			if f, ok := ownField(old, new.Field(i).Name); ok {
				m.convertible(f.Type, new.Field(i).Type)
			}
		}
		return !foreign(old)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return m.convertible(old.Elem(), new.Elem())
	case reflect.Chan:
		return old.ChanDir() == new.ChanDir() && m.convertible(old.Elem(), new.Elem())
	case reflect.Map:
		return m.convertible(old.Key(), new.Key()) && m.convertible(old.Elem(), new.Elem())
	case reflect.Func:
		return false
	}
	return true
}

// ownField finds a field that is not promoted from an embedded one.
func ownField(t reflect.Type, name string) (reflect.StructField, bool) {
	f, ok := t.FieldByName(name)
	return f, ok && len(f.Index) == 1
}

// foreign reports whether a type is a struct of another package. Such are not looked into: a package may
// change its own data at any moment, on other goroutines, and under locks that it knows. The containers of
// the standard library are plain data.
func foreign(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && t.PkgPath() != "" && t.PkgPath() != mainPath && !strings.HasPrefix(t.PkgPath(), "container/")
}

// A reach is what values of a type may lead to.
type reach struct{ interfaces, pointers bool }

// reach finds what values of a type may lead to: only then have they to be looked through.
func (m *mover) reach(t reflect.Type) reach {
	known, ok := m.holds[t]
	if !ok {
		known = findReach(t, map[reflect.Type]bool{})
		m.holds[t] = known
	}
	return known
}

func findReach(t reflect.Type, seen map[reflect.Type]bool) (r reach) {
	if seen[t] || foreign(t) {
		return reach{} // of a recursive type, what else is in it decides
	}
	seen[t] = true
	join := func(parts ...reflect.Type) {
		for _, t := range parts {
			part := findReach(t, seen)
			r = reach{r.interfaces || part.interfaces, r.pointers || part.pointers}
		}
	}
	switch t.Kind() {
	case reflect.Interface:
		return reach{true, true}
	case reflect.Pointer, reflect.Slice:
		r.pointers = true
		join(t.Elem())
	case reflect.Array:
		join(t.Elem())
	case reflect.Map:
		join(t.Key(), t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			join(t.Field(i).Type)
		}
	}
	return r
}
