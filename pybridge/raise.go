package pybridge

import (
	"errors"
	"fmt"
	"runtime/debug"
	"syscall"
)

// What an exception carries while it goes through Python.
type (
	raisedError struct{ err error }
	raisedPanic struct{ value any }
)

// exception writes a Go error as an exception. One that came out of Python, even wrapped, is that
// exception; others become a GoError, from which the error comes back unchanged. An Error that Go made is
// of the class that it names.
func (e *encoder) exception(err error) error {
	var from *Error
	if errors.As(err, &from) && from.exception != nil {
		from.exception.put(e.f)
		return nil
	}
	if from != nil {
		text := from.Message
		if err != error(from) {
			text = textOf(err)
		}
		return e.carry(e.r.python.goErrorLike, &raisedError{err}, text, fmt.Sprintf("%T", err), from.Type, 0)
	}
	var panicked *panicError
	if errors.As(err, &panicked) {
		return e.panicked(panicked)
	}
	raised := &raisedError{err}
	class, errno := counterpartOf(err)
	if class == "" {
		return e.carry(e.r.python.goError, raised, textOf(err), fmt.Sprintf("%T", err))
	}
	return e.carry(e.r.python.goErrorLike, raised, textOf(err), fmt.Sprintf("%T", err), class, errno)
}

func (e *encoder) panicked(p *panicError) error {
	if p.value == any(exiting{}) {
		return e.carry(e.r.python.goExit, &raisedPanic{p.value}, fmt.Sprint(p.value), "")
	}
	return e.carry(e.r.python.goPanic, &raisedPanic{p.value}, fmt.Sprint(p.value), fmt.Sprintf("%T", p.value), p.stack)
}

// A panicError carries a panic out of the function that recovered it.
type panicError struct {
	value any
	stack string
}

// newPanicError is called by the deferred function that recovered the panic.
func newPanicError(value any) *panicError { return &panicError{value, string(debug.Stack())} }

func (p *panicError) Error() string { return fmt.Sprint("panic: ", p.value) }

// textOf is err.Error() of an error that others made: it may panic, and C frames may be below.
func textOf(err error) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprintf("%T (its text panicked: %v)", err, v)
		}
	}()
	return err.Error()
}

// carry writes the call of a class or function that makes an exception which holds a Go value.
func (e *encoder) carry(class *Object, value any, args ...any) error {
	e.f.Build(1 + len(args))
	class.put(e.f)
	e.f.Ref(process.values.add(value))
	for _, a := range args {
		if err := e.value(a); err != nil {
			return err
		}
	}
	return nil
}

// counterpartOf returns the class of Python that says what a Go error says, and the number of an
// OSError, 0 for none.
func counterpartOf(err error) (class string, errno int) {
	var number syscall.Errno
	if errors.As(err, &number) {
		errno = int(number)
	}
	for _, c := range counterparts {
		if errors.Is(err, c.err) {
			return c.class, errno
		}
	}
	if errno != 0 {
		return "OSError", errno
	}
	return "", 0
}
