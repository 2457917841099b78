// Package jupyter drives a Jupyter kernel for benchmarks: it finds the kernelspec, starts the
// process, connects raw sockets and exchanges messages, with as little work on the client's side
// as there can be, and the same work for every kernel.
//
// Find is the first call to make, then Start and Connect. A request is made beforehand with
// Client.Prepare, encoded and signed, so that sending it is one system call. Client.Run sends one
// and gives the times at which the reply and the idle status were read.
//
// A client belongs to one goroutine. It starts one more for each socket, which end with Close.
// A process is ended with Stop, which ends its children too.
//
// Signatures of incoming messages are not checked: that would measure the client.
package jupyter
