package pybridge

import (
	"context"
	"errors"
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// CallContext is Call for calls that may take long: when the context ends, KeyboardInterrupt is
// raised in the Python code, and the error is that of the context. Code that catches the exception
// goes on. On Python's main thread a sleep is woken; elsewhere, and in a computation in C, the
// exception comes when Python code runs again.
func (o *Object) CallContext(ctx context.Context, args ...any) (*Object, error) {
	return interruptible(ctx, func() (*Object, error) { return o.Call(args...) })
}

// MethodContext is Method for calls that may take long, as CallContext is for Call.
func (o *Object) MethodContext(ctx context.Context, name string, args ...any) (*Object, error) {
	return interruptible(ctx, func() (*Object, error) { return o.Method(name, args...) })
}

// ExecContext is Exec for statements that may take long, as CallContext is for Call.
func (r *Runtime) ExecContext(ctx context.Context, source string) error {
	_, err := r.python.execute.CallContext(ctx, source)
	return err
}

func interruptible(ctx context.Context, call func() (*Object, error)) (*Object, error) {
	r, err := started()
	if err != nil {
		return nil, err
	}
	if ctx.Done() == nil {
		return call()
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	unlock := lockThread()
	defer unlock()
	var result *Object
	err = func() (err error) {
		defer r.interruptWhenDone(ctx, capi.ThreadID())() // also when Go code that Python calls panics
		result, err = call()
		return err
	}()
	if ctx.Err() != nil && errors.Is(err, &Error{Type: "KeyboardInterrupt"}) {
		return nil, fmt.Errorf("%w: %w", context.Cause(ctx), err)
	}
	return result, err
}

// interruptWhenDone watches the context for the call that runs on a thread. After stop, no interrupt
// of it is under way any more.
func (r *Runtime) interruptWhenDone(ctx context.Context, thread uint64) (stop func()) {
	interrupted := make(chan struct{})
	release := context.AfterFunc(ctx, func() {
		defer close(interrupted)
		if thread == r.main {
			capi.Interrupt()
		} else {
			capi.InterruptThread(thread, true)
		}
	})
	return func() {
		if release() {
			return
		}
		<-interrupted
		if thread != r.main {
			capi.InterruptThread(thread, false) // one that came too late would hit the next call
		}
	}
}
