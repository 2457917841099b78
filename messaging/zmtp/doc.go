// Package zmtp speaks ZMTP 3.1, the protocol under ZeroMQ's sockets, over one connection: the greeting, the
// handshake, and then messages of frames both ways.
//
//	z, err := zmtp.Open(conn, zmtp.Config{Type: zmtp.Router, Server: true})
//	frames, err := z.ReadMessage()
//	err = z.WriteMessage(frames)
//	err = z.Flush()
//
// It has what a Jupyter kernel and its clients need: the socket types ROUTER, DEALER, XPUB and SUB with their
// peers, the mechanisms NULL and CURVE, and the limits that keep a peer from harming who listens. What makes
// sockets of connections (queues, routing, subscriptions) is package messaging's.
//
// # Threads
//
// One goroutine reads and one writes; both may do so at the same time. Answers to a peer's PING are
// written by who reads. Closing the net.Conn ends both.
//
// # Sources
//
// ZMTP is https://rfc.zeromq.org/spec/37, CURVE https://rfc.zeromq.org/spec/26. Where libzmq does other than
// they say, libzmq is right, for it is at the other end: the encrypted frames of CURVE are no commands.
package zmtp
