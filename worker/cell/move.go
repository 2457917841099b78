package cell

import (
	"maps"
	"reflect"
	"slices"
	"strings"
)

// When a type is declared anew with another structure or with other methods, it is another type:
// the variables of the old one get the new one, and so do the values in interfaces that they reach.
//
// Where old and new lie in memory alike, which is so when only methods changed, nothing is copied: the
// variable's memory is taken for the new type, and pointers to it, in closures and goroutines too,
// stay what they are. Otherwise values are built anew, field by field, by name; what cannot be taken
// over is told.

// A declaredType is a type that cells have declared, under one of the identities of its name.
type declaredType struct {
	identity string
	typ      reflect.Type
}

// Type tells of a type that a unit declares, by a nil pointer to it. The type that was told last is what
// its name means from now on.
func Type(name, identity string, pointer any) {
	registry.Lock()
	defer registry.Unlock()
	known := slices.DeleteFunc(registry.types[name], func(d declaredType) bool { return d.identity == identity })
	registry.types[name] = append(known, declaredType{identity, reflect.TypeOf(pointer).Elem()})
}

// successors maps each type that was declared anew to what its name means now.
func successors() map[reflect.Type]reflect.Type {
	next := map[reflect.Type]reflect.Type{}
	for _, versions := range registry.types {
		newest := versions[len(versions)-1].typ
		for _, old := range versions[:len(versions)-1] {
			if old.typ != newest {
				next[old.typ] = newest
			}
		}
	}
	return next
}

// A Move gives a variable another type.
type Move struct {
	name, from, to string
	typ            reflect.Type
}

// Moved makes a Move of a variable: from the heap cell with one key to that with another.
func Moved[T any](name, from, to string) Move { return Move{name, from, to, reflect.TypeFor[T]()} }

// Move brings variables, and the values in interfaces that any variable reaches, up to the types that
// their names mean now. What could not be taken over goes to Note.
func (r *Run) Move(moves ...Move) {
	registry.Lock()
	defer registry.Unlock()
	m := newMover(successors())
	for _, move := range moves {
		m.place(move)
	}
	for _, move := range moves {
		m.move(move)
	}
	for _, key := range slices.Sorted(maps.Keys(registry.variables)) {
		v := registry.variables[key]
		m.at = v.Name
		m.renew(v.value.Elem())
	}
	if r.Note != nil && len(m.notices) > 0 {
		r.Note("note: " + strings.Join(m.notices, "\nnote: "))
	}
}

// place makes the new heap cell of a variable, before any value is moved: values of other variables may
// point to it.
func (m *mover) place(move Move) {
	old, existing := registry.variables[move.from], registry.variables[move.to]
	if old == nil {
		return
	}
	if existing == nil {
		value := reflect.New(move.typ)
		if m.alike(old.value.Type().Elem(), move.typ) {
			value = reflect.NewAt(move.typ, old.value.UnsafePointer())
		}
		existing = &Variable{Name: move.name, Key: move.to, value: value}
		registry.variables[move.to] = existing
	}
	m.built[visit{at: old.value.UnsafePointer(), typ: existing.value.Type()}] = existing.value
}

// move gives a variable's new heap cell the value. If that existed already, because the variable had
// this type before, what points to it sees the value.
func (m *mover) move(move Move) {
	old, existing := registry.variables[move.from], registry.variables[move.to]
	if old == nil || old.value.UnsafePointer() == existing.value.UnsafePointer() {
		return
	}
	m.at = move.name
	if m.alike(old.value.Type().Elem(), move.typ) {
		existing.value.Elem().Set(reflect.NewAt(move.typ, old.value.UnsafePointer()).Elem())
	} else if !m.convert(existing.value.Elem(), old.value.Elem()) {
		existing.value.Elem().SetZero()
		m.note("%s was reset: %v cannot become %v", move.name, old.value.Type().Elem(), move.typ)
	}
}
