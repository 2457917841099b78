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
	r, err := started()
	if err != nil {
		return nil, err
	}
	submit, err := r.helper("gopy_kernel.loops", "submit")
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		_, _ = o.Method("close") // a coroutine that is never awaited complains when it is dropped
		return nil, context.Cause(ctx)
	}
	done := make(chan struct{})
	future, err := submit.Call(o, func() { close(done) })
	if err != nil {
		return nil, err
	}
	defer future.Close()
	select {
	case <-done:
		return future.Method("result")
	case <-ctx.Done():
		if _, err := future.Method("cancel"); err != nil {
			return nil, fmt.Errorf("cancelling what is awaited: %w", err)
		}
		return nil, context.Cause(ctx)
	}
}
