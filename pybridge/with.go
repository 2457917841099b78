package pybridge

// With runs body as Python's with statement does: with what the object's __enter__ returns, and with
// __exit__ called at the end, which gets the error of the body as an exception and may take it away. A
// panic, and the end of the goroutine, go on after __exit__.
func (o *Object) With(body func(entered *Object) error) error {
	entered, err := o.Method("__enter__")
	if err != nil {
		return err
	}
	finished := false
	defer func() {
		if finished {
			return
		}
		v := recover()
		if v == nil {
			_, _ = o.leave(newPanicError(exiting{})) // the goroutine ends whatever __exit__ says
			return
		}
		_, _ = o.leave(newPanicError(v)) // the panic is what counts
		panic(v)
	}()
	err = body(entered)
	finished = true
	handled, exitErr := o.leave(err)
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
