//go:build workspace

package goroutine

import (
	"sync"
	"unsafe"
)

// Supported says whether the program was built with the additions to package runtime.
const Supported = true

// Run is the run that the calling goroutine belongs to, 0 for none.
//
//go:linkname Run runtime.cellRun
func Run() uint64

// SetRun makes the calling goroutine belong to a run, and those that it starts from now on.
//
//go:linkname SetRun runtime.cellSetRun
func SetRun(run uint64)

// Count is the number of goroutines that belong to a run.
//
//go:linkname Count runtime.cellCount
func Count(run uint64) int

// Settling reports whether locks that goroutines have waited for which Wake has ended may still be about to
// become free.
//
//go:linkname Settling runtime.cellHaunting
func Settling() bool

// Stuck reports whether all goroutines that belong to runs wait for each other: none runs, and none waits
// for time, the network or a system call, and no function is to be called at a time to come. A signal may
// wake them.
//
//go:linkname Stuck runtime.cellStuck
func Stuck() bool

//go:linkname panicked runtime.cellPanicked
var panicked func(value any) (ended bool)

//go:linkname stopped runtime.cellStopped
var stopped func()

//go:linkname exiting os.cellExit
var exiting func(code int)

//go:linkname unlockMutex runtime.cellUnlockMutex
var unlockMutex func(mutex unsafe.Pointer, locked bool)

//go:linkname unlockRWMutex runtime.cellUnlockRWMutex
var unlockRWMutex func(mutex unsafe.Pointer)

var handle sync.Once

// Handle sets the handler, the first time that it is called.
func Handle(h Handler) {
	handle.Do(func() {
		panicked, stopped, exiting = h.Panicked, h.Stopped, h.Exiting
		unlockMutex, unlockRWMutex = leaveMutex, leaveRWMutex
	})
}

// leaveMutex unlocks what a goroutine has waited for that has ended.
func leaveMutex(mutex unsafe.Pointer, locked bool) {
	m := (*sync.Mutex)(mutex)
	if !locked {
		m.Lock() // which wakes the next, if the lock is free
	}
	m.Unlock()
}

func leaveRWMutex(mutex unsafe.Pointer) { (*sync.RWMutex)(mutex).Unlock() }

// A Wait is a goroutine that waits: for a channel, package sync, time or the network.
type Wait struct { // as runtime.cellWait
	g     uintptr
	id    uint64
	parks uint32
	depth int32
	pcs   [64]uintptr
}

//go:linkname waits runtime.cellWaits
func waits(run uint64, waits []Wait) int

// Waiting are goroutines of a run that wait, some hundred at most.
func Waiting(run uint64) []Wait {
	found := make([]Wait, 256)
	return found[:waits(run, found)]
}

//go:linkname wake runtime.cellWake
func wake(g uintptr, id uint64, parks uint32) bool

// Wake ends the wait: the goroutine leaves the queues that it stands in and calls Handler.Stopped.
// After sync.Cond.Wait, which has to lock again what its caller unlocks, it goes on. It reports false
// if the goroutine no longer waits, or will end by itself.
func (w *Wait) Wake() bool { return wake(w.g, w.id, w.parks) }
