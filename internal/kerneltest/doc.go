// Package kerneltest is a front end for tests of a kernel: it sends requests and reads every
// message that comes back, in order, and a test that leaves one unread fails.
//
// Start with [Dial]. [Client.Execute] sends a cell; [Client.RecvBusy], [Client.RecvInput],
// [Client.RecvStream] and their like each take the next IOPub message and fail the test when it
// is another one; [Client.RecvReply] takes the reply. Each message that arrives is also held
// against [Validate], which knows what the protocol demands of every content.
//
// A Client belongs to the test's goroutine. It has goroutines of its own that read the sockets; the
// test's cleanup ends them.
//
// It does not start a kernel, and knows nothing of ours: it works against any kernel that a
// [messaging.Transport] reaches.
package kerneltest
