package cell

import (
	"reflect"
	"strings"
	"unsafe"
)

// A mover brings values up to the types that their names mean now.
type mover struct {
	next    map[reflect.Type]reflect.Type // from a declared type to what its name means now
	generic map[string]bool               // names of generic types that were declared anew since the last time
	renewed map[reflect.Type]reflect.Type
	layouts map[pair]bool // whether two types lie in memory alike
	assumed []pair        // those of which it was assumed, in the order in which they were looked at
	able    map[pair]bool // whether one can be built of the other
	holds   map[reflect.Type]reach
	seen    map[visit]struct{} // what was looked through
	numbers map[pair]int       // of pairs in visits
	last    struct {
		pair
		number int
	}
	built   map[visit]reflect.Value // maps and channels that were built anew
	fields  map[reflect.Type][]int  // of structs, those that may lead to something
	plans   map[pair]*plan
	regions regions
	queue   []pending // what pointers lead to, that is still to be looked through
	at      string    // the variable, for notes
	notes   notes
}

// A visit is a place in memory, taken for a type. The length tells slices of one array apart. There may be
// millions of them, so types are numbers in it, which are quick to hash.
type visit struct {
	at     unsafe.Pointer // which keeps it from being used again
	types  int            // index of a pair
	length int
}

// visit makes a visit of a pointer, a slice, a map or a channel that becomes one of a type.
func (m *mover) visit(v reflect.Value, to reflect.Type, length int) visit {
	p := pair{v.Type(), to}
	if p != m.last.pair {
		n, ok := m.numbers[p]
		if !ok {
			n = len(m.numbers)
			m.numbers[p] = n
		}
		m.last.pair, m.last.number = p, n
	}
	return visit{v.UnsafePointer(), m.last.number, length}
}

func newMover(next map[reflect.Type]reflect.Type, generic map[string]bool) *mover {
	return &mover{
		next: next, generic: generic, renewed: map[reflect.Type]reflect.Type{}, layouts: map[pair]bool{}, able: map[pair]bool{},
		holds: map[reflect.Type]reach{}, seen: map[visit]struct{}{}, numbers: map[pair]int{}, built: map[visit]reflect.Value{}, fields: map[reflect.Type][]int{}, plans: map[pair]*plan{},
	}
}

func (m *mover) first(v visit) bool {
	before := len(m.seen)
	m.seen[v] = struct{}{}
	return len(m.seen) > before
}

// A pending value is looked through when the value that has the pointer to it is done: a list of a million
// elements is as many pointers deep.
type pending struct {
	value reflect.Value
	to    reflect.Type // for survey; nil for renew
	at    string
}

// later looks through a value when others are done.
func (m *mover) later(v reflect.Value, to reflect.Type) {
	m.queue = append(m.queue, pending{v, to, m.at})
}

// finish looks through all that was left for later.
func (m *mover) finish() {
	for len(m.queue) > 0 {
		p := m.queue[len(m.queue)-1]
		m.queue = m.queue[:len(m.queue)-1]
		m.at = p.at
		if p.to != nil {
			m.survey(p.value, p.to)
		} else {
			m.renew(p.value)
		}
	}
}

// open makes a value settable that was found in an unexported field.
func open(v reflect.Value) reflect.Value {
	if v.CanSet() || !v.CanAddr() {
		return v
	}
	return reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
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

func address(v reflect.Value) uintptr { return uintptr(v.Addr().UnsafePointer()) }

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
		if key := m.renewType(t.Key()); key.Comparable() {
			return reflect.MapOf(key, m.renewType(t.Elem()))
		}
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

// stale reports whether a type is, or is made of, one that was declared anew and that renewType knows no
// successor for: an instance of a generic type, or a struct without a name.
func (m *mover) stale(t reflect.Type) bool {
	if t.Name() != "" {
		name, _, instance := strings.Cut(t.Name(), "[")
		return m.next[t] != nil || instance && t.PkgPath() == mainPath && m.generic[name]
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan:
		return m.stale(t.Elem())
	case reflect.Map:
		return m.stale(t.Key()) || m.stale(t.Elem())
	case reflect.Struct:
		for i := range t.NumField() {
			if m.stale(t.Field(i).Type) {
				return true
			}
		}
	}
	return false
}

// mainPath is the package path of all types that cells declare.
const mainPath = "main"
