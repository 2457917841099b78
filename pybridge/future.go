package pybridge

import "context"

// A Future is the result of a call that is under way.
type Future struct {
	done     chan struct{}
	value    *Object
	err      error
	panicked any
}

// Go calls the object on a goroutine of its own. When the context ends the call is interrupted, as
// CallContext does it.
func (o *Object) Go(ctx context.Context, args ...any) *Future {
	return start(func() (*Object, error) { return o.CallContext(ctx, args...) })
}

// GoMethod calls a method of the object on a goroutine of its own.
func (o *Object) GoMethod(ctx context.Context, name string, args ...any) *Future {
	return start(func() (*Object, error) { return o.MethodContext(ctx, name, args...) })
}

func start(call func() (*Object, error)) *Future {
	f := &Future{done: make(chan struct{})}
	go func() {
		defer close(f.done)
		defer func() { f.panicked = recover() }()
		f.value, f.err = call()
	}()
	return f
}

// Done is closed when the call has ended.
func (f *Future) Done() <-chan struct{} { return f.done }

// Wait returns what the call did, as often as it is asked. A panic of Go code that Python called goes on
// here.
func (f *Future) Wait() (*Object, error) {
	waitFor(f.done, nil)
	if f.panicked != nil {
		panic(f.panicked)
	}
	return f.value, f.err
}
