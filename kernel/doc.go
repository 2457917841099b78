// Package kernel turns requests of Jupyter front ends into calls of an [Interpreter], and what the
// interpreter gives back into replies and outputs. It knows the protocol's meaning; its form is
// the business of package messaging, and what a cell is, that of the interpreter.
//
// Start with [New], which takes an open [messaging.Server], and call [Kernel.Serve]; it returns
// when the kernel is to end, after everything has been delivered.
//
// # The way of a request
//
// The goroutine that reads a channel looks the type up in one table (dispatch.go). What can be
// answered without waiting is answered there: information, interrupt, shutdown. Cells and
// comm messages go to one goroutine that takes them in order. Completion, inspection,
// is_complete and history have a few of their own, so that they go on while a cell runs. Wherever it is
// answered, a request has its busy first and its idle last, from one defer, and its reply leaves
// on the channel and with the identities it came with. An error of a handler, a panic too, is an
// error reply.
//
// Each cell has an output value of its own, bound to its request and handed to the interpreter.
// Nothing stores a current request: what a goroutine of an old cell writes appears under that cell.
//
// # Goroutines and ownership
//
// Serve owns the goroutines above, the server and the interpreter, and ends them all. Only
// [Kernel.Interrupt] may be called from elsewhere, at any time.
//
// # What it does not do
//
// It has no subshells and no debugger.
package kernel
