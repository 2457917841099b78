package cell

import (
	"cmp"
	"reflect"
	"slices"
	"unsafe"
)

// A region is memory whose content is built anew: some values of one type, one behind the other, to which
// pointers and slices lead, or into which.
type region struct {
	start    uintptr
	old, new reflect.Type
	count    int
	built    reflect.Value // pointer to the new value, if it is one; else a slice of them
	at       string        // a variable that leads there
}

func (r *region) end() uintptr { return r.start + uintptr(r.count)*r.old.Size() }

// oldAt and newAt are the n-th value, as it was and as it becomes.
func (r *region) oldAt(n int) reflect.Value {
	return reflect.NewAt(r.old, pointer(r.start+uintptr(n)*r.old.Size())).Elem()
}

func (r *region) newAt(n int) reflect.Value {
	if r.built.Kind() == reflect.Pointer {
		return r.built.Elem()
	}
	return r.built.Index(n)
}

// pointer makes a pointer of an address of memory that is kept by the value where it was found.
func pointer(at uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&at)) }

// regions are all that is built anew.
type regions struct {
	list []*region // sorted and apart from each other, once they are merged
	kept []any     // what leads to the old memory, so that it stays as long as it is converted
}

func (s *regions) add(r region) {
	if r.count > 0 && r.old.Size() > 0 {
		s.list = append(s.list, &r)
		s.kept = append(s.kept, pointer(r.start))
	}
}

// merge joins regions that lie in each other or overlap. What lies in another is part of it: a field, an
// element. What overlaps are slices of one array.
func (s *regions) merge() {
	slices.SortStableFunc(s.list, func(a, b *region) int {
		if c := cmp.Or(cmp.Compare(a.start, b.start), -cmp.Compare(a.end(), b.end())); c != 0 {
			return c
		}
		return -cmp.Compare(depth(a), depth(b))
	})
	var apart []*region
	for _, r := range s.list {
		if len(apart) == 0 || r.start >= apart[len(apart)-1].end() {
			apart = append(apart, r)
			continue
		}
		if last := apart[len(apart)-1]; r.end() > last.end() {
			last.count += int((r.end() - last.end()) / last.old.Size())
		}
	}
	for _, r := range apart {
		switch {
		case r.built.IsValid():
		case r.count == 1:
			r.built = reflect.New(r.new)
		default:
			r.built = reflect.MakeSlice(reflect.SliceOf(r.new), r.count, r.count)
		}
	}
	s.list = apart
}

// depth orders regions of one range: a struct comes before its only field, a variable before what points
// to it.
func depth(r *region) int {
	if r.built.IsValid() {
		return 1 << 20
	}
	n := 0
	for t := r.old; ; n++ {
		switch {
		case t.Kind() == reflect.Struct && t.NumField() > 0:
			t = t.Field(0).Type
		case t.Kind() == reflect.Array && t.Len() > 0:
			t = t.Elem()
		default:
			return n
		}
	}
}

// locate finds where a value of a type that lies in a region has gone; not ok if it is in none, or if what
// it was part of has no such part any more.
func (s *regions) locate(at uintptr, t reflect.Type) (v reflect.Value, ok bool) {
	n, found := slices.BinarySearchFunc(s.list, at, func(r *region, at uintptr) int { return cmp.Compare(r.start, at) })
	if !found {
		n--
	}
	if n < 0 || at >= s.list[n].end() {
		return reflect.Value{}, false
	}
	r := s.list[n]
	size := r.old.Size()
	v, ok = part(r.newAt(int((at-r.start)/size)), r.old, (at-r.start)%size, t)
	return open(v), ok
}

// part finds the part of a new value that is what has a type, and lies at an offset, in the old one.
func part(v reflect.Value, old reflect.Type, offset uintptr, want reflect.Type) (reflect.Value, bool) {
	if offset == 0 && old == want {
		return v, true
	}
	switch {
	case v.Kind() != old.Kind():
	case old.Kind() == reflect.Array && old.Elem().Size() > 0:
		if n := int(offset / old.Elem().Size()); n < v.Len() {
			return part(v.Index(n), old.Elem(), offset%old.Elem().Size(), want)
		}
	case old.Kind() == reflect.Struct:
		for i := range old.NumField() {
			f := old.Field(i)
			if offset < f.Offset || offset >= f.Offset+f.Type.Size() {
				continue
			}
			if to, ok := ownField(v.Type(), f.Name); ok {
				return part(open(v.FieldByIndex(to.Index)), f.Type, offset-f.Offset, want)
			}
		}
	}
	return reflect.Value{}, false
}
