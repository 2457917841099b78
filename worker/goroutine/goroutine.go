package goroutine

import "runtime"

// A Handler is told what would end the process.
type Handler struct {
	// Panicked is called in a goroutine that has panicked, after its deferred functions, if nobody has
	// recovered. The stack is still that of the panic. If it returns true, the goroutine ends and the
	// process goes on.
	Panicked func(value any) (ended bool)
	// Stopped is called in a goroutine that Wake has woken. It must not return.
	Stopped func()
	// Exiting is called by os.Exit. If it returns, the process ends.
	Exiting func(code int)
}

// Frames are the functions that a waiting goroutine is in, the innermost first, and the one that has
// started it.
func (w *Wait) Frames() *runtime.Frames { return runtime.CallersFrames(w.pcs[:w.depth]) }

// ID is the number that Go gives the goroutine in dumps.
func (w *Wait) ID() uint64 { return w.id }
