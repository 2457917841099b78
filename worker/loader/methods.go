package loader

import (
	"strings"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// An owner is the unit whose descriptor a type has, and the one whose methods it has.
type owner struct {
	descriptor unsafe.Pointer
	module     *image.ModuleData // of the descriptor
	methods    *Unit
}

// An ownType is a unit's own copy of a type's descriptor.
type ownType struct {
	owner      *owner
	descriptor unsafe.Pointer
}

// findOwnTypes notes the types with methods that a unit declares, whoever has their descriptors. Copies
// of types of packages are none: they may be without some of their methods.
func (l *Loader) findOwnTypes(u *Unit) {
	for _, s := range u.image.Shared {
		if s.Itab || !strings.HasPrefix(s.Name, image.Declared) {
			continue
		}
		own := u.at(s.Offset)
		if len(image.Methods(own)) == 0 {
			continue
		}
		descriptor := l.canonical(u, s)
		o := l.owners[descriptor]
		if o == nil {
			o = &owner{descriptor: descriptor, module: u.module, methods: u}
			l.owners[descriptor] = o
		}
		u.types = append(u.types, ownType{o, own})
	}
}

// Use lets the methods of all types that a unit declares be the unit's: interfaces that hold values of
// these types call them from now on, whenever the values were made.
func (l *Loader) Use(u *Unit) {
	l.mu.Lock()
	defer l.mu.Unlock()
	changed := map[unsafe.Pointer]*owner{}
	for _, t := range u.types {
		if t.owner.methods == u {
			continue
		}
		t.owner.methods = u
		lead(t.owner, t.descriptor, u.module)
		changed[t.owner.descriptor] = t.owner
	}
	if len(changed) > 0 {
		l.refill(changed)
	}
}

// lead lets the rows of a type's table lead to the functions that the rows of another module's copy
// lead to.
func lead(o *owner, copied unsafe.Pointer, module *image.ModuleData) {
	from, to := image.Methods(copied), image.Methods(o.descriptor)
	for n := range to {
		if from[n].Ifn == image.Unreachable {
			continue // the linker found nothing that could call it
		}
		to[n].Ifn = distance(module.Text+uintptr(from[n].Ifn), o.module.Text)
		to[n].Tfn = distance(module.Text+uintptr(from[n].Tfn), o.module.Text)
	}
}

// distance is from the begin of a text to a function. The function's module lies above it.
func distance(function, text uintptr) uint32 { return uint32(function - text) }

// refill writes the tables of all itabs of the given types anew.
func (l *Loader) refill(types map[unsafe.Pointer]*owner) {
	l.inside.Lock(l.inside.ItabLock)
	defer l.inside.Unlock(l.inside.ItabLock)
	l.inside.IterateItabs(func(m *image.Itab) {
		if types[m.Type] != nil {
			l.inside.ItabInit(m, true)
		}
	})
}
