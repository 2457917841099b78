package messaging

import (
	"context"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/go-zeromq/zmq4/security/null"
)

// ZMQ returns the transport that front ends speak: ZeroMQ over tcp and ipc.
//
// The library's connections are used and its sockets are not. Those cannot be made to work for a kernel:
// they lose what is queued when they are closed, one silent connection keeps all others out, one
// client that does not read stops the rest, and subscriptions cannot be seen
// (github.com/go-zeromq/zmq4, issues 106, 132, 149 and others). The sockets are the ones in this package.
func ZMQ() Transport { return &sockets{network: zmq{}} }

// zmq is a network of ZMTP connections.
type zmq struct{}

// handshakeTime is how long a peer may take to say who it is.
const handshakeTime = 10 * time.Second

func (zmq) listen(ch Channel, address string, accept func(wire)) (acceptor, error) {
	network, at, err := splitAddress(address)
	if err != nil {
		return nil, err
	}
	l, err := listen(network, at)
	if err != nil {
		return nil, err
	}
	a := &zmqAcceptor{
		listener: l,
		at:       boundAddress(address, l),
		kind:     kernelSide(ch),
		accept:   accept,
		opening:  make(map[net.Conn]struct{}),
		closing:  make(chan struct{}),
	}
	a.running.Go(a.loop)
	return a, nil
}

func (zmq) dial(ctx context.Context, ch Channel, address, identity string) (wire, error) {
	network, at, err := splitAddress(address)
	if err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, dialable(at))
	if err != nil {
		return nil, err
	}
	return openWire(conn, frontSide(ch), identity, false)
}

// kernelSide and frontSide name the ZeroMQ socket types. The heartbeat is a router and not a REP:
// it echoes what it gets, whoever sends, so that a lost client cannot wedge it.
func kernelSide(ch Channel) zmq4.SocketType {
	if ch == IOPub {
		return zmq4.Pub
	}
	return zmq4.Router
}

func frontSide(ch Channel) zmq4.SocketType {
	if ch == IOPub {
		return zmq4.Sub
	}
	return zmq4.Dealer
}

// A zmqAcceptor accepts connections. Each handshake has a goroutine and a deadline of its own, so
// a peer that says nothing keeps nobody waiting.
type zmqAcceptor struct {
	listener net.Listener
	at       string
	kind     zmq4.SocketType
	accept   func(wire)
	closing  chan struct{}
	running  sync.WaitGroup

	mu      sync.Mutex
	opening map[net.Conn]struct{} // in their handshake
}

func (a *zmqAcceptor) address() string { return a.at }

func (a *zmqAcceptor) loop() {
	for {
		conn, err := a.listener.Accept()
		if err == nil {
			a.running.Go(func() { a.open(conn) })
			continue
		}
		// The usual reason is close. Another is that there are no file descriptors left; then
		// trying again at once would only burn a core.
		select {
		case <-a.closing:
			return
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func (a *zmqAcceptor) open(conn net.Conn) {
	if !a.begin(conn) {
		conn.Close()
		return
	}
	w, err := openWire(conn, a.kind, "", true)
	a.mu.Lock()
	delete(a.opening, conn)
	a.mu.Unlock()
	if err == nil {
		a.accept(w)
	}
}

// begin notes a connection so that close can end its handshake.
func (a *zmqAcceptor) begin(conn net.Conn) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	select {
	case <-a.closing:
		return false
	default:
	}
	a.opening[conn] = struct{}{}
	return true
}

func (a *zmqAcceptor) close() {
	a.mu.Lock()
	close(a.closing)
	a.listener.Close()
	for conn := range a.opening {
		conn.Close()
	}
	a.mu.Unlock()
	a.running.Wait()
}

// A zmqWire is an open ZMTP connection.
type zmqWire struct {
	conn  *zmq4.Conn
	guard *guard
	count *countingConn
}

// openWire does the handshake; it closes conn if that does not succeed.
func openWire(conn net.Conn, kind zmq4.SocketType, identity string, server bool) (w *zmqWire, err error) {
	defer func() {
		// The library indexes into the peer's metadata without looking at its length.
		if r := recover(); r != nil {
			err = fmt.Errorf("ZMTP handshake: %v", r)
		}
		if err != nil {
			conn.Close()
		}
	}()
	count := &countingConn{Conn: conn}
	g := newGuard(count)
	if err := conn.SetDeadline(time.Now().Add(handshakeTime)); err != nil {
		return nil, err
	}
	z, err := zmq4.Open(g, null.Security(), kind, zmq4.SocketIdentity(identity), server, nil)
	if err != nil {
		return nil, err
	}
	if err := conn.SetDeadline(time.Time{}); err != nil {
		return nil, err
	}
	g.established()
	return &zmqWire{conn: z, guard: g, count: count}, nil
}

func (w *zmqWire) identity() string { return w.conn.Peer.Meta["Identity"] }

func (w *zmqWire) read() ([][]byte, error) {
	m, err := w.conn.RecvMsg()
	return m.Frames, err
}

func (w *zmqWire) write(frames [][]byte) error {
	return w.conn.SendMsg(zmq4.NewMsgFrom(frames...))
}

func (w *zmqWire) flush() error   { return w.guard.w.Flush() }
func (w *zmqWire) written() int64 { return w.count.out.Load() }
func (w *zmqWire) close() error   { return w.count.Close() }

func (w *zmqWire) closeWrite() error {
	return w.count.Conn.(interface{ CloseWrite() error }).CloseWrite()
}
