package cell

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gopy-kernel/gopy-kernel/worker/goroutine"
)

// interrupted is set while there are runs whose goroutines are to end at their next check. Generated code reads
// it at the head of each loop, so it stands alone and is read without a lock.
var interrupted atomic.Uint32

// returning is set for longer: while a goroutine of such a run may still come back from a library. What calls have
// returned is looked at with it.
var returning atomic.Uint32

// stopped are those runs.
var stopped = struct {
	sync.Mutex
	runs atomic.Pointer[[]uint64] // never changed, only replaced
	left []uint64                 // those of them that only returning is set for
}{}

// running is the run that is running, or ran last.
var running atomic.Uint64

// Begin says which run begins.
func Begin(run uint64) { running.Store(run) }

// Check ends the goroutine if the run of a cell that it works for was stopped. It is small enough to be
// compiled into the loops of a cell: one load and a branch.
//
// The goroutine ends with runtime.Goexit and not with a panic, which a recover in the cell's code
// would swallow. EndWith is about where that is not possible.
func Check() {
	if interrupted.Load() != 0 {
		stop()
	}
}

// Return is the check behind a call that may have taken long, longer than the checks of loops last.
func Return() {
	if returning.Load() != 0 {
		stop()
	}
}

// Kept is what a call has returned that may have taken long, if the goroutine is to go on. If it is not, it
// ends before it stores that.
func Kept[T any](v T) T {
	Return()
	return v
}

// Kept2 is Kept for two values.
func Kept2[T, U any](v T, u U) (T, U) {
	Return()
	return v, u
}

// Kept3 is Kept for three values.
func Kept3[T, U, V any](v T, u U, w V) (T, U, V) {
	Return()
	return v, u, w
}

//go:noinline
func stop() {
	run := goroutine.Run()
	if run == 0 { // it was called by a thread of Python, or is one of a plain program
		run = running.Load()
	}
	if Stopped(run) {
		End()
	}
}

// End ends the calling goroutine.
func End() {
	if f := exit.Load(); f != nil {
		(*f)()
	}
	runtime.Goexit()
}

// exit ends goroutines where runtime.Goexit must not. It is the process's, as the flag is.
var exit atomic.Pointer[func()]

// EndWith sets what End does: a function that does not return, and that can end a goroutine where C
// code stands on the stack, which runtime.Goexit cannot.
func EndWith(f func()) { exit.Store(&f) }

// Stop asks the goroutines of a run to end at their next check.
func Stop(run uint64) {
	stopped.Lock()
	defer stopped.Unlock()
	setStopped(append(slices.Clone(runs()), run))
}

// Stopped reports whether a run was asked to end.
func Stopped(run uint64) bool { return slices.Contains(runs(), run) }

// Leave ends the checks of loops for a run: they would slow down all cells. Those behind calls go on.
func Leave(run uint64) {
	stopped.Lock()
	defer stopped.Unlock()
	if Stopped(run) {
		stopped.left = append(stopped.left, run)
		setStopped(runs())
	}
}

// Forget ends all checks for a run.
func Forget(run uint64) {
	stopped.Lock()
	defer stopped.Unlock()
	same := func(r uint64) bool { return r == run }
	stopped.left = slices.DeleteFunc(stopped.left, same)
	setStopped(slices.DeleteFunc(slices.Clone(runs()), same))
}

func runs() []uint64 {
	if p := stopped.runs.Load(); p != nil {
		return *p
	}
	return nil
}

func setStopped(runs []uint64) {
	stopped.runs.Store(&runs)
	interrupted.Store(uint32(len(runs) - len(stopped.left)))
	returning.Store(uint32(len(runs)))
}
