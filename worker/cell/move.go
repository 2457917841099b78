package cell

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
)

// When a type is declared anew with another structure or with other methods, it is another type:
// the variables of the old one get the new one, and so do the values in interfaces that they reach.
//
// Where old and new lie in memory alike, which is so when only methods changed, nothing is copied: the
// variable's memory is taken for the new type, and pointers to it, in closures and goroutines too,
// stay what they are. Otherwise values are built anew, field by field, by name (convert.go), in memory
// that is laid out as the old one was (region.go): what pointed to one place points to one place again.
// What cannot be taken over is told (notes.go).
//
// What only closures, goroutines and channels hold is out of reach and stays what it was (holders.go tells
// the user). So is what is inside of structs of other packages, which may be changing it at any moment.

// A declaredType is a type that cells have declared, under one of the identities of its name.
type declaredType struct {
	identity string
	typ      reflect.Type // nil if it is generic
}

// Type tells of a type that a unit declares, by a nil pointer to it, or nil if it is generic. The type that
// was told last is what its name means from now on.
func Type(name, identity string, pointer any) {
	registry.Lock()
	defer registry.Unlock()
	declared := declaredType{identity: identity}
	if pointer != nil {
		declared.typ = reflect.TypeOf(pointer).Elem()
	}
	known := registry.types[name]
	if n := len(known); declared.typ == nil && n > 0 && known[n-1].identity != identity {
		registry.generic[name] = true
	}
	known = slices.DeleteFunc(known, func(d declaredType) bool { return d.identity == identity })
	registry.types[name] = append(known, declared)
}

// successors maps each type that was declared anew to what its name means now.
func successors() map[reflect.Type]reflect.Type {
	next := map[reflect.Type]reflect.Type{}
	for _, versions := range registry.types {
		newest := versions[len(versions)-1].typ
		for _, old := range versions[:len(versions)-1] {
			if newest != nil && old.typ != nil && old.typ != newest {
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
func Moved[T any](_ *T, name, from, to string) Move {
	return Move{name, from, to, reflect.TypeFor[T]()}
}

// Move brings variables, and the values in interfaces that any variable reaches, up to the types that
// their names mean now. What could not be taken over goes to Note.
func (r *Run) Move(moves ...Move) {
	registry.Lock()
	defer registry.Unlock()
	m := newMover(successors(), registry.generic)
	registry.generic = map[string]bool{}
	defer r.tell(m)
	var anew []Move
	for _, move := range moves {
		if old := registry.variables[move.from]; old != nil && !m.adopt(old, move) {
			anew = append(anew, move)
		}
	}
	m.build(anew)
	for _, key := range slices.Sorted(maps.Keys(registry.variables)) {
		v := registry.variables[key]
		if v.left {
			continue
		}
		m.at = v.Name
		m.renew(v.value.Elem())
	}
	m.finish()
	m.noteHolders(r)
}

// tell tells the notes. What values consist of is the user's, and so may be what nobody has thought of:
// variables that a panic has kept from being reached are reset, and the cell runs.
func (r *Run) tell(m *mover) {
	if v := recover(); v != nil {
		m.notes.add(fmt.Sprintf("values could not all be taken over: %v; run the cells that declare them again", v), "")
	}
	if notes := m.notes.text(registry.told); r.Note != nil && notes != "" {
		r.Note(notes)
	}
}

// adopt takes a variable's memory for its new type, if it lies alike there. If the new type has a heap
// cell already, because the variable was of this type before, the value is written there.
func (m *mover) adopt(old *Variable, move Move) bool {
	if !m.alike(old.value.Type().Elem(), move.typ) {
		return false
	}
	value := reflect.NewAt(move.typ, old.value.UnsafePointer())
	switch existing := registry.variables[move.to]; {
	case existing == nil:
		registry.variables[move.to] = &Variable{Name: move.name, Key: move.to, value: value}
	case existing.value.UnsafePointer() != value.UnsafePointer():
		existing.value.Elem().Set(value.Elem())
		existing.left = false
	}
	return true
}

// build builds the other variables anew. First all memory is found that has to be built, and only then
// it is filled, for one variable may point into another.
func (m *mover) build(moves []Move) {
	for _, move := range moves {
		old := registry.variables[move.from].value.Elem()
		to := registry.variables[move.to]
		if to == nil {
			to = &Variable{Name: move.name, Key: move.to, value: reflect.New(move.typ)}
			registry.variables[move.to] = to
		}
		registry.variables[move.from].left, to.left = true, false
		m.at = move.name
		if !m.convertible(old.Type(), move.typ) {
			to.value.Elem().SetZero()
			m.notes.add(move.name+" was reset: "+difference(old.Type(), move.typ), "")
			continue
		}
		m.regions.add(region{start: address(old), old: old.Type(), new: move.typ, count: 1, built: to.value, at: move.name})
		m.survey(old, move.typ)
	}
	for _, v := range registry.variables {
		if v.left {
			continue
		}
		m.at = v.Name
		m.survey(v.value.Elem(), v.value.Type().Elem())
	}
	m.finish()
	m.regions.merge()
	for _, r := range m.regions.list {
		m.fill(r)
	}
}
