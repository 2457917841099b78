package messaging

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// Limits for one peer. A queue may outgrow maxQueued by one message.
const (
	maxQueued = 16 << 20 // bytes
	// stallTime is how long a peer whose queue is full may take no byte at all before it is
	// dropped. Only then does it hold up the others: a suspended browser must not stop a kernel.
	stallTime = 2 * time.Second
)

var errStalled = errors.New("peer does not read")

// A peer is the other end of a wire, with the queue of what is to be sent to it.
type peer struct {
	wire   wire
	name   string // what a router calls it
	topics topics // what it subscribed to at a publisher

	mu     sync.Mutex
	queue  [][][]byte
	queued int           // bytes in queue, and in the batch being written
	ending bool          // nothing is taken any more
	room   chan struct{} // closed and replaced when queued shrinks

	wake chan struct{} // tells the writer of a change; holds one
	done chan struct{} // closed when the writer has ended
}

func newPeer(w wire) *peer {
	return &peer{
		wire: w,
		name: w.identity(),
		room: make(chan struct{}),
		wake: make(chan struct{}, 1),
		done: make(chan struct{}),
	}
}

// send queues a message, and waits for room first.
func (p *peer) send(ctx context.Context, frames [][]byte) error {
	for {
		room, err := p.offer(frames)
		if room == nil {
			return err
		}
		if err := p.waitFor(ctx, room); err != nil {
			return err
		}
	}
}

// offer queues a message, or returns a channel that is closed when it is worth trying again.
func (p *peer) offer(frames [][]byte) (room <-chan struct{}, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ending {
		return nil, ErrNoPeer
	}
	if p.queued >= maxQueued {
		return p.room, nil
	}
	p.queue = append(p.queue, frames)
	p.queued += size(frames)
	p.notify()
	return nil, nil
}

func (p *peer) waitFor(ctx context.Context, room <-chan struct{}) error {
	stall := time.NewTimer(stallTime)
	defer stall.Stop()
	for before := p.wire.written(); ; {
		select {
		case <-room:
			return nil
		case <-p.done:
			return ErrNoPeer
		case <-ctx.Done():
			return ctx.Err()
		case <-stall.C:
			now := p.wire.written()
			if now == before {
				p.drop()
				return errStalled
			}
			before = now
			stall.Reset(stallTime)
		}
	}
}

// writeLoop sends what is queued until the peer ends. It owns the writing side of the wire.
func (p *peer) writeLoop() error {
	defer close(p.done)
	for {
		batch := p.take()
		if batch == nil {
			return p.wire.closeWrite()
		}
		for _, frames := range batch {
			if err := p.wire.write(frames); err != nil {
				p.drop()
				return fmt.Errorf("writing to a peer: %w", err)
			}
			p.sent(size(frames))
		}
		if err := p.wire.flush(); err != nil {
			p.drop()
			return fmt.Errorf("writing to a peer: %w", err)
		}
	}
}

// take waits for messages and returns all there are, nil when the peer ends.
func (p *peer) take() [][][]byte {
	for {
		p.mu.Lock()
		batch, ending := p.queue, p.ending
		p.queue = nil
		p.mu.Unlock()
		if len(batch) > 0 || ending {
			return batch
		}
		<-p.wake
	}
}

func (p *peer) sent(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.queued -= n
	close(p.room)
	p.room = make(chan struct{})
}

// finish lets the writer end once the queue is empty.
func (p *peer) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ending = true
	p.notify()
}

// drop ends the peer at once; what is queued is lost.
func (p *peer) drop() {
	p.mu.Lock()
	p.queue = nil
	p.ending = true
	p.notify()
	p.mu.Unlock()
	p.wire.close()
}

func (p *peer) notify() {
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func size(frames [][]byte) int {
	n := 0
	for _, f := range frames {
		n += len(f)
	}
	return n
}
