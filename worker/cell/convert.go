package cell

import "reflect"

// convert builds a value anew as another type, and reports whether that could be done. Structs are
// taken over field by field, by name; a pointer, a slice or a map that was built already is that one
// again, so what was shared stays shared.
func (m *mover) convert(to, from reflect.Value) bool {
	if from.Type() == to.Type() {
		to.Set(from)
		m.renew(to)
		return true
	}
	if from.Kind() != to.Kind() || !m.sameNames(from.Type(), to.Type()) {
		return false
	}
	switch to.Kind() {
	case reflect.Struct:
		return m.convertStruct(to, from)
	case reflect.Array:
		return m.convertArray(to, from)
	case reflect.Pointer, reflect.Slice, reflect.Map:
		return m.convertReference(to, from)
	case reflect.Interface:
		return m.convertInterface(to, from)
	case reflect.Func, reflect.Chan:
		return m.convertOpaque(to, from)
	}
	if !from.CanConvert(to.Type()) {
		return false
	}
	to.Set(from.Convert(to.Type()))
	return true
}

func (m *mover) convertStruct(to, from reflect.Value) bool {
	from = addressable(from)
	for i := range to.NumField() {
		field := to.Type().Field(i)
		old, ok := from.Type().FieldByName(field.Name)
		if !ok || len(old.Index) != 1 {
			m.note("%s: field %s of %v is new and zero", m.at, field.Name, to.Type())
			continue
		}
		target := open(to.Field(i))
		if !m.convert(target, open(from.FieldByIndex(old.Index))) {
			target.SetZero()
			m.note("%s: field %s of %v was reset: it was a %v and is a %v", m.at, field.Name, to.Type(), old.Type, field.Type)
		}
	}
	for i := range from.NumField() {
		if field := from.Type().Field(i); !hasField(to.Type(), field.Name) {
			m.note("%s: field %s of %v is gone", m.at, field.Name, to.Type())
		}
	}
	return true
}

// addressable is a value in memory that can be reached, so that its unexported fields can be opened. What
// an interface or a map holds is copied.
func addressable(v reflect.Value) reflect.Value {
	if v.CanAddr() {
		return v
	}
	a := reflect.New(v.Type()).Elem()
	a.Set(v)
	return a
}

func hasField(t reflect.Type, name string) bool {
	f, ok := t.FieldByName(name)
	return ok && len(f.Index) == 1
}

func (m *mover) convertArray(to, from reflect.Value) bool {
	if to.Len() < from.Len() {
		m.note("%s: the elements from %d on of %v are gone", m.at, to.Len(), from.Type())
	}
	for i := range min(to.Len(), from.Len()) {
		if !m.convert(to.Index(i), from.Index(i)) {
			return false
		}
	}
	return true
}

// convertReference converts what others may refer to as well.
func (m *mover) convertReference(to, from reflect.Value) bool {
	if from.IsNil() {
		return true
	}
	k := visit{at: from.UnsafePointer(), typ: to.Type()}
	if from.Kind() == reflect.Slice {
		k.length = from.Len()
	}
	if built, ok := m.built[k]; ok {
		to.Set(built)
		return true
	}
	if m.convertOpaque(to, from) { // what it refers to lies in memory as before
		m.renew(to)
		return true
	}
	switch to.Kind() {
	case reflect.Pointer:
		m.built[k] = reflect.New(to.Type().Elem())
		to.Set(m.built[k])
		return m.convert(to.Elem(), from.Elem())
	case reflect.Slice:
		m.built[k] = reflect.MakeSlice(to.Type(), from.Len(), from.Cap())
		to.Set(m.built[k])
		for i := range from.Len() {
			if !m.convert(to.Index(i), from.Index(i)) {
				return false
			}
		}
		return true
	}
	m.built[k] = reflect.MakeMapWithSize(to.Type(), from.Len())
	to.Set(m.built[k])
	return m.convertEntries(to, from)
}

func (m *mover) convertEntries(to, from reflect.Value) bool {
	for i := from.MapRange(); i.Next(); {
		key, value := reflect.New(to.Type().Key()).Elem(), reflect.New(to.Type().Elem()).Elem()
		if !m.convert(key, i.Key()) || !m.convert(value, i.Value()) {
			return false
		}
		to.SetMapIndex(key, value)
	}
	return true
}

func (m *mover) convertInterface(to, from reflect.Value) bool {
	if from.IsNil() {
		return true
	}
	held := reflect.New(m.renewType(from.Elem().Type())).Elem()
	if !m.convert(held, from.Elem()) || !held.Type().AssignableTo(to.Type()) {
		return false
	}
	to.Set(held)
	return true
}

// convertOpaque takes over a function or a channel, which cannot be built anew, or any reference, if what
// it refers to lies in memory as the new type has it.
func (m *mover) convertOpaque(to, from reflect.Value) bool {
	if from.IsNil() {
		return true
	}
	if !m.alike(from.Type(), to.Type()) {
		return false
	}
	source := reflect.New(from.Type())
	source.Elem().Set(from)
	to.Set(reflect.NewAt(to.Type(), source.UnsafePointer()).Elem())
	return true
}

// renewType is what a type has become, now that declared types in it are others.
func (m *mover) renewType(t reflect.Type) reflect.Type {
	if known, ok := m.renewed[t]; ok {
		return known
	}
	m.renewed[t] = t // while a recursive type is renewed
	m.renewed[t] = m.renewParts(t)
	return m.renewed[t]
}

func (m *mover) renewParts(t reflect.Type) reflect.Type {
	if next := m.next[t]; next != nil {
		return next
	}
	if t.Name() != "" {
		return t // a declared type that is what it was
	}
	switch t.Kind() {
	case reflect.Pointer:
		return reflect.PointerTo(m.renewType(t.Elem()))
	case reflect.Slice:
		return reflect.SliceOf(m.renewType(t.Elem()))
	case reflect.Array:
		return reflect.ArrayOf(t.Len(), m.renewType(t.Elem()))
	case reflect.Map:
		return reflect.MapOf(m.renewType(t.Key()), m.renewType(t.Elem()))
	case reflect.Chan:
		return reflect.ChanOf(t.ChanDir(), m.renewType(t.Elem()))
	case reflect.Func:
		return m.renewSignature(t)
	}
	// Structs and interfaces without a name stay: reflect cannot make those with unexported parts.
	return t
}

func (m *mover) renewSignature(t reflect.Type) reflect.Type {
	var in, out []reflect.Type
	for i := range t.NumIn() {
		in = append(in, m.renewType(t.In(i)))
	}
	for i := range t.NumOut() {
		out = append(out, m.renewType(t.Out(i)))
	}
	return reflect.FuncOf(in, out, t.IsVariadic())
}
