package build

import (
	"context"
	"sync"
)

// turns lets one goroutine at a time build an object; the others find it in the cache then. The zero value
// is ready to be used.
type turns struct {
	mu    sync.Mutex
	taken map[string]chan struct{} // closed when the turn is over
}

// take waits until nobody builds the object. The caller releases it.
func (t *turns) take(ctx context.Context, id string) (release func(), err error) {
	for {
		busy, release := t.try(id)
		if busy == nil {
			return release, nil
		}
		select {
		case <-busy:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

func (t *turns) try(id string) (busy <-chan struct{}, release func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if c := t.taken[id]; c != nil {
		return c, nil
	}
	if t.taken == nil {
		t.taken = map[string]chan struct{}{}
	}
	over := make(chan struct{})
	t.taken[id] = over
	return nil, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.taken, id)
		close(over)
	}
}
