// Package messaging speaks the Jupyter wire protocol: frames, signatures, headers, the contents of
// each message, and the sockets below them. It knows no Go cell and no Python.
//
// Start with [ReadStartFile] and [Listen], which opens a kernel's five sockets, then call
// [Server.Serve] with a function that gets each message. Answers are made with [Server.Answer]
// and go out by [Server.Send]; all that every front end shall see goes through [Server.Publisher],
// and what a running cell shows through [Publisher.Outputs]. Contents are structs, one file for
// each family of messages; [Decode] reads one, with the defaults and the demands of the protocol.
//
// The protocol is https://jupyter-client.readthedocs.io/en/stable/messaging.html, version 5.6. Where the
// connection file has keys, all is encrypted by CURVE. Where the launcher has given a registration file, the kernel
// chooses its ports and tells them: [Registration.Announce].
//
// # Goroutines and ownership
//
// A socket has one goroutine that reads and one that writes for each peer, and one that accepts.
// Server.Serve adds one for each channel it reads, and the publisher has one, the only one that
// writes to IOPub. Server.Close ends and awaits them all; it delivers what is queued first.
// Received messages are shared and only read.
//
// # Guarantees
//
//   - A message that is not signed is dropped before any of it is decoded; none ends the process.
//   - Nothing on IOPub is lost or reordered while its reader reads. Text waits for room; status does not.
//   - A peer that stops reading is dropped when 16 MiB wait for it and no byte went out for two seconds.
//   - A message that was sent before Close arrives, if its reader takes it within the linger time.
//
// # What it does not do
//
// It has no subshells and no debug messages, which are features that the protocol leaves to the kernel. A dialled socket, as tests use it, does not reconnect.
package messaging
