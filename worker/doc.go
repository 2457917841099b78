// Package worker runs what the front has built.
//
// A worker is a process: it loads cells into itself, and Python too. [New] makes the
// loop from a connection to the front, and [Worker.Serve] runs it until the front says [link.Quit]
// or goes away.
//
// # Threads
//
// Serve must be called on the process's main OS thread, by a goroutine that is locked to it. It lends
// the thread: each cell has a goroutine of its own, which runs on any thread, and on this one from a
// call of C on until it waits or ends (package goroutine). So Python, whose signal handling and
// windows belong to the main thread, finds itself there, and so does the C code of cells; and cells
// that only wait for goroutines do not pay for it. Messages are received on a goroutine of their own,
// so that a look at the variables is answered while a cell runs, and an interrupt comes as a signal.
//
// A cell may end the goroutine that runs it: an interrupt does, and so does runtime.Goexit in user
// code. Where C code that has called it stands on its stack, it is left behind.
//
// # What it does not do
//
// It knows no source code and no cell numbers; those are the front's. What ends the process, such
// as a fault in C code, a fatal error of the runtime or os.Exit, ends it: the front reports it and
// starts another worker.
package worker
