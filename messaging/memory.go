package messaging

import (
	"context"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
)

// NewMemory returns a transport inside this process, for tests. Each one is a world of its own.
func NewMemory() Transport {
	return &sockets{network: &memory{listeners: make(map[string]*memoryListener)}}
}

// memory is a network whose wires are pairs of Go channels.
type memory struct {
	mu        sync.Mutex
	listeners map[string]*memoryListener
}

type memoryListener struct {
	net    *memory
	at     string
	accept func(wire)
}

// listen adds the channel's name to the address, so that port 0 may be asked for five times.
func (m *memory) listen(ch Channel, address string, accept func(wire)) (acceptor, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	l := &memoryListener{net: m, at: address, accept: accept}
	key := memoryKey(ch, address)
	if m.listeners[key] != nil {
		return nil, fmt.Errorf("address %s is in use", key)
	}
	m.listeners[key] = l
	return l, nil
}

func memoryKey(ch Channel, address string) string { return address + "#" + ch.String() }

func (l *memoryListener) address() string { return l.at }

func (l *memoryListener) close() {
	l.net.mu.Lock()
	defer l.net.mu.Unlock()
	for key, other := range l.net.listeners {
		if other == l {
			delete(l.net.listeners, key)
		}
	}
}

func (m *memory) dial(_ context.Context, ch Channel, address, identity string) (wire, error) {
	m.mu.Lock()
	l := m.listeners[memoryKey(ch, address)]
	m.mu.Unlock()
	if l == nil {
		return nil, fmt.Errorf("nobody listens at %s", memoryKey(ch, address))
	}
	front, kernel := memoryPair(identity)
	l.accept(kernel)
	return front, nil
}

// memoryBuffer is how many messages are under way in one direction.
const memoryBuffer = 16

// memoryPair makes the two ends of a wire; the second one sees identity as its peer's.
func memoryPair(identity string) (front, kernel *memoryWire) {
	there, back := make(chan [][]byte, memoryBuffer), make(chan [][]byte, memoryBuffer)
	closed := make(chan struct{})
	once := new(sync.Once)
	front = &memoryWire{in: back, out: there, closed: closed, once: once}
	kernel = &memoryWire{name: identity, in: there, out: back, closed: closed, once: once}
	return front, kernel
}

type memoryWire struct {
	name   string
	in     <-chan [][]byte
	out    chan<- [][]byte // closed by closeWrite
	closed chan struct{}   // of both ends
	once   *sync.Once
	sent   atomic.Int64
}

func (w *memoryWire) identity() string { return w.name }

func (w *memoryWire) read() ([][]byte, error) {
	select {
	case frames, ok := <-w.in:
		if !ok {
			return nil, io.EOF
		}
		return frames, nil
	case <-w.closed:
		return nil, io.ErrClosedPipe
	}
}

func (w *memoryWire) write(frames [][]byte) error {
	select {
	case w.out <- frames:
		w.sent.Add(int64(size(frames)) + 1)
		return nil
	case <-w.closed:
		return io.ErrClosedPipe
	}
}

func (w *memoryWire) flush() error { return nil }

func (w *memoryWire) written() int64 { return w.sent.Load() }

func (w *memoryWire) closeWrite() error {
	close(w.out)
	return nil
}

func (w *memoryWire) close() error {
	w.once.Do(func() { close(w.closed) })
	return nil
}
