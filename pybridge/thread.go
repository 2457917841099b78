package pybridge

import (
	"context"
	"runtime"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

func lockThread() (unlock func()) {
	runtime.LockOSThread()
	return runtime.UnlockOSThread
}

// OnMain runs f on Python's main thread and waits for it: what some libraries of Python ask for. On
// that thread itself it just calls f. Where Open was called with MainThread, somebody must be serving:
// see ServeMain.
//
// When the context ends first, f is not run, or its end not waited for.
func (r *Runtime) OnMain(ctx context.Context, f func()) error {
	unlock := lockThread()
	here := capi.ThreadID() == r.main
	unlock()
	if here {
		f()
		return nil
	}
	if err := ctx.Err(); err != nil {
		return err // a select would choose at random
	}
	done := make(chan struct{})
	select {
	case r.work <- func() { defer close(done); f() }:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-done:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// ServeMain runs what OnMain is given, until the context ends. It is called on Python's main thread,
// when that has nothing else to do.
func (r *Runtime) ServeMain(ctx context.Context) {
	for {
		select {
		case f := <-r.work:
			f()
		case <-ctx.Done():
			return
		}
	}
}

// MainWork is for main threads that wait for other things too: each function that comes out of it is
// to be run on Python's main thread.
func (r *Runtime) MainWork() <-chan func() { return r.work }
