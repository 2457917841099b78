package loader

import (
	"reflect"
	"sync"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// Package reflect makes types at run time, such as a map with keys of a cell's type, and looks first for one
// that was compiled. Where a unit with the compiled one is loaded later, the one that was made has to stay
// the type, for there are values of it. The same happens where moved values are of types that no unit had so
// far (worker/cell).

// adoptMade lets types of a unit that was relocated be the types that reflect has made meanwhile. One may
// be made of another, so it goes on as long as it finds some.
func (l *Loader) adoptMade(u *Unit) {
	made := l.made()
	for found := len(made) > 0; found; {
		found = false
		for n, s := range u.image.Shared {
			own := u.at(s.Offset)
			if s.Itab || s.Address != 0 || l.shared[s.Name] != own || image.IsDeclared(own) || len(image.Methods(own)) > 0 {
				continue
			}
			if twin := findTwin(typeAt(own), made); twin != nil {
				l.shared[s.Name] = twin
				*hashOf(twin) = *hashOf(own) // which is part of the code of type switches
				l.relocateTo(u, uint32(n), twin)
				found = true
			}
		}
	}
}

// relocateTo writes the address of a shared symbol anew.
func (l *Loader) relocateTo(u *Unit, index uint32, to unsafe.Pointer) {
	for _, r := range u.image.Relocations {
		if r.Kind == image.ToShared && r.Index == index {
			*(*uint64)(u.at(r.Offset)) = uint64(uintptr(to)) + uint64(r.Addend)
		}
	}
}

// A making is what tells types that reflect has made apart, mostly. What they are printed as does not do: a
// unit that is not registered has no names yet.
type making struct {
	kind reflect.Kind
	elem reflect.Type
}

func makingOf(t reflect.Type) making {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Chan, reflect.Map:
		return making{t.Kind(), t.Elem()}
	}
	return making{kind: t.Kind()}
}

// made are the types that reflect has made so far.
func (l *Loader) made() map[making][]unsafe.Pointer {
	found := map[making][]unsafe.Pointer{}
	add := func(t unsafe.Pointer) {
		k := makingOf(typeAt(t))
		found[k] = append(found[k], t)
	}
	for _, cache := range []*sync.Map{l.inside.ReflectLookupCache, l.inside.ReflectPtrMap} {
		cache.Range(func(_, t any) bool {
			add(data(t))
			return true
		})
	}
	l.inside.ReflectFuncs.Range(func(_, list any) bool {
		for _, t := range *(*[]unsafe.Pointer)(data(list)) {
			add(t)
		}
		return true
	})
	return found
}

// findTwin finds a type that is made of the same types as another.
func findTwin(own reflect.Type, made map[making][]unsafe.Pointer) unsafe.Pointer {
	for _, candidate := range made[makingOf(own)] {
		if twin := typeAt(candidate); twin != own && sameParts(twin, own) {
			return candidate
		}
	}
	return nil
}

// sameParts compares what a making leaves open.
func sameParts(a, b reflect.Type) bool {
	switch a.Kind() {
	case reflect.Pointer, reflect.Slice:
		return true
	case reflect.Array:
		return a.Len() == b.Len()
	case reflect.Chan:
		return a.ChanDir() == b.ChanDir()
	case reflect.Map:
		return a.Key() == b.Key()
	case reflect.Func:
		return sameSignatures(a, b)
	}
	return false
}

func sameSignatures(a, b reflect.Type) bool {
	if a.NumIn() != b.NumIn() || a.NumOut() != b.NumOut() || a.IsVariadic() != b.IsVariadic() {
		return false
	}
	for n := range a.NumIn() {
		if a.In(n) != b.In(n) {
			return false
		}
	}
	for n := range a.NumOut() {
		if a.Out(n) != b.Out(n) {
			return false
		}
	}
	return true
}

// typeAt is the type that has a descriptor.
func typeAt(descriptor unsafe.Pointer) reflect.Type {
	return reflect.TypeOf(*(*any)(unsafe.Pointer(&[2]unsafe.Pointer{descriptor})))
}

// data is the pointer in an interface.
func data(v any) unsafe.Pointer { return (*[2]unsafe.Pointer)(unsafe.Pointer(&v))[1] }

// hashOf is the hash in a type's descriptor.
func hashOf(descriptor unsafe.Pointer) *uint32 {
	return (*uint32)(unsafe.Add(descriptor, image.TypeHash))
}
