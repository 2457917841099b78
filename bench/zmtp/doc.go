// Package zmtp is the client side of ZeroMQ for benchmarks: ZMTP 3.0 over one TCP or Unix
// connection, the NULL mechanism, and the socket types that a Jupyter client has.
//
// Dial is the first call to make; then Send and Recv, or Encode beforehand and Write when the
// clock runs. There is no reconnecting, no queue and no goroutine: the cost of a message is one
// system call, so that what is measured is the kernel. One goroutine may send while another
// receives; two may not do the same.
//
// It is no general library: it cannot listen, knows no other mechanism, and leaves the matching of
// requests and replies to its caller.
package zmtp
