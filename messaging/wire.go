package messaging

import "context"

// A wire is a connection that carries whole multipart messages between two peers, in order.
// One goroutine reads it, one writes it, and any may close it.
type wire interface {
	identity() string // what the peer calls itself, empty when it does not
	read() ([][]byte, error)
	write(frames [][]byte) error // may keep the message back until flush
	flush() error
	// written counts the bytes that went out: it tells a slow peer from one that has stopped reading.
	written() int64
	// closeWrite tells the peer that no message follows. The peer still gets all that was flushed.
	closeWrite() error
	close() error
}

// A network makes wires.
type network interface {
	// listen calls accept for each wire that a peer opens, from goroutines of its own, until the
	// acceptor is closed.
	listen(ch Channel, address string, accept func(wire)) (acceptor, error)
	// dial opens one; a kernel that has identity frames sees this one.
	dial(ctx context.Context, ch Channel, address, identity string) (wire, error)
}

// An acceptor is an open address.
type acceptor interface {
	address() string
	close() // returns when accept will not be called any more
}
