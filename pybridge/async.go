package pybridge

import (
	"context"
	"errors"
	"iter"
	"sync"
)

// AsyncIter goes through the object as Python's async for does, on the loop of [Object.Await]. What goes wrong is
// yielded last, with a nil object: an exception, or the context's error when the context ends, which cancels what the
// iterator waits for.
//
// As in Python, an asynchronous generator that is left before its end is closed when nothing holds it any more:
// AsyncWith on contextlib.aclosing closes it at once.
func (o *Object) AsyncIter(ctx context.Context) iter.Seq2[*Object, error] {
	return func(yield func(*Object, error) bool) {
		items, err := onLoop(ctx, o, "iterate", o)
		if err != nil {
			yield(nil, err)
			return
		}
		defer items.Close()
		for {
			item, err := o.passOn(nextOf(ctx, items))
			if item == nil && err == nil || !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// nextOf returns nil at the end.
func nextOf(ctx context.Context, items *Object) (*Object, error) {
	found, err := onLoop(ctx, items, "following", items)
	if err != nil || found.IsNone() {
		return nil, err
	}
	defer found.Close()
	return found.Index(0)
}

// errLeft is why the context of a body ends before the body.
var errLeft = errors.New("what was entered has ended by itself")

// AsyncWith runs body as Python's async with statement does: with what __aenter__ returns, and with __aexit__ at the
// end, which gets the error of the body as an exception and may take it away. Both are awaited in one task on
// the loop of [Object.Await]. The context of the body ends with ctx, and when Python cancels the task, as
// asyncio.timeout does when the time is over; the exception is the error then. __aexit__ is waited for whatever becomes
// of ctx. A panic, and the end of the goroutine, go on after it.
func (o *Object) AsyncWith(ctx context.Context, body func(ctx context.Context, entered *Object) error) error {
	r, err := started()
	if err != nil {
		return err
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	b, err := r.enter(ctx, o)
	if err != nil {
		return err
	}
	defer b.task.close()
	defer b.leave.Close()
	inside, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-b.task.done:
			cancel(errLeft)
		case <-inside.Done():
		}
	}()
	return within(b.entered, func(entered *Object) error { return body(inside, entered) }, b.exit)
}

// A block is an async with statement whose body is in Go.
type block struct {
	task    *task
	leave   *Object // takes the error of the body
	entered *Object
}

// enter begins the task, and waits until it has entered.
func (r *Runtime) enter(ctx context.Context, o *Object) (*block, error) {
	b := &block{}
	begun := make(chan struct{}) // closed when it has entered, or cannot
	begin := sync.OnceFunc(func() { close(begun) })
	t, err := r.submit(o, "enter", o, func(value, leave *Object) { b.entered, b.leave = value, leave; begin() }, begin)
	if err != nil {
		return nil, err
	}
	entered := false
	defer func() {
		if !entered {
			t.close()
		}
	}()
	if !waitFor(begun, ctx.Done()) {
		return nil, t.cancel(ctx)
	}
	if b.leave == nil {
		_, err := t.result()
		return nil, err
	}
	entered = true
	b.task = t
	b.entered, err = o.passOn(b.entered, nil)
	return b, err
}

// exit runs __aexit__ and reports whether it took the error away; see within.
func (b *block) exit(err error, ending bool) (handled bool, exitErr error) {
	var exception any
	if err != nil {
		exception = err
	}
	exitErr = apart(b.leave, "__call__", exception)
	if ending {
		<-b.task.done // not waitFor, which would end the goroutine once more
		return false, exitErr
	}
	if exitErr != nil {
		return false, exitErr
	}
	waitFor(b.task.done, nil)
	result, err := b.task.result()
	if err != nil {
		return false, err
	}
	return As[bool](result)
}
