package cell

import "reflect"

// renew looks a value through, in its place: for interfaces that hold values of types that were declared
// anew, and for pointers into memory that was built anew.
func (m *mover) renew(v reflect.Value) {
	if r := m.reach(v.Type()); !r.interfaces && (!r.pointers || len(m.regions.list) == 0) {
		return
	}
	v = open(v)
	switch v.Kind() {
	case reflect.Interface:
		if !v.IsNil() {
			m.renewInterface(v)
		}
	case reflect.Pointer:
		m.redirect(v)
		if !v.IsNil() && m.first(m.visit(v, nil, 0)) {
			m.later(v.Elem(), nil)
		}
	case reflect.Slice:
		m.redirectSlice(v)
		if m.first(m.visit(v, nil, v.Len())) {
			m.renewElements(v)
		}
	case reflect.Array:
		m.renewElements(v)
	case reflect.Struct:
		for _, i := range m.reaching(v.Type()) {
			m.renew(v.Field(i))
		}
	case reflect.Map:
		if !v.IsNil() && m.first(m.visit(v, nil, 0)) {
			m.renewMap(v)
		}
	}
}

// reaching are the fields of a struct that may lead to something.
func (m *mover) reaching(t reflect.Type) []int {
	fields, ok := m.fields[t]
	if !ok {
		for i := range t.NumField() {
			if m.reach(t.Field(i).Type) != (reach{}) {
				fields = append(fields, i)
			}
		}
		m.fields[t] = fields
	}
	return fields
}

func (m *mover) renewElements(v reflect.Value) {
	if m.reach(v.Type().Elem()) == (reach{}) {
		return // bytes, numbers: there may be very many
	}
	for i := range v.Len() {
		m.renew(v.Index(i))
	}
}

// redirect lets a pointer follow what it leads to, such as a field of a struct that was built anew.
func (m *mover) redirect(v reflect.Value) {
	if v.IsNil() {
		return
	}
	if to, ok := m.regions.locate(v.Pointer(), v.Type().Elem()); ok && to.Type() == v.Type().Elem() {
		v.Set(to.Addr().Convert(v.Type()))
	}
}

func (m *mover) redirectSlice(v reflect.Value) {
	if v.Cap() == 0 {
		return
	}
	if to, ok := m.regions.locate(v.Pointer(), v.Type().Elem()); ok && to.Type() == v.Type().Elem() {
		v.Set(sliceAt(v.Type(), to, v.Len(), v.Cap()))
	}
}

// renewInterface gives an interface a value of the type that its value's type has become. One with methods
// is set in any case: its table of them may be that of an interface type that was declared anew.
func (m *mover) renewInterface(v reflect.Value) {
	held := v.Elem().Type()
	if m.renewType(held) == held && v.NumMethod() == 0 && m.reach(held) == (reach{}) && !m.stale(held) {
		return
	}
	if t := m.renewType(v.Elem().Type()); !t.AssignableTo(v.Type()) {
		m.notes.addOnce("a value of type "+typeName(v.Type())+" holds a "+typeName(t)+" as it was declared before: now it has not all of the methods", m.at)
		return
	}
	v.Set(m.renewHeld(v.Elem()))
}

// renewHeld is what a value in an interface becomes.
func (m *mover) renewHeld(held reflect.Value) reflect.Value {
	t := m.renewType(held.Type())
	value := reflect.New(t).Elem()
	switch {
	case m.alike(held.Type(), t):
		if t == held.Type() && m.stale(t) {
			m.notes.addOnce("an interface holds a value of type "+typeName(t)+" as it was declared before", m.at)
		}
		value.Set(as(t, held))
		m.renew(value)
	case !m.convertible(held.Type(), t):
		m.notes.addOnce("an interface holds a value of type "+typeName(t)+" as it was declared before: "+difference(held.Type(), t), m.at)
		return held
	default:
		m.convert(value, held)
	}
	return value
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
		switch {
		case !e.key.Comparable():
			m.notes.addOnce("a key of a map is of a type that is none for keys any more", m.at)
		case e.old.Equal(e.old): // a key that is not itself, NaN, cannot be found again
			v.SetMapIndex(e.old, reflect.Value{})
			v.SetMapIndex(e.key, e.value)
		}
	}
}
