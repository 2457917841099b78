package comm

import (
	"errors"
	"sync"
)

// An exchange has the open comms of a process. The zero exchange is connected to no page.
type exchange struct {
	mu      sync.Mutex
	out     func(Packet) error
	targets map[string]func(*Comm, Message)
	comms   map[string]*Comm
}

// session is the one changing variable of this package, for the reason that package display has one:
// comms are opened everywhere, by code that was handed nothing.
var session exchange

// Connect says where what comms send goes, for the whole process. The worker of the kernel calls it
// once, before the first cell; elsewhere comms cannot be opened.
func Connect(send func(Packet) error) {
	session.mu.Lock()
	defer session.mu.Unlock()
	session.out = send
}

// Deliver hands over what the page has sent, and reports whether anything here takes it: the comm was
// opened here, or its target is known. It returns when the handler does, and passes its panic on.
func Deliver(p Packet) bool { return session.deliver(p) }

func (e *exchange) deliver(p Packet) bool {
	if p.Kind == Opens {
		return e.accept(p)
	}
	e.mu.Lock()
	c := e.comms[p.ID]
	if p.Kind == Closes {
		delete(e.comms, p.ID)
	}
	e.mu.Unlock()
	if c == nil {
		return false
	}
	c.take(p)
	return true
}

func (e *exchange) accept(p Packet) bool {
	e.mu.Lock()
	opened := e.targets[p.Target]
	e.mu.Unlock()
	if opened == nil {
		return false
	}
	c := newComm(p.ID, p.Target, e)
	e.add(c)
	opened(c, p.Message)
	return true
}

func (e *exchange) handle(target string, opened func(*Comm, Message)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if opened == nil {
		delete(e.targets, target)
		return
	}
	if e.targets == nil {
		e.targets = map[string]func(*Comm, Message){}
	}
	e.targets[target] = opened
}

var errNoPage = errors.New("comm: no page is connected; comms work in the cells of a notebook")

func (e *exchange) send(p Packet) error {
	e.mu.Lock()
	out := e.out
	e.mu.Unlock()
	if out == nil {
		return errNoPage
	}
	return out(p)
}

func (e *exchange) add(c *Comm) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.comms == nil {
		e.comms = map[string]*Comm{}
	}
	e.comms[c.id] = c
}

func (e *exchange) has(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.comms[id] != nil
}

func (e *exchange) remove(id string) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	_, open := e.comms[id]
	delete(e.comms, id)
	return open
}
