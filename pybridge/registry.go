package pybridge

import (
	"reflect"
	"sync"
	"unsafe"
)

// A registry holds the Go values that Python refers to, by number: no Go pointer is ever stored in
// Python's memory. A value stays until Python drops what refers to it.
type registry struct {
	mu       sync.RWMutex
	last     uint64
	values   map[uint64]*registered
	pointers map[pointer]uint64
}

type registered struct {
	value any
	refs  int // of Python to it
	key   pointer
}

// A pointer is what a Go value that Python refers to is known by.
type pointer struct {
	address unsafe.Pointer
	of      reflect.Type
}

func newRegistry() *registry {
	return &registry{values: map[uint64]*registered{}, pointers: map[pointer]uint64{}}
}

func (g *registry) add(v any) uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last++
	g.values[g.last] = &registered{value: v, refs: 1}
	return g.last
}

// addPointer gives the same pointer the same number, as long as Python has it.
func (g *registry) addPointer(v reflect.Value) uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := pointer{v.UnsafePointer(), v.Type()}
	if id, found := g.pointers[key]; found {
		g.values[id].refs++
		return id
	}
	g.last++
	g.values[g.last] = &registered{value: v.Interface(), refs: 1, key: key}
	g.pointers[key] = g.last
	return g.last
}

func (g *registry) get(id uint64) any {
	g.mu.RLock()
	defer g.mu.RUnlock()
	if r := g.values[id]; r != nil {
		return r.value
	}
	return nil
}

// forget is also called by Python's side, with the GIL held: nobody waits for the GIL while holding
// the lock.
func (g *registry) forget(id uint64) {
	g.mu.Lock()
	r := g.values[id]
	if r != nil {
		r.refs--
		if r.refs == 0 {
			delete(g.values, id)
			delete(g.pointers, r.key)
		}
	}
	g.mu.Unlock()
	if r == nil {
		return
	}
	if p, is := r.value.(*pinned); is {
		p.pinner.Unpin()
	}
}

// count returns how many values Python refers to.
func (g *registry) count() int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return len(g.values)
}
