package worker

import (
	"fmt"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/worker/cell"
	"github.com/gopy-kernel/gopy-kernel/worker/goroutine"
)

// A run ends early when it is interrupted, when one of its goroutines panics, or when one calls os.Exit.
// All of its goroutines end then: those that run at their next check, those that wait are woken.

// handleGoroutines makes the worker hear of what would end the process.
func (w *Worker) handleGoroutines() {
	goroutine.Handle(goroutine.Handler{Panicked: w.panicked, Stopped: cell.End, Exiting: w.exiting})
}

// panicked is called in a goroutine that has panicked. A goroutine of a cell ends its run, if that is
// still running; a goroutine of this program ends the process.
func (w *Worker) panicked(value any) bool {
	run := goroutine.Run()
	if run == 0 {
		if !ofCell(here()) {
			return false
		}
		run = w.runningNow() // it was called by a thread of Python
	}
	w.fail(run, failure(value))
	return true
}

// exitName is what the failure of a call of os.Exit is called.
const exitName = "os.Exit"

// exiting is called by os.Exit in any goroutine. In one of a cell it ends the run and not the process.
func (w *Worker) exiting(code int) {
	run := goroutine.Run()
	if run == 0 {
		return
	}
	w.fail(run, &link.Failure{Kind: link.Exited, Name: exitName, Value: fmt.Sprintf("exit status %d", code), Status: code, Frames: frames()})
	cell.End()
}

// fail ends a run with a failure. Of several the first counts. A run that has ended already did not
// fail, so the user is told at the end of the next.
func (w *Worker) fail(run uint64, f *link.Failure) {
	w.mu.Lock()
	if run != w.running || run == 0 {
		w.late = append(w.late, *f)
		w.mu.Unlock()
		return
	}
	if w.failed == nil {
		w.failed = f
	}
	w.mu.Unlock()
	w.interrupt(run)
}

// takeFailures returns what ended the run beside the cell's own code, and the failures of goroutines that
// earlier runs have left behind.
func (w *Worker) takeFailures() (failed *link.Failure, late []link.Failure) {
	w.mu.Lock()
	defer w.mu.Unlock()
	failed, late = w.failed, w.late
	w.failed, w.late = nil, nil
	return failed, late
}

func (w *Worker) runningNow() uint64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.running
}

const (
	// firstPause is between two looks for goroutines that wait; each pause is twice as long as the last.
	firstPause, longestPause = 200 * time.Microsecond, 50 * time.Millisecond
	// afterRun is how long the loops of all cells look for goroutines of a run when it has ended.
	afterRun = 2 * time.Second
	// beforeDone is how long the end of a run is kept back for its goroutines to end.
	beforeDone = 50 * time.Millisecond
)

// stopGoroutines ends the goroutines of a run. It returns when the run has ended, and they have: what one was called
// for that could not be ended meanwhile must not be stored when it comes back.
func (w *Worker) stopGoroutines(run uint64, began time.Time) {
	defer cell.Forget(run)
	asked := time.Now()
	var ended time.Time
	for pause := firstPause; ended.IsZero() || time.Since(ended) < afterRun; pause = min(2*pause, longestPause) {
		wakeCells(run)
		if ended.IsZero() {
			wakeCells(0) // which threads of Python have called
		}
		time.Sleep(pause)
		switch {
		case !ended.IsZero():
		case !w.isRunning(run):
			ended = time.Now()
		case time.Since(asked) > killAfter:
			stopChildren(began, syscall.SIGKILL)
		case time.Since(asked) > childrenAfter:
			stopChildren(began, syscall.SIGINT)
		}
	}
	cell.Leave(run)
	for goroutine.Count(run) > 0 {
		wakeCells(run)
		time.Sleep(longestPause)
	}
}

// stuckAfter is how long a cell runs before it is looked at whether it can go on.
const stuckAfter = 2 * time.Second

// watch tells the user, once, if the goroutines of a run wait for each other. Go's runtime does not see it
// in a program with C in it. If the user is asked for something, it looks again later.
func (w *Worker) watch(run uint64) {
	switch {
	case !w.isRunning(run):
	case w.asks.open():
		time.AfterFunc(stuckAfter, func() { w.watch(run) })
	case goroutine.Stuck():
		say("All goroutines of this cell are waiting, and nothing is known to wake them. Interrupt the cell to go on.")
	}
}

// settle waits for the goroutines of a run that was stopped, so that the next cell does not meet them:
// one that waits for a channel would take what the next cell sends.
func settle(run uint64) {
	for began := time.Now(); (goroutine.Count(run) > 0 || goroutine.Settling()) && time.Since(began) < beforeDone; {
		wakeCells(run)
		time.Sleep(firstPause)
	}
}

// awaitFailure waits until a goroutine of a run other than the calling one has ended it, or none is left that could.
func (w *Worker) awaitFailure(run uint64) {
	for began := time.Now(); goroutine.Count(run) > 1 && !cell.Stopped(run) && time.Since(began) < beforeDone; {
		time.Sleep(firstPause)
	}
}

// wakeCells ends goroutines of a run that wait in code of a cell.
func wakeCells(run uint64) {
	for _, wait := range goroutine.Waiting(run) {
		if ofCell(wait.Frames()) {
			wait.Wake()
		}
	}
}

// bridgeWait is where the bridge waits in Go for what Python does elsewhere, such as coroutines.
const bridgeWait = module + "pybridge.waitFor"

// ofCell reports whether a goroutine is in code of a cell, or in a library that a cell has called or given
// the goroutine to, and not in code of ours: any other wait of the bridge for Python has to come to its end.
func ofCell(frames *runtime.Frames) bool {
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.File, "cell-") || f.Function == bridgeWait {
			return true
		}
		if strings.HasPrefix(f.Function, module) || !more {
			return false
		}
	}
}

// here are the frames of the caller of a handler.
func here() *runtime.Frames {
	pcs := make([]uintptr, 100)
	const handler = 3 // this function, the worker's, and the one that they are called by
	return runtime.CallersFrames(pcs[:runtime.Callers(handler, pcs)])
}
