package pybridge

import "sync"

// A registry holds the Go values that Python refers to, by number: no Go pointer is ever stored in
// Python's memory. A value stays until Python drops what refers to it.
type registry struct {
	mu     sync.RWMutex
	last   uint64
	values map[uint64]any
}

func newRegistry() *registry { return &registry{values: map[uint64]any{}} }

func (g *registry) add(v any) uint64 {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last++
	g.values[g.last] = v
	return g.last
}

func (g *registry) get(id uint64) any {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.values[id]
}

// forget is also called by Python's side, with the GIL held: nobody waits for the GIL while holding
// the lock.
func (g *registry) forget(id uint64) {
	g.mu.Lock()
	v := g.values[id]
	delete(g.values, id)
	g.mu.Unlock()
	if p, is := v.(*pinned); is {
		p.pinner.Unpin()
	}
}

// count returns how many values Python refers to.
func (g *registry) count() int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return len(g.values)
}
