package pybridge

import (
	"context"
	"fmt"
)

// Await waits for a coroutine, or another thing that Python can await, and returns its result. It runs
// on a loop of asyncio that the first Await starts on a thread of its own, so many goroutines may wait at
// once; while they do they hold nothing of Python. When the context ends what runs is cancelled, and the
// error is that of the context.
//
// A Go function that Python calls on that loop must not Await: the loop would wait for itself.
func (o *Object) Await(ctx context.Context) (*Object, error) {
	if ctx.Err() != nil {
		_, _ = o.Method("close") // a coroutine that is never awaited complains when it is dropped
	}
	return o.passOn(onLoop(ctx, o, "submit", o))
}

// CallAwait calls the object on the loop of [Object.Await] and waits for what it returns, if that can be awaited. Much
// of what belongs to a loop has to be made on it: sessions, queues, locks.
func (o *Object) CallAwait(ctx context.Context, args ...any) (*Object, error) {
	return o.passOn(onLoop(ctx, o, "call", append([]any{o}, args...)...))
}

// MethodAwait calls a method of the object as CallAwait calls the object.
func (o *Object) MethodAwait(ctx context.Context, name string, args ...any) (*Object, error) {
	method, err := o.Attr(name)
	if err != nil {
		return nil, err
	}
	defer method.Close()
	return method.CallAwait(ctx, args...)
}

// onLoop has something done on the loop, by a function of gopy_kernel.loops, and waits for it. Arguments are converted
// as those of o.
func onLoop(ctx context.Context, o *Object, function string, args ...any) (*Object, error) {
	r, err := started()
	if err != nil {
		return nil, err
	}
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	t, err := r.submit(o, function, args...)
	if err != nil {
		return nil, err
	}
	defer t.close()
	if waitFor(t.done, ctx.Done()) {
		return t.result()
	}
	return nil, t.cancel(ctx)
}

// waitFor waits until one of two channels is closed, and reports whether it was the first. No frame of C stands between
// it and what has called the bridge, so a goroutine may be ended here, as the worker of notebooks does: it knows the
// function by its name.
//
//go:noinline
func waitFor(done, stop <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-stop:
		return false
	}
}

// A task runs on the loop.
type task struct {
	task *Object
	done chan struct{} // closed when there is a result
}

func (r *Runtime) submit(o *Object, function string, args ...any) (*task, error) {
	f, err := r.helper("gopy_kernel.loops", function)
	if err != nil {
		return nil, err
	}
	if o.rules != noRules {
		f = f.withRules(o.rules)
		defer f.Close()
	}
	t := &task{done: make(chan struct{})}
	t.task, err = f.Call(append([]any{func() { close(t.done) }}, args...)...)
	if err != nil {
		return nil, err
	}
	if _, err := t.task.Method("begin"); err != nil {
		t.close() // it may have begun: then this is an interrupt
		return nil, err
	}
	return t, nil
}

func (t *task) result() (*Object, error) { return t.task.Method("result") }

// cancel is for when the context has ended.
func (t *task) cancel(ctx context.Context) error {
	if err := apart(t.task, "cancel"); err != nil {
		return fmt.Errorf("cancelling what is awaited: %w", err)
	}
	return context.Cause(ctx)
}

// apart calls a method on another goroutine than this, and so on another thread: on Python's main thread an interrupt may
// come in the middle of what it does, where it is the interrupt that calls it.
func apart(o *Object, method string, args ...any) (err error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, err = o.Method(method, args...)
	}()
	<-done
	return err
}

// close cancels what nobody waits for any more, because the goroutine has ended.
func (t *task) close() {
	select {
	case <-t.done:
	default:
		_ = apart(t.task, "cancel") // which does nothing the second time
	}
	t.task.Close()
}
