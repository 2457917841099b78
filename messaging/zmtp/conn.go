package zmtp

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
)

// A SocketType is what a connection belongs to.
type SocketType string

// The socket types of a kernel, and of its clients.
const (
	Router SocketType = "ROUTER"
	Dealer SocketType = "DEALER"
	XPub   SocketType = "XPUB"
	Sub    SocketType = "SUB"
)

// fits reports whether the types may talk to each other.
func (t SocketType) fits(other SocketType) bool {
	partners := map[SocketType][]SocketType{
		Router: {"DEALER", "REQ", "ROUTER"},
		Dealer: {"ROUTER", "REP", "DEALER"},
		XPub:   {"SUB", "XSUB"},
		Sub:    {"PUB", "XPUB"},
	}
	return slices.Contains(partners[t], other)
}

// A Config says what a connection is to be.
type Config struct {
	Type     SocketType // of our side
	Identity string     // that a router at the other end knows us by; empty lets it choose
	Server   bool       // our side has accepted the connection
	// Security is a mechanism, which both sides must want. Nil is NULL: no secrets.
	Security Security
	// MaxMessage and MaxFrames bound the messages of the peer, in bytes and frames.
	MaxMessage int64
	MaxFrames  int
}

// A Peer is what the other side says about itself.
type Peer struct {
	Type     SocketType
	Identity string // empty if it leaves that to us
}

// Sizes of the buffers of one connection, in bytes.
const (
	readBuffer  = 16 << 10
	writeBuffer = 32 << 10
)

// maxHandshake bounds each command of the handshake, in bytes.
const maxHandshake = 64 << 10

// A Conn carries messages.
type Conn struct {
	config Config
	peer   Peer
	r      *bufio.Reader
	seal   seal // nil where nothing is encrypted

	writing sync.Mutex
	w       *bufio.Writer
}

// A seal encrypts frames and decrypts them. One goroutine calls close, one open.
type seal interface {
	close(f frame) (frame, error)
	open(f frame) (frame, error)
}

// Open greets the peer and does the handshake. The caller sets the deadline for that on conn, and closes
// it if Open fails.
func Open(conn net.Conn, c Config) (*Conn, error) {
	if c.Security == nil {
		c.Security = null{}
	}
	z := &Conn{config: c, r: bufio.NewReaderSize(conn, readBuffer), w: bufio.NewWriterSize(conn, writeBuffer)}
	if _, err := conn.Write(greeting(c.Security.mechanism(), c.Server && c.Security.hasServer())); err != nil {
		return nil, fmt.Errorf("sending the greeting: %w", err)
	}
	if err := readGreeting(z.r, c.Security.mechanism()); err != nil {
		return nil, err
	}
	data, err := c.Security.handshake(z)
	if err != nil {
		return nil, fmt.Errorf("handshake: %w", err)
	}
	if z.peer, err = parseMetadata(data, c.Type); err != nil {
		return nil, fmt.Errorf("handshake: %w", err)
	}
	return z, nil
}

// Peer is what the other side has said about itself.
func (z *Conn) Peer() Peer { return z.peer }

// tell and hear are the steps of a handshake.
func (z *Conn) tell(name string, data []byte) error {
	if err := writeFrame(z.w, frame{command: true, body: command(name, data)}); err != nil {
		return err
	}
	return z.w.Flush()
}

func (z *Conn) hear(name string) ([]byte, error) {
	f, err := readFrame(z.r, maxHandshake)
	if err != nil {
		return nil, err
	}
	return expect(f, name)
}

// ReadMessage waits for the next message. A subscription is one, as in ZMTP 3.0: a frame with a 1, or a 0
// where it ends, and the topic.
func (z *Conn) ReadMessage() ([][]byte, error) {
	var message [][]byte
	for left := z.config.MaxMessage; ; {
		f, err := z.readFrame(left)
		if err != nil {
			return nil, err
		}
		if f.command {
			subscription, err := z.obey(f.body)
			switch {
			case err != nil:
				return nil, err
			case subscription == nil:
				continue
			case message != nil:
				return nil, errors.New("a subscription in the middle of a message")
			}
			return [][]byte{subscription}, nil
		}
		message = append(message, f.body)
		left -= int64(len(f.body))
		switch {
		case !f.more:
			return message, nil
		case len(message) >= z.config.MaxFrames:
			return nil, fmt.Errorf("a message has more than %d frames", z.config.MaxFrames)
		}
	}
}

func (z *Conn) readFrame(most int64) (frame, error) {
	if z.seal == nil {
		return readFrame(z.r, most)
	}
	f, err := readFrame(z.r, most+sealed)
	if err != nil {
		return frame{}, err
	}
	return z.seal.open(f)
}

// maxContext is how much of a PING comes back, in bytes.
const maxContext = 16

// obey does what a command asks for; of a subscription it makes a message.
func (z *Conn) obey(body []byte) (subscription []byte, err error) {
	name, data, err := splitCommand(body)
	if err != nil {
		return nil, err
	}
	switch name {
	case "SUBSCRIBE":
		return append([]byte{1}, data...), nil
	case "CANCEL":
		return append([]byte{0}, data...), nil
	case "PING":
		const ttl = 2
		context := data[min(ttl, len(data)):]
		return nil, z.answer(frame{command: true, body: command("PONG", context[:min(maxContext, len(context))])})
	case "PONG":
		return nil, nil
	case "ERROR":
		return nil, refusal(data)
	}
	return nil, fmt.Errorf("the peer sent the command %q", name)
}

func (z *Conn) answer(f frame) error {
	z.writing.Lock()
	defer z.writing.Unlock()
	if err := z.writeFrame(f); err != nil {
		return err
	}
	return z.w.Flush()
}

// WriteMessage sends a message, or keeps it until Flush.
func (z *Conn) WriteMessage(frames [][]byte) error {
	z.writing.Lock()
	defer z.writing.Unlock()
	for i, body := range frames {
		if err := z.writeFrame(frame{more: i < len(frames)-1, body: body}); err != nil {
			return err
		}
	}
	return nil
}

func (z *Conn) writeFrame(f frame) error {
	if z.seal != nil {
		var err error
		if f, err = z.seal.close(f); err != nil {
			return err
		}
	}
	return writeFrame(z.w, f)
}

// Flush sends what WriteMessage has kept.
func (z *Conn) Flush() error {
	z.writing.Lock()
	defer z.writing.Unlock()
	return z.w.Flush()
}
