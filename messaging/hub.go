package messaging

import (
	"context"
	"encoding/binary"
	"errors"
	"sync"
	"sync/atomic"
)

// received is how many messages a socket holds for its reader; then the peers wait.
const received = 64

// A hub is what all sockets have in common: the peers, one goroutine reading and one writing for
// each, and an end at which what is queued still arrives.
type hub struct {
	acceptor acceptor // nil for a dialled socket
	at       string
	in       chan [][]byte
	lost     chan struct{} // closed when the only peer of a dialled socket is gone
	closing  chan struct{}
	closed   atomic.Bool
	names    uint32 // counts the peers that got their name here
	running  sync.WaitGroup

	mu    sync.Mutex
	peers map[string]*peer
}

func newHub() *hub {
	return &hub{
		in:      make(chan [][]byte, received),
		lost:    make(chan struct{}),
		closing: make(chan struct{}),
		peers:   make(map[string]*peer),
	}
}

func (h *hub) Address() string { return h.at }

// Recv implements Socket.
func (h *hub) Recv(ctx context.Context) ([][]byte, error) {
	select {
	case frames := <-h.in:
		return frames, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-h.closing:
		return nil, ErrClosed
	case <-h.lost:
	}
	select { // what came before the connection was lost
	case frames := <-h.in:
		return frames, nil
	default:
		return nil, ErrClosed
	}
}

// join adds a peer, whose messages go through handle. A peer with the identity of one that is there
// takes its place: that is a front end that has come back before its old connection was found to
// be dead.
func (h *hub) join(w wire, handle func(*peer, [][]byte) error) *peer {
	p := newPeer(w)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed.Load() {
		w.close()
		return nil
	}
	if p.name == "" || p.name[0] == 0 {
		// Names with a zero byte in front are for the router to give, as with libzmq.
		h.names++
		p.name = "\x00" + string(binary.BigEndian.AppendUint32(nil, h.names))
	}
	if old := h.peers[p.name]; old != nil {
		old.drop()
	}
	h.peers[p.name] = p
	h.running.Go(func() { _ = p.writeLoop() }) // its error is the reader's too
	h.running.Go(func() { h.readLoop(p, handle) })
	return p
}

// readLoop hands on what a peer sends until it closes the wire. It is also what notices that a
// peer is gone, so it goes on while the hub closes, to see that the peer has taken everything.
func (h *hub) readLoop(p *peer, handle func(*peer, [][]byte) error) {
	defer h.leave(p)
	for {
		frames, err := p.wire.read()
		if err != nil || handle(p, frames) != nil {
			return
		}
	}
}

// deliver queues a message for Recv. While the hub closes, messages are dropped.
func (h *hub) deliver(frames [][]byte) error {
	select {
	case h.in <- frames:
	case <-h.closing:
	}
	return nil
}

func (h *hub) leave(p *peer) {
	p.drop()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.peers[p.name] == p {
		delete(h.peers, p.name)
	}
	if h.acceptor == nil {
		close(h.lost)
	}
}

func (h *hub) peer(name string) *peer {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.peers[name]
}

func (h *hub) all() []*peer {
	h.mu.Lock()
	defer h.mu.Unlock()
	all := make([]*peer, 0, len(h.peers))
	for _, p := range h.peers {
		all = append(all, p)
	}
	return all
}

// Close implements Socket. Each writer empties its queue and tells the peer that nothing follows;
// the wire is closed when the peer has closed its side, which means that it has everything.
// Closing it earlier could lose the end: TCP resets a connection that is closed with unread data.
func (h *hub) Close(ctx context.Context) error {
	h.mu.Lock()
	again := h.closed.Swap(true)
	h.mu.Unlock()
	if again {
		return nil
	}
	if h.acceptor != nil {
		h.acceptor.close()
	}
	close(h.closing)
	for _, p := range h.all() {
		p.finish()
	}
	return h.linger(ctx)
}

var errNotTaken = errors.New("a peer did not take all that was sent to it")

func (h *hub) linger(ctx context.Context) error {
	ended := make(chan struct{})
	go func() {
		h.running.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	}
	for _, p := range h.all() {
		p.drop()
	}
	<-ended
	return errNotTaken
}
