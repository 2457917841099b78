package kernel

import (
	"context"
	"sync"
	"time"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// A lane is where a request is answered.
type lane int

const (
	// here is the goroutine that reads the channel: for what is answered without waiting.
	here lane = iota
	// editor has a few goroutines: completion and its like go on while a cell runs, and a slow one
	// does not hold up the next.
	editor
	// inOrder has one goroutine: cells, and what must not overtake them.
	inOrder
)

// Sizes of the lanes. When one is full, its channel is not read until there is room.
const (
	editorWorkers = 4
	laneLength    = 1024
)

// lanes holds the queues and their goroutines, which close ends.
type lanes struct {
	editor, inOrder chan *messaging.Message
	running         sync.WaitGroup
}

func (k *Kernel) startLanes(ctx context.Context) *lanes {
	l := &lanes{
		editor:  make(chan *messaging.Message, laneLength),
		inOrder: make(chan *messaging.Message, laneLength),
	}
	work := func(queue <-chan *messaging.Message) {
		for m := range queue {
			k.answer(ctx, m)
		}
	}
	l.running.Go(func() { work(l.inOrder) })
	for range editorWorkers {
		l.running.Go(func() { work(l.editor) })
	}
	return l
}

// close lets the goroutines answer what is queued and waits for them, but not longer than patience.
func (l *lanes) close(patience time.Duration) bool {
	close(l.editor)
	close(l.inOrder)
	ended := make(chan struct{})
	go func() {
		l.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return true
	case <-time.After(patience):
		return false
	}
}

// receive is called by the goroutine that reads the message's channel.
func (k *Kernel) receive(ctx context.Context, lanes *lanes, m *messaging.Message) {
	if m.Header.Type == messaging.TypeInputReply {
		k.stdin.deliver(m) // an answer and not a request: no busy, no idle
		return
	}
	var queue chan<- *messaging.Message
	switch k.handlers[m.Header.Type].lane {
	case here:
		k.answer(ctx, m)
		return
	case editor:
		queue = lanes.editor
	case inOrder:
		queue = lanes.inOrder
	}
	if m.Header.Type == messaging.TypeExecuteRequest {
		k.newest.Store(m)
		k.waiting.add(m)
	}
	select {
	case queue <- m:
	case <-ctx.Done():
	}
}
