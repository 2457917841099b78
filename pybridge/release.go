package pybridge

import (
	"sync"
	"sync/atomic"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

const (
	// releaseBatch is how many references one call drops on the way: dropping may run any code.
	releaseBatch = 256
	// releaseDelay is how long a reference waits for a call that takes it along.
	releaseDelay = 50 * time.Millisecond
)

// released holds references whose Objects are garbage. It is process-wide as the interpreter is, and
// because a clean-up must not keep anything else alive. Clean-ups run on a goroutine that serves all
// of Go: they only put a word here, and never wait for the GIL.
var released releaseQueue

type releaseQueue struct {
	mu    sync.Mutex
	refs  []capi.Handle
	full  atomic.Bool // a batch is waiting
	armed bool
}

func dropLater(h capi.Handle) { released.add(h) }

func (q *releaseQueue) add(h capi.Handle) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.refs = append(q.refs, h)
	if len(q.refs) >= releaseBatch {
		q.full.Store(true)
	}
	if !q.armed {
		q.armed = true
		time.AfterFunc(releaseDelay, q.drainAll)
	}
}

// take returns up to a batch of references.
func (q *releaseQueue) take() []capi.Handle {
	q.mu.Lock()
	defer q.mu.Unlock()
	n := min(len(q.refs), releaseBatch)
	batch := q.refs[len(q.refs)-n:]
	q.refs = q.refs[: len(q.refs)-n : len(q.refs)-n]
	q.full.Store(len(q.refs) >= releaseBatch)
	if len(q.refs) == 0 {
		q.refs = nil
	}
	return batch
}

// drain drops a batch, if one is waiting.
func (q *releaseQueue) drain() {
	if q.full.Load() {
		q.drop()
	}
}

func (q *releaseQueue) drop() { capi.Release(q.take()) }

// drainAll runs on a goroutine of its own, which may wait for the GIL.
func (q *releaseQueue) drainAll() {
	q.mu.Lock()
	q.armed = false
	q.mu.Unlock()
	for batch := q.take(); len(batch) > 0; batch = q.take() {
		capi.Release(batch)
	}
}
