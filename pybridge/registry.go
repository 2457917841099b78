package pybridge

import (
	"reflect"
	"sync"
	"sync/atomic"
	"unsafe"
)

// registryChunk is how many values a registry makes room for at a time.
const registryChunk = 256

// A registry holds the Go values that Python refers to, by number: no Go pointer is ever stored in
// Python's memory. A value stays until Python drops what refers to it.
//
// A number is a place and, in its upper half, how often the place had been taken before, so that a number
// that was forgotten finds nothing. Looking one up takes no lock: every callback does it.
type registry struct {
	chunks atomic.Pointer[[]*[registryChunk]registryPlace]

	mu       sync.Mutex
	free     []uint32 // places
	held     int
	pointers map[pointer]uint64
}

type registryPlace struct {
	held  atomic.Pointer[registered]
	taken uint32 // guarded by the registry's lock
}

type registered struct {
	id    uint64
	value any
	key   pointer
	refs  int // of Python to it; guarded by the registry's lock
}

// A pointer is what a Go value that Python refers to is known by.
type pointer struct {
	address unsafe.Pointer
	of      reflect.Type
}

func newRegistry() *registry {
	g := &registry{pointers: map[pointer]uint64{}}
	g.chunks.Store(new([]*[registryChunk]registryPlace))
	return g
}

func (g *registry) add(v any) uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.put(&registered{value: v, refs: 1})
}

// addPointer gives the same pointer the same number, as long as Python has it.
func (g *registry) addPointer(v reflect.Value) uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	key := pointer{v.UnsafePointer(), v.Type()}
	if id, found := g.pointers[key]; found {
		g.place(id).held.Load().refs++
		return id
	}
	id := g.put(&registered{value: v.Interface(), refs: 1, key: key})
	g.pointers[key] = id
	return id
}

// put takes a place. The lock is held.
func (g *registry) put(r *registered) uint64 {
	if len(g.free) == 0 {
		g.grow()
	}
	n := g.free[len(g.free)-1]
	g.free = g.free[:len(g.free)-1]
	g.held++
	p := g.place(uint64(n))
	p.taken++
	r.id = uint64(p.taken)<<32 | uint64(n)
	p.held.Store(r)
	return r.id
}

// grow makes room for more values; those that are there stay where they are.
func (g *registry) grow() {
	old := *g.chunks.Load()
	chunks := append(append(make([]*[registryChunk]registryPlace, 0, len(old)+1), old...), new([registryChunk]registryPlace))
	g.chunks.Store(&chunks)
	for i := registryChunk; i > 0; i-- {
		g.free = append(g.free, uint32(len(old)*registryChunk+i-1))
	}
}

// place returns where a number belongs, nil if it is none.
func (g *registry) place(id uint64) *registryPlace {
	n := uint32(id)
	chunks := *g.chunks.Load()
	if int(n/registryChunk) >= len(chunks) {
		return nil
	}
	return &chunks[n/registryChunk][n%registryChunk]
}

// find returns what has a number, nil if nothing has.
func (g *registry) find(id uint64) *registered {
	if p := g.place(id); p != nil {
		if r := p.held.Load(); r != nil && r.id == id {
			return r
		}
	}
	return nil
}

func (g *registry) get(id uint64) any {
	if r := g.find(id); r != nil {
		return r.value
	}
	return nil
}

// forget is also called by Python's side, with the GIL held: nobody waits for the GIL while holding
// the lock.
func (g *registry) forget(id uint64) {
	if p, is := g.drop(id).(*pinned); is {
		p.pinner.Unpin()
	}
}

// drop takes one reference back, and returns the value if it was the last.
func (g *registry) drop(id uint64) any {
	g.mu.Lock()
	defer g.mu.Unlock()
	r := g.find(id)
	if r == nil {
		return nil
	}
	if r.refs--; r.refs > 0 {
		return nil
	}
	g.place(id).held.Store(nil)
	g.free = append(g.free, uint32(id))
	g.held--
	if r.key.of != nil {
		delete(g.pointers, r.key)
	}
	return r.value
}

// count returns how many values Python refers to.
func (g *registry) count() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.held
}
