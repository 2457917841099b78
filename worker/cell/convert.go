package cell

import (
	"fmt"
	"reflect"
	"unsafe"
)

// fill builds the values of a region.
func (m *mover) fill(r *region) {
	m.at = r.at
	for n := range r.count {
		m.convert(r.newAt(n), r.oldAt(n))
	}
}

// convert builds a value as another type, which convertible has found to be possible. Neither is that of an
// unexported field.
func (m *mover) convert(to, from reflect.Value) {
	if m.alike(from.Type(), to.Type()) {
		to.Set(as(to.Type(), from))
		m.renew(to)
		return
	}
	switch to.Kind() {
	case reflect.Struct:
		m.convertStruct(to, addressable(from))
	case reflect.Array:
		m.convertArray(to, from)
	case reflect.Pointer:
		m.convertPointer(to, from)
	case reflect.Slice:
		m.convertSlice(to, from)
	case reflect.Map:
		m.convertMap(to, from)
	case reflect.Chan:
		m.convertChan(to, from)
	case reflect.Interface:
		m.convertInterface(to, from)
	}
}

// as takes a value for one of a type that lies in memory alike.
func as(t reflect.Type, v reflect.Value) reflect.Value {
	if v.Type() == t {
		return v
	}
	return reflect.NewAt(t, addressable(v).Addr().UnsafePointer()).Elem()
}

// A plan is how a struct becomes another.
type plan struct {
	fields []plannedField
	notes  []string        // what is not taken over
	told   map[string]bool // variables for which that was noted
}

// A plannedField is a field that is taken over.
type plannedField struct {
	from, to int
	typ      reflect.Type // that it becomes
}

// plan compares the fields of two structs by name.
func (m *mover) plan(old, new reflect.Type) *plan {
	if p := m.plans[pair{old, new}]; p != nil {
		return p
	}
	p := &plan{told: map[string]bool{}}
	m.plans[pair{old, new}] = p
	name := typeName(new)
	for i := range new.NumField() {
		field := new.Field(i)
		before, ok := ownField(old, field.Name)
		switch {
		case field.Name == "_":
		case !ok:
			p.notes = append(p.notes, fmt.Sprintf("field %s of %s is new and zero", field.Name, name))
		case !m.convertible(before.Type, field.Type):
			p.notes = append(p.notes, fmt.Sprintf("field %s of %s was reset: %s", field.Name, name, difference(before.Type, field.Type)))
		default:
			p.fields = append(p.fields, plannedField{before.Index[0], i, field.Type})
		}
	}
	for i := range old.NumField() {
		field := old.Field(i)
		if _, ok := ownField(new, field.Name); !ok && field.Name != "_" {
			p.notes = append(p.notes, fmt.Sprintf("field %s of %s is gone", field.Name, name))
		}
	}
	return p
}

func (m *mover) convertStruct(to, from reflect.Value) {
	p := m.plan(from.Type(), to.Type())
	to.SetZero() // a heap cell that the variable had before may have something in it
	for _, f := range p.fields {
		m.convert(open(to.Field(f.to)), open(from.Field(f.from)))
	}
	if !p.told[m.at] {
		p.told[m.at] = true
		for _, note := range p.notes {
			m.notes.add(note, m.at)
		}
	}
}

func (m *mover) convertArray(to, from reflect.Value) {
	if to.Len() < from.Len() {
		m.notes.add(fmt.Sprintf("the elements of %s from %d on are gone", typeName(from.Type()), to.Len()), m.at)
	}
	for i := range min(to.Len(), from.Len()) {
		m.convert(to.Index(i), from.Index(i))
	}
}

// convertPointer lets a pointer lead to where its value has gone.
func (m *mover) convertPointer(to, from reflect.Value) {
	if from.IsNil() {
		to.SetZero()
		return
	}
	if v, ok := m.regions.locate(from.Pointer(), from.Type().Elem()); ok && v.Type() == to.Type().Elem() {
		to.Set(v.Addr().Convert(to.Type()))
		return
	}
	// It led to a part of something that has no such part any more, or to nothing that takes room.
	v := reflect.New(to.Type().Elem())
	m.convert(v.Elem(), from.Elem())
	to.Set(v.Convert(to.Type()))
}

func (m *mover) convertSlice(to, from reflect.Value) {
	if from.Cap() == 0 {
		if !from.IsNil() {
			to.Set(reflect.MakeSlice(to.Type(), 0, 0))
		}
		return
	}
	if v, ok := m.regions.locate(from.Pointer(), from.Type().Elem()); ok && v.Type() == to.Type().Elem() {
		to.Set(sliceAt(to.Type(), v, from.Len(), from.Cap()))
		return
	}
	to.Set(reflect.MakeSlice(to.Type(), from.Len(), from.Cap()))
	for i := range from.Len() {
		m.convert(to.Index(i), from.Index(i))
	}
}

// sliceAt is a slice whose first element is v. The region that v is in has the others.
func sliceAt(t reflect.Type, v reflect.Value, length, capacity int) reflect.Value {
	header := &struct {
		data     unsafe.Pointer
		len, cap int
	}{v.Addr().UnsafePointer(), length, capacity}
	return reflect.NewAt(t, unsafe.Pointer(header)).Elem()
}

func (m *mover) convertMap(to, from reflect.Value) {
	if from.IsNil() {
		to.SetZero()
		return
	}
	k := m.visit(from, to.Type(), 0)
	built, ok := m.built[k]
	if !ok {
		built = reflect.MakeMapWithSize(to.Type(), from.Len())
		m.built[k] = built
		for i := from.MapRange(); i.Next(); {
			key, value := reflect.New(to.Type().Key()).Elem(), reflect.New(to.Type().Elem()).Elem()
			m.convert(key, i.Key())
			m.convert(value, i.Value())
			if !key.Comparable() {
				m.notes.add("an entry of a map is gone, for its key is of a type that is none for keys any more", m.at)
				continue
			}
			built.SetMapIndex(key, value)
		}
	}
	to.Set(built)
}

// convertChan makes a new channel, with what is waiting in the old one.
func (m *mover) convertChan(to, from reflect.Value) {
	if from.IsNil() {
		to.SetZero()
		return
	}
	k := m.visit(from, to.Type(), 0)
	built, ok := m.built[k]
	if !ok {
		both := reflect.MakeChan(reflect.ChanOf(reflect.BothDir, to.Type().Elem()), from.Cap())
		built = both.Convert(to.Type())
		m.built[k] = built
		for from.Type().ChanDir()&reflect.RecvDir != 0 && both.Len() < both.Cap() {
			value, ok := from.TryRecv()
			if !ok {
				break
			}
			sent := reflect.New(to.Type().Elem()).Elem()
			m.convert(sent, value)
			both.Send(sent)
		}
		m.notes.add("a new channel was made of a "+typeName(to.Type())+": goroutines have the one that was before", m.at)
	}
	to.Set(built)
}

// convertInterface takes over what an interface holds, if that is still of the interface's type.
func (m *mover) convertInterface(to, from reflect.Value) {
	if from.IsNil() {
		to.SetZero()
		return
	}
	if held := m.renewHeld(from.Elem()); held.Type().AssignableTo(to.Type()) {
		to.Set(held)
	} else {
		to.SetZero()
		m.notes.add(fmt.Sprintf("a value of type %s was reset: it held a %s, which has not all of its methods", typeName(to.Type()), typeName(held.Type())), m.at)
	}
}
