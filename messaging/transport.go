package messaging

import (
	"context"
	"errors"
)

// A Channel is one of the five sockets between a kernel and its front ends.
type Channel int

const (
	Shell Channel = iota
	Control
	Stdin
	IOPub
	Heartbeat
)

var channels = [...]Channel{Shell, Control, Stdin, IOPub, Heartbeat}

func (c Channel) String() string {
	return [...]string{"shell", "control", "stdin", "iopub", "hb"}[c]
}

// A Transport carries frames between a kernel and its front ends. Everything else in this module
// works on any transport; ZMQ and NewMemory make the two that there are.
type Transport interface {
	// Listen opens the kernel's side of any channel but IOPub: a router, whose messages begin with a
	// frame that names the peer. A port 0 in address means any free one.
	Listen(ch Channel, address string) (Socket, error)
	// Publish opens the kernel's side of IOPub. What welcome returns for a topic is sent to each peer that
	// subscribes to it, before anything else that the subscription brings; nil is nothing.
	Publish(address string, welcome func(topic []byte) [][]byte) (Socket, error)
	// Dial opens a front end's side of ch, which on IOPub gets everything. The identity is what a
	// router sees; empty lets the router choose one. A lost connection is not opened again.
	Dial(ctx context.Context, ch Channel, address string, identity string) (Socket, error)
}

// A Socket sends and receives multipart messages. Its methods may be called from any goroutine.
// Frames belong to the socket once they are sent, and to the caller once they are received.
type Socket interface {
	// Address is what a front end dials; it has the port that was chosen for 0.
	Address() string
	// Recv waits for a message. After Close, or when a dialled connection is lost, it returns ErrClosed.
	Recv(ctx context.Context) ([][]byte, error)
	// Send queues a message. It waits while a peer that still reads has too much in its queue; a
	// peer that does not read any more is dropped. A router returns ErrNoPeer for a peer it does
	// not have. A publisher's message goes to all who subscribed by now.
	Send(ctx context.Context, frames [][]byte) error
	// Close delivers what is queued, as long as ctx lasts, then closes the connections and waits
	// for the socket's goroutines.
	Close(ctx context.Context) error
}

var (
	// ErrClosed is returned by the methods of a socket that was closed.
	ErrClosed = errors.New("socket is closed")
	// ErrNoPeer is returned for a message to somebody who is not connected.
	ErrNoPeer = errors.New("no such peer is connected")
)
