package comm

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"sync"
)

// A Comm is the cells' end of one comm.
type Comm struct {
	id, target string
	exchange   *exchange

	mu        sync.Mutex
	onMessage func(Message)
	onClose   func(Message)
}

// ErrClosed is the error of Send where either side has closed the comm.
var ErrClosed = errors.New("comm: it is closed")

// Open opens a comm on the page. Data is written as JSON; the page's handler of the target gets it. A
// page that does not know the target closes the comm at once.
func Open(target string, data any, buffers ...[]byte) (*Comm, error) {
	m, err := message(data, buffers)
	if err != nil {
		return nil, err
	}
	c := newComm(newID(), target, &session)
	session.add(c)
	if err := session.send(Packet{Kind: Opens, ID: c.id, Target: target, Message: m}); err != nil {
		session.remove(c.id)
		return nil, err
	}
	return c, nil
}

func newComm(id, target string, e *exchange) *Comm {
	return &Comm{id: id, target: target, exchange: e}
}

// newID is as random as the identifiers that front ends make.
func newID() string {
	var id [16]byte
	rand.Read(id[:]) // never fails
	return hex.EncodeToString(id[:])
}

// Handle says what is called when the page opens a comm with the target; nil takes it back. What the
// page sent with the opening is the message.
func Handle(target string, opened func(*Comm, Message)) { session.handle(target, opened) }

// ID identifies the comm on both sides.
func (c *Comm) ID() string { return c.id }

// Target names what the comm is connected to.
func (c *Comm) Target() string { return c.target }

// OnMessage says what is called with each message from the page, in place of what was said before.
func (c *Comm) OnMessage(f func(Message)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onMessage = f
}

// OnClose says what is called when the page closes the comm.
func (c *Comm) OnClose(f func(Message)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.onClose = f
}

// Send sends data, written as JSON, and buffers as they are. It returns when the front has them.
func (c *Comm) Send(data any, buffers ...[]byte) error {
	m, err := message(data, buffers)
	if err != nil {
		return err
	}
	if !c.exchange.has(c.id) {
		return ErrClosed
	}
	return c.exchange.send(Packet{Kind: Tells, ID: c.id, Message: m})
}

// Close closes the comm for both sides. Closing it again does nothing.
func (c *Comm) Close() error {
	if !c.exchange.remove(c.id) {
		return nil
	}
	m, err := message(nil, nil)
	if err != nil {
		return err
	}
	return c.exchange.send(Packet{Kind: Closes, ID: c.id, Message: m})
}

// take hands a message to its handler.
func (c *Comm) take(p Packet) {
	c.mu.Lock()
	f := c.onMessage
	if p.Kind == Closes {
		f = c.onClose
	}
	c.mu.Unlock()
	if f != nil {
		f(p.Message)
	}
}
