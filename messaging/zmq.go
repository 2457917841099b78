package messaging

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gopy-kernel/gopy-kernel/messaging/zmtp"
)

// ZMQ returns the transport that front ends speak: ZeroMQ over tcp and ipc. A nil security is none, and
// else both sides must have the same; see [zmtp.Curve].
func ZMQ(security zmtp.Security) Transport { return &sockets{network: zmq{security}} }

// zmq is a network of ZMTP connections.
type zmq struct{ security zmtp.Security }

// handshakeTime is how long a peer may take to say who it is.
const handshakeTime = 10 * time.Second

func (z zmq) listen(ch Channel, address string, accept func(wire)) (acceptor, error) {
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
		config:   zmtp.Config{Type: kernelSide(ch), Server: true, Security: z.security},
		accept:   accept,
		opening:  make(map[net.Conn]struct{}),
		closing:  make(chan struct{}),
	}
	a.running.Go(a.loop)
	return a, nil
}

func (z zmq) dial(ctx context.Context, ch Channel, address, identity string) (wire, error) {
	network, at, err := splitAddress(address)
	if err != nil {
		return nil, err
	}
	conn, err := new(net.Dialer).DialContext(ctx, network, dialable(at))
	if err != nil {
		return nil, err
	}
	return openWire(conn, zmtp.Config{Type: frontSide(ch), Identity: identity, Security: z.security})
}

// kernelSide and frontSide name the ZeroMQ socket types. The heartbeat is a router and not a REP:
// it echoes what it gets, whoever sends, so that a lost client cannot wedge it.
func kernelSide(ch Channel) zmtp.SocketType {
	if ch == IOPub {
		return zmtp.XPub
	}
	return zmtp.Router
}

func frontSide(ch Channel) zmtp.SocketType {
	if ch == IOPub {
		return zmtp.Sub
	}
	return zmtp.Dealer
}

// A zmqAcceptor accepts connections. Each handshake has a goroutine and a deadline of its own, so
// a peer that says nothing keeps nobody waiting.
type zmqAcceptor struct {
	listener net.Listener
	at       string
	config   zmtp.Config
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
	w, err := openWire(conn, a.config)
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
	conn  *zmtp.Conn
	count *countingConn
}

// Limits for what a peer may send.
const (
	maxMessage       = 512 << 20                      // bytes
	maxMessageFrames = maxIdentities + 6 + maxBuffers // frames
)

// openWire does the handshake; it closes conn if that does not succeed.
func openWire(conn net.Conn, c zmtp.Config) (*zmqWire, error) {
	count := &countingConn{Conn: conn}
	z, err := shakeHands(count, c)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &zmqWire{conn: z, count: count}, nil
}

func shakeHands(conn net.Conn, c zmtp.Config) (*zmtp.Conn, error) {
	c.MaxMessage, c.MaxFrames = maxMessage, maxMessageFrames
	if err := conn.SetDeadline(time.Now().Add(handshakeTime)); err != nil {
		return nil, err
	}
	z, err := zmtp.Open(conn, c)
	if err != nil {
		return nil, err
	}
	return z, conn.SetDeadline(time.Time{})
}

func (w *zmqWire) identity() string { return w.conn.Peer().Identity }

func (w *zmqWire) read() ([][]byte, error)     { return w.conn.ReadMessage() }
func (w *zmqWire) write(frames [][]byte) error { return w.conn.WriteMessage(frames) }
func (w *zmqWire) flush() error                { return w.conn.Flush() }
func (w *zmqWire) written() int64              { return w.count.out.Load() }
func (w *zmqWire) close() error                { return w.count.Close() }

func (w *zmqWire) closeWrite() error {
	return w.count.Conn.(interface{ CloseWrite() error }).CloseWrite()
}

// A countingConn knows how many bytes went out, also in the middle of a long write.
type countingConn struct {
	net.Conn
	out atomic.Int64
}

// writePiece is what is written at once, in bytes.
const writePiece = 256 << 10

func (c *countingConn) Write(p []byte) (int, error) {
	total := 0
	for {
		n, err := c.Conn.Write(p[:min(len(p), writePiece)])
		c.out.Add(int64(n))
		total += n
		if p = p[n:]; err != nil || len(p) == 0 {
			return total, err
		}
	}
}
