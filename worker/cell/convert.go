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

func (m *mover) convertStruct(to, from reflect.Value) {
	name := typeName(to.Type())
	for i := range to.NumField() {
		field := to.Type().Field(i)
		old, ok := ownField(from.Type(), field.Name)
		switch {
		case field.Name == "_":
		case !ok:
			m.notes.add(fmt.Sprintf("field %s of %s is new and zero", field.Name, name), m.at)
		case !m.convertible(old.Type, field.Type):
			m.notes.add(fmt.Sprintf("field %s of %s was reset: %s", field.Name, name, difference(old.Type, field.Type)), m.at)
			open(to.Field(i)).SetZero()
		default:
			m.convert(open(to.Field(i)), open(from.FieldByIndex(old.Index)))
		}
	}
	for i := range from.NumField() {
		if field := from.Type().Field(i); field.Name != "_" {
			if _, ok := ownField(to.Type(), field.Name); !ok {
				m.notes.add(fmt.Sprintf("field %s of %s is gone", field.Name, name), m.at)
			}
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
	k := visit{at: from.UnsafePointer(), new: to.Type()}
	built, ok := m.built[k]
	if !ok {
		built = reflect.MakeMapWithSize(to.Type(), from.Len())
		m.built[k] = built
		for i := from.MapRange(); i.Next(); {
			key, value := reflect.New(to.Type().Key()).Elem(), reflect.New(to.Type().Elem()).Elem()
			m.convert(key, i.Key())
			m.convert(value, i.Value())
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
	k := visit{at: from.UnsafePointer(), new: to.Type()}
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
