package zmtp

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"time"
)

// A Type is a ZeroMQ socket type.
type Type string

// The types that a Jupyter client needs: DEALER for shell, control and stdin, SUB for iopub, REQ
// for the heartbeat. A REQ socket adds and removes the empty frame before a message.
const (
	Dealer Type = "DEALER"
	Sub    Type = "SUB"
	Req    Type = "REQ"
)

// A Conn is one socket with its one connection.
type Conn struct {
	kind Type
	c    net.Conn
	r    *bufio.Reader
}

const readBuffer = 256 << 10 // one system call for many small messages

// Dial connects to a listening socket and shakes hands. The identity, empty for most, is the name
// that a ROUTER will know. The context bounds the dialing and the handshake only.
func Dial(ctx context.Context, network, address string, kind Type, identity string) (*Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, fmt.Errorf("connect %s: %w", kind, err)
	}
	conn := &Conn{kind: kind, c: c, r: bufio.NewReaderSize(c, readBuffer)}
	stop := context.AfterFunc(ctx, func() { c.SetDeadline(time.Unix(1, 0)) })
	err = conn.handshake(identity)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		c.Close()
		return nil, fmt.Errorf("handshake of %s with %s: %w", kind, address, err)
	}
	return conn, nil
}

// handshake exchanges greetings and READY commands, ZMTP 3.0 sections "Greeting" and "NULL".
func (c *Conn) handshake(identity string) error {
	if isSelf(c.c) {
		return errors.New("connected to itself: nobody listens there")
	}
	hello := greeting()
	hello = appendFrame(hello, flagCommand, ready(c.kind, identity))
	if _, err := c.c.Write(hello); err != nil {
		return err
	}
	var peer [64]byte
	if _, err := io.ReadFull(c.r, peer[:]); err != nil {
		return noEOF(err)
	}
	if err := checkGreeting(peer[:]); err != nil {
		return err
	}
	flags, body, err := readFrame(c.r)
	if err != nil {
		return err
	}
	if flags&flagCommand == 0 || !bytes.HasPrefix(body, []byte("\x05READY")) {
		return fmt.Errorf("no READY command but %q", body)
	}
	return nil
}

// isSelf finds a trap of the loopback device: dialing a free port of the range from which the
// system takes source ports now and then connects a socket to itself.
func isSelf(c net.Conn) bool {
	tcp, ok := c.(*net.TCPConn)
	return ok && tcp.LocalAddr().String() == tcp.RemoteAddr().String()
}

func greeting() []byte {
	var g [64]byte
	g[0], g[9] = 0xff, 0x7f
	g[10] = 3 // the version is 3.0: a 3.1 peer then expects subscriptions as messages
	copy(g[12:], "NULL")
	return g[:]
}

func checkGreeting(g []byte) error {
	mechanism := string(bytes.TrimRight(g[12:32], "\x00"))
	switch {
	case g[0] != 0xff || g[9] != 0x7f:
		return errors.New("the peer does not speak ZMTP")
	case g[10] < 3:
		return fmt.Errorf("the peer speaks ZMTP %d", g[10])
	case mechanism != "NULL":
		return fmt.Errorf("the peer wants the mechanism %s", mechanism)
	}
	return nil
}

func ready(kind Type, identity string) []byte {
	b := []byte("\x05READY")
	b = appendProperty(b, "Socket-Type", string(kind))
	if kind != Sub {
		b = appendProperty(b, "Identity", identity)
	}
	return b
}

func appendProperty(b []byte, name, value string) []byte {
	b = append(b, byte(len(name)))
	b = append(b, name...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(value)))
	return append(b, value...)
}

// Subscribe asks a PUB socket for messages whose first frame begins with prefix. The peer does not
// answer: messages that it sends before it has read this are lost.
func (c *Conn) Subscribe(prefix string) error {
	return c.Write(Encode(append([]byte{1}, prefix...)))
}

// Send sends one message.
func (c *Conn) Send(frames ...[]byte) error {
	if c.kind == Req {
		frames = append([][]byte{nil}, frames...)
	}
	return c.Write(Encode(frames...))
}

// Write sends what Encode gave, in one system call.
func (c *Conn) Write(encoded []byte) error {
	if _, err := c.c.Write(encoded); err != nil {
		return fmt.Errorf("send on %s: %w", c.kind, err)
	}
	return nil
}

// Recv waits for the next message. Its frames belong to the caller. At the end of the connection
// the error is io.EOF.
func (c *Conn) Recv() ([][]byte, error) {
	var frames [][]byte
	for {
		flags, body, err := readFrame(c.r)
		if err == io.EOF && len(frames) == 0 {
			return nil, io.EOF
		}
		if err != nil {
			return nil, fmt.Errorf("receive on %s: %w", c.kind, noEOF(err))
		}
		if flags&flagCommand != 0 {
			continue // nothing after READY concerns a client
		}
		frames = append(frames, body)
		if flags&flagMore == 0 {
			return c.strip(frames), nil
		}
	}
}

func (c *Conn) strip(frames [][]byte) [][]byte {
	if c.kind == Req && len(frames) > 1 && len(frames[0]) == 0 {
		return frames[1:]
	}
	return frames
}

// SetDeadline bounds all sending and receiving from now on; the zero time takes the bound away.
func (c *Conn) SetDeadline(t time.Time) error { return c.c.SetDeadline(t) }

// Close ends the connection; a Recv that waits returns an error.
func (c *Conn) Close() error { return c.c.Close() }
