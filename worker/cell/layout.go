package cell

import "reflect"

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
// however it is built.
func (m *mover) sameNames(old, new reflect.Type) bool {
	return old.Name() == new.Name() || m.next[old] == new
}

func (m *mover) partsAlike(old, new reflect.Type) bool {
	switch old.Kind() {
	case reflect.Struct:
		return m.fieldsAlike(old, new)
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return old.Kind() == reflect.Array && old.Len() == new.Len() && m.alike(old.Elem(), new.Elem()) ||
			old.Kind() != reflect.Array && m.alike(old.Elem(), new.Elem())
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

// mayHold reports whether a value of a type may lead to an interface: only then has it to be looked
// through.
func (m *mover) mayHold(t reflect.Type) bool {
	known, ok := m.holds[t]
	if !ok {
		known = leadsToInterface(t, map[reflect.Type]bool{})
		m.holds[t] = known
	}
	return known
}

func leadsToInterface(t reflect.Type, seen map[reflect.Type]bool) bool {
	if seen[t] {
		return false // what else is in it decides
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Interface:
		return true
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return leadsToInterface(t.Elem(), seen)
	case reflect.Map:
		return leadsToInterface(t.Key(), seen) || leadsToInterface(t.Elem(), seen)
	case reflect.Struct:
		for i := range t.NumField() {
			if leadsToInterface(t.Field(i).Type, seen) {
				return true
			}
		}
	}
	return false
}
