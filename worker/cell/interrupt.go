package cell

import (
	"runtime"
	"sync/atomic"
)

// interrupted is set while the running cell is to end. Generated code reads it at the head of each
// loop, so it stands alone and is read without a lock.
var interrupted atomic.Uint32

// Check ends the goroutine if the cell that it works for was interrupted. It is small enough to be
// compiled into the loops of a cell: one load and a branch.
//
// The goroutine ends with runtime.Goexit and not with a panic, which a recover in the cell's code
// would swallow. EndWith is about where that is not possible.
func Check() {
	if interrupted.Load() != 0 {
		stop()
	}
}

//go:noinline
func stop() {
	if f := exit.Load(); f != nil {
		(*f)()
	}
	runtime.Goexit()
}

// exit ends goroutines where runtime.Goexit must not. It is the process's, as the flag is.
var exit atomic.Pointer[func()]

// EndWith sets what ends the goroutine of an interrupted cell: a function that does not return, and
// that can do it where C code stands on the stack, which runtime.Goexit cannot.
func EndWith(f func()) { exit.Store(&f) }

// Interrupt asks the running cell to end at its next check.
func Interrupt() { interrupted.Store(1) }

// Interrupted reports whether the running cell was asked to end.
func Interrupted() bool { return interrupted.Load() != 0 }

// Resume lets cells run again after an interrupt.
func Resume() { interrupted.Store(0) }
