package messaging

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
)

// sockets is a Transport on any network.
type sockets struct{ network network }

// Listen implements Transport.
func (s *sockets) Listen(ch Channel, address string) (Socket, error) {
	return listenRouter(s.network, ch, address)
}

// Publish implements Transport.
func (s *sockets) Publish(address string, welcome func(topic []byte) [][]byte) (Socket, error) {
	if welcome == nil {
		welcome = func([]byte) [][]byte { return nil }
	}
	return listenPublisher(s.network, address, welcome)
}

// Dial implements Transport.
func (s *sockets) Dial(ctx context.Context, ch Channel, address, identity string) (Socket, error) {
	w, err := s.network.dial(ctx, ch, address, identity)
	if err != nil {
		return nil, fmt.Errorf("connecting to the %s socket at %s: %w", ch, address, err)
	}
	d := newDealer(w, address)
	if ch == IOPub {
		err = d.Send(ctx, subscribeAll)
	}
	return d, err
}

// A router gives each message to the peer that its first frame names, and puts that frame before
// what it receives. It is the kernel's side of all channels but IOPub.
type router struct{ *hub }

func listenRouter(n network, ch Channel, address string) (Socket, error) {
	r := router{newHub()}
	err := r.open(n, ch, address, func(p *peer, frames [][]byte) error {
		return r.deliver(append([][]byte{[]byte(p.name)}, frames...))
	})
	if err != nil {
		return nil, err
	}
	return r, nil
}

// Send implements Socket.
func (r router) Send(ctx context.Context, frames [][]byte) error {
	if len(frames) == 0 {
		return ErrNoPeer
	}
	p := r.peer(string(frames[0]))
	if p == nil {
		return fmt.Errorf("sending to %x: %w", frames[0], ErrNoPeer)
	}
	return p.send(ctx, frames[1:])
}

// A publisher gives each message to all peers that subscribed to the beginning of its first frame.
type publisher struct{ *hub }

func listenPublisher(n network, address string, welcome func(topic []byte) [][]byte) (Socket, error) {
	p := publisher{newHub()}
	err := p.open(n, IOPub, address, func(p *peer, frames [][]byte) error {
		return p.subscribe(frames, welcome)
	})
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Send implements Socket. A peer that is lost on the way is no error: there may be none at all.
func (p publisher) Send(ctx context.Context, frames [][]byte) error {
	if len(frames) == 0 {
		return errors.New("a message without frames has no topic")
	}
	for _, to := range p.all() {
		if !to.topics.match(frames[0]) {
			continue
		}
		if err := to.send(ctx, frames); ctx.Err() != nil {
			return err
		}
	}
	return nil
}

// open starts a hub that listens.
func (h *hub) open(n network, ch Channel, address string, handle func(*peer, [][]byte) error) error {
	ready := make(chan struct{})
	a, err := n.listen(ch, address, func(w wire) {
		<-ready
		h.join(w, handle)
	})
	if err != nil {
		return fmt.Errorf("listening at %s: %w", address, err)
	}
	h.acceptor, h.at = a, a.address()
	close(ready)
	return nil
}

// A dealer is a front end's side of a channel: one peer, to which everything goes.
type dealer struct {
	*hub
	to *peer
}

func newDealer(w wire, address string) dealer {
	d := dealer{hub: newHub()}
	d.at = address
	d.to = d.join(w, func(_ *peer, frames [][]byte) error { return d.deliver(frames) })
	return d
}

// Send implements Socket.
func (d dealer) Send(ctx context.Context, frames [][]byte) error { return d.to.send(ctx, frames) }

// subscribe takes a subscription message: one frame, a 1 or 0 byte and the topic. Anything else that a
// subscriber sends is ignored. The welcome does not wait for room: a peer that has none subscribes more
// than it reads.
func (p *peer) subscribe(frames [][]byte, welcome func(topic []byte) [][]byte) error {
	if len(frames) != 1 || len(frames[0]) == 0 {
		return nil
	}
	topic := frames[0][1:]
	switch frames[0][0] {
	case 0:
		p.topics.remove(string(topic))
	case 1:
		if greeting := welcome(topic); greeting != nil {
			if _, err := p.offer(greeting); err != nil {
				return err
			}
		}
		return p.topics.add(string(topic))
	}
	return nil
}

// topics is what a peer subscribed to. The zero value has subscribed to nothing.
type topics struct {
	mu     sync.Mutex
	counts map[string]int
}

// maxTopics bounds what one peer can make a publisher remember.
const maxTopics = 1024

func (t *topics) add(topic string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.counts == nil:
		t.counts = map[string]int{}
	case len(t.counts) >= maxTopics:
		return fmt.Errorf("peer has more than %d subscriptions", maxTopics)
	}
	t.counts[topic]++
	return nil
}

func (t *topics) remove(topic string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.counts[topic] > 1 {
		t.counts[topic]--
		return
	}
	delete(t.counts, topic)
}

func (t *topics) match(topic []byte) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	for prefix := range t.counts {
		if bytes.HasPrefix(topic, []byte(prefix)) {
			return true
		}
	}
	return false
}

// subscribeAll is the subscription message for every topic.
var subscribeAll = [][]byte{{1}}
