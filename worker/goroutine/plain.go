//go:build !workspace

package goroutine

// Supported says whether the program was built with the additions to package runtime.
const Supported = false

// Run is the run that the calling goroutine belongs to, 0 for none.
func Run() uint64 { return 0 }

// SetRun makes the calling goroutine belong to a run, and those that it starts from now on.
func SetRun(run uint64) {}

// Count is the number of goroutines that belong to a run.
func Count(run uint64) int { return 0 }

// Settling reports whether locks that goroutines have waited for which Wake has ended may still be about to
// become free.
func Settling() bool { return false }

// Stuck reports whether all goroutines that belong to runs wait for each other: none runs, and none waits
// for time, the network or a system call, and no function is to be called at a time to come. A signal may
// wake them.
func Stuck() bool { return false }

// Handle sets the handler, the first time that it is called.
func Handle(h Handler) {}

// A Wait is a goroutine that waits: for a channel, package sync, time or the network.
type Wait struct {
	id    uint64
	depth int32
	pcs   [64]uintptr
}

// Waiting are goroutines of a run that wait, some hundred at most.
func Waiting(run uint64) []Wait { return nil }

// Wake ends the wait: the goroutine leaves the queues that it stands in and calls Handler.Stopped.
func (w *Wait) Wake() bool { return false }

// LendMain runs f in another goroutine and lends it the calling goroutine's thread meanwhile, and all that
// call Roam. The caller must be locked to the thread that the process began with.
func LendMain(f func()) { f() }

// Roam makes the calling goroutine one that runs on any thread and goes to the lent one when it calls C or
// runtime.LockOSThread. It gives the thread back when it ends, and when it waits in between. If the last that
// had the thread has left it with LockOSThread, it goes there at once.
func Roam() {}

// Leave never returns. It gives back the thread that Roam is about, for goroutines that cannot end: C code
// that called them stands on the stack.
func Leave() { select {} }
