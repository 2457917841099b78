package pybridge

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// connect gives the Python side what the Config offers.
func (r *Runtime) connect() error {
	show := func(data Dict, metadata string, id string, update bool) {
		r.config.Display(r.bundle(data, metadata), id, update)
	}
	_, err := r.python.connect.Call(show, r.config.ClearOutput, r.ask(), writeTo(r.config.Stdout), writeTo(r.config.Stderr), r.tell(), r.config.Request)
	return err
}

func (r *Runtime) ask() any {
	if r.config.Input == nil {
		return nil
	}
	return func(prompt string, password bool) (string, error) {
		ctx, cancel := context.WithCancelCause(context.Background())
		defer cancel(nil)
		process.asking.Store(&cancel)
		defer process.asking.CompareAndSwap(&cancel, nil)
		line, err := r.config.Input(ctx, prompt, password)
		if errors.Is(context.Cause(ctx), errInterrupted) || errors.Is(err, context.Canceled) {
			return "", errInterrupted
		}
		return line, err
	}
}

// errInterrupted becomes KeyboardInterrupt.
var errInterrupted = errors.New("interrupted")

// writeTo returns what a stream of Python writes with; nil for the file descriptor.
func writeTo(w io.Writer) any {
	if w == nil {
		return nil
	}
	return func(text string) (int, error) { return io.WriteString(w, text) }
}

// EndCell shows the figures that Python code has left open. It is called when a cell ends, on Python's
// main thread.
func (r *Runtime) EndCell() error {
	_, err := r.python.endCell.Call()
	return err
}

// Interrupt raises KeyboardInterrupt in the Python code that runs on Python's main thread, or that is
// waiting for input, and reports whether there is any. It waits for nothing; the code may catch the
// exception, and a long computation in C sees it only when it returns.
func (r *Runtime) Interrupt() bool {
	if cancel := process.asking.Swap(nil); cancel != nil {
		(*cancel)(errInterrupted)
		return true
	}
	return capi.Interrupt()
}

// Wake makes Python code that waits on Python's main thread look again whether it was interrupted. An
// interrupt that comes right before the system call in which it waits does not end that. Who is not
// interrupted goes on waiting.
func (r *Runtime) Wake() { capi.Wake() }

// CheckSignals gives SIGINT back to Go, if Python code has taken it, and reports whether it had. It is
// called between cells, on Python's main thread: libraries that run an event loop install handlers of
// their own, which would end up running on a thread that Python does not expect.
func (r *Runtime) CheckSignals() bool { return capi.ReclaimSignals() }

// Hold runs f with the GIL held all the time, which makes each call in it about 30 ns cheaper. Other
// threads of Python only run when f has held it for 5 ms, so f should not wait for anything, least of
// all for a goroutine that calls Python.
func (r *Runtime) Hold(f func() error) error {
	unlock := lockThread()
	defer unlock()
	capi.Hold()
	defer capi.Unhold()
	return f()
}

// leaveTimeout is how long Close waits for threads of Python that are not daemons.
const leaveTimeout = 2 * time.Second

// Close does what Python does when it ends: it waits a little for threads, runs the atexit callbacks and
// flushes. It does not take the interpreter apart, which crashes too many libraries
// (Py_FinalizeEx; PyO3/pyo3#1073): the memory goes with the process. It is called once, last, on
// Python's main thread.
func (r *Runtime) Close() error {
	if r.closed.Swap(true) {
		return nil
	}
	_, err := r.python.leave.Call(leaveTimeout.Seconds())
	return err
}
