package capi

import (
	"errors"
	"sync/atomic"
)

// ErrNoCgo is why a program has no Python that was built without cgo, or for another system than
// Linux.
var ErrNoCgo = errors.New("this program cannot run Python: it was built without cgo (CGO_ENABLED=1 needs a C compiler), or not for Linux")

// Hooks are what Python's side asks of Go.
type Hooks struct {
	// Call runs the Go function with that id: positional and keyword arguments are in args, whose
	// handles it owns, and it writes one value into result. It runs on the thread of the Python code
	// that called, without the GIL. It must not panic.
	Call func(id uint64, args *Reader, result *Frame)
	// Keep holds a value until Forget gets its id. It must not wait for anything.
	Keep func(v any) (id uint64)
	// Forget says that Python has dropped the Go value with that id. It runs with the GIL held, so it
	// must not call Python and not wait for anything that may.
	Forget func(id uint64)
	// Starter is a number, not 0, of what starts a thread of Python on the calling thread: what that prints
	// is offered to Print with the number. It runs with the GIL held, as Forget does.
	Starter func() (number uint64)
	// Print is offered what is printed by threads that have such a number, or by others that are not Python's main
	// thread, with 0. It reports whether it has taken the text, which is its own only until it returns. It runs
	// without the GIL. Starter and Print are both nil if all prints go to the file descriptors.
	Print func(number uint64, stderr bool, text []byte) (taken bool)
}

// hooks is process-wide because CPython is: a callback from C has no other way to find its Go side.
var hooks atomic.Pointer[Hooks]
