package worker

import (
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/worker/goroutine"
	"github.com/gopy-kernel/gopy-kernel/worker/late"
)

// configurePython says how Python is started, should a cell use it: on this thread, and with what it
// shows and asks for going through the worker.
func (w *Worker) configurePython() {
	c := w.config.Python
	c.MainThread = true
	c.Display = func(b display.Bundle, id string, update bool) { w.complain(w.Display(b, id, update)) }
	c.ClearOutput = func(wait bool) { w.complain(w.Clear(wait)) }
	c.Input = w.Input
	c.Comm, c.Request = w.tell, w.request
	c.Goexit = w.stranded
	c.Starter, c.Print = w.starter, late.Print
	pybridge.Configure(c)
}

// starter is the run that starts a thread of Python.
func (w *Worker) starter() uint64 {
	if run := goroutine.Run(); run != 0 {
		return run
	}
	return w.runningNow()
}

// startPython starts Python before a cell runs that may use it, for the cell may do so first on a
// goroutine that is not on the main thread, while the main one waits for it. Where that fails the
// cell's first use says why.
func (w *Worker) startPython() {
	if pybridge.Running() == nil && !w.triedPython {
		w.triedPython = true
		_, _ = pybridge.Default()
		w.python <- struct{}{}
	}
}

// pythonWork is what other goroutines want to be done on Python's main thread.
func pythonWork() <-chan func() {
	if python := pybridge.Running(); python != nil {
		return python.MainWork()
	}
	return nil
}

// onMain runs what another goroutine wants to be done on Python's main thread.
func onMain(f func()) {
	goroutine.Roam()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	f()
}

// endCell shows what Python code has left to be shown, and takes SIGINT back if it took it.
func (w *Worker) endCell() {
	python := pybridge.Running()
	if python == nil {
		return
	}
	w.complain(python.EndCell())
	python.CheckSignals()
}

// complain tells the user what went wrong where no caller can be told.
func (w *Worker) complain(err error) {
	if err != nil {
		say(err)
	}
}

// say prints something among what the cell prints.
func say(what any) { fmt.Fprintln(os.Stderr, what) }

// closePython runs what Python code asked to be run at the end.
func closePython() error {
	if python := pybridge.Running(); python != nil {
		return python.Close()
	}
	return nil
}

// How long an interrupt of Python waits before it looks again: first, and at most.
const (
	again    = 5 * time.Millisecond
	atLatest = time.Second
)

// interruptPython makes running Python code raise KeyboardInterrupt, and reports whether there is any.
func interruptPython() bool {
	python := pybridge.Running()
	return python != nil && python.Interrupt()
}

// interruptPythonAgain is for a run that may be on its way into Python: it tries until it has found Python
// code, and then wakes that, which may be on its way into a wait, until the run has ended.
func (w *Worker) interruptPythonAgain(run uint64, found bool) {
	for w.isRunning(run) && !found {
		time.Sleep(again)
		found = w.isRunning(run) && interruptPython()
	}
	for pause := again; w.isRunning(run); pause = min(2*pause, atLatest) {
		time.Sleep(pause)
		pybridge.Running().Wake()
	}
}
