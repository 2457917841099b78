package pybridge

// With runs body as Python's with statement does: with what the object's __enter__ returns, and with
// __exit__ called at the end, which gets the error of the body as an exception and may take it away. A
// panic, and the end of the goroutine, go on after __exit__.
func (o *Object) With(body func(entered *Object) error) error {
	entered, err := o.Method("__enter__")
	if err != nil {
		return err
	}
	return within(entered, body, func(err error, _ bool) (bool, error) { return o.leave(err) })
}

// within runs the body of a with statement. However the body ends, leave is called, once, with its error; if that
// says that it has handled it, there is none. Where a panic or the end of the goroutine goes on after it,
// ending is set, and what leave returns does not count.
func within(entered *Object, body func(entered *Object) error, leave func(err error, ending bool) (handled bool, exitErr error)) error {
	finished := false
	defer func() {
		if finished {
			return
		}
		v := recover()
		if v == nil {
			_, _ = leave(newPanicError(exiting{}), true) // the goroutine ends whatever __exit__ says
			return
		}
		_, _ = leave(newPanicError(v), true) // the panic is what counts
		panic(v)
	}()
	err := body(entered)
	finished = true
	handled, exitErr := leave(err, false)
	if exitErr != nil {
		return exitErr
	}
	if handled {
		return nil
	}
	return err
}

// leave calls __exit__ and reports whether it took the error away.
func (o *Object) leave(err error) (handled bool, exitErr error) {
	if err == nil {
		_, exitErr = o.Method("__exit__", nil, nil, nil)
		return false, exitErr
	}
	r, startErr := started()
	if startErr != nil {
		return false, startErr
	}
	return CallAs[bool](r.python.leaveWith, o, err)
}
