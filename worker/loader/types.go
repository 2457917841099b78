package loader

import (
	"sync/atomic"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// canonical is the one descriptor of a type: the worker's, that of the unit that brought it first, or
// else this unit's own.
func (l *Loader) canonical(u *Unit, s image.Shared) unsafe.Pointer {
	switch known := l.shared[s.Name]; {
	case s.Address != 0:
		return address(s.Address)
	case known != nil || s.Offset == image.None:
		return known
	}
	l.shared[s.Name] = u.at(s.Offset)
	return l.shared[s.Name]
}

// address makes a pointer of an address that is none of Go's heap.
func address(a uint64) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

// canonicalItab is the one itab of an interface and a type. The runtime makes itabs too, when a value
// is asserted to be of an interface type; there must not be two, for interfaces are compared by them.
func (l *Loader) canonicalItab(u *Unit, s image.Shared) unsafe.Pointer {
	if s.Address != 0 {
		return address(s.Address)
	}
	if s.Offset == image.None {
		return l.shared[s.Name]
	}
	own := (*image.Itab)(u.at(s.Offset))
	if known := l.inside.ItabFind(*l.inside.ItabTable, own.Interface, own.Type); known != nil {
		own = known
	}
	l.shared[s.Name] = unsafe.Pointer(own)
	return l.shared[s.Name]
}

// register tells the runtime of a unit.
func (l *Loader) register(u *Unit) {
	m := (*image.ModuleData)(u.at(u.image.Module))
	u.module = m
	m.TypeMap = l.typeMap(u)
	l.maps = append(l.maps, m.TypeMap)
	l.setTypeLinks(m)
	l.findOwnTypes(u)

	l.index.add(u)
	// Right behind the worker: the runtime looks for the module of a type from the first one on, and the
	// newest units are what mostly runs.
	first := l.inside.FirstModuleData
	m.Next = first.Next
	// Other threads go through the list meanwhile: what they find has to be whole.
	atomic.StorePointer((*unsafe.Pointer)(unsafe.Pointer(&first.Next)), unsafe.Pointer(m))
	if m.Next == nil {
		*l.inside.LastModuleDataP = m
	}
	l.inside.ModulesInit()
	l.inside.Lock(l.inside.ItabLock)
	for _, itab := range m.Itabs() {
		l.inside.ItabAdd(itab) // one that is there already stays one
	}
	l.inside.Unlock(l.inside.ItabLock)
}

// typeMap says which descriptors are meant by those of the unit: distances between types in a module
// lead to the module's own ones.
func (l *Loader) typeMap(u *Unit) image.TypeMap {
	types := image.TypeMap{}
	for _, s := range u.image.Shared {
		if !s.Itab && s.Offset != image.None {
			own := u.at(s.Offset)
			types.Add(u.module, own, l.canonical(u, s))
		}
	}
	return types
}
