package pybridge

import (
	"errors"
	"fmt"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// An Error is a Python exception. SystemExit and KeyboardInterrupt are such errors too; they never
// end the process.
type Error struct {
	// Type is the class of the exception with its module, unless it is built in: "ValueError",
	// "json.decoder.JSONDecodeError".
	Type string
	// Message is what Python's str says of the exception.
	Message string

	exception *Object
	cause     error // what a Go function returned, when that is what Python raised
	traceback func() string
}

func (e *Error) Error() string {
	if e.Message == "" {
		return e.Type
	}
	return e.Type + ": " + e.Message
}

// Unwrap returns the error of the Go function that raised the exception, if one did.
func (e *Error) Unwrap() error { return e.cause }

// Exception returns the Python exception.
func (e *Error) Exception() *Object { return e.exception }

// PyObject returns the exception, so that an Error can be passed to Python.
func (e *Error) PyObject() *Object { return e.exception }

// Traceback returns the text that Python prints for the exception, with its causes. Frames of the
// bridge are left out. It is made on the first call, which takes the GIL.
func (e *Error) Traceback() string { return e.traceback() }

// Is reports whether target is an *Error that names, by its Type alone, the class of the exception or
// one that it is derived from: errors.Is(err, &Error{Type: "LookupError"}).
func (e *Error) Is(target error) bool {
	t, is := target.(*Error)
	if !is || t.Message != "" || t.exception != nil {
		return false
	}
	if e.Type == t.Type {
		return true
	}
	r, err := started()
	if err != nil {
		return false
	}
	derived, err := CallAs[bool](r.python.derives, e.exception, t.Type)
	return err == nil && derived
}

// newError takes the exception out of a result.
func newError(f *capi.Frame) error {
	words := f.Reader()
	e := &Error{exception: newObject(capi.Handle(f.Word()))}
	for _, text := range []*string{&e.Type, &e.Message} {
		if !words.Empty() {
			_, n := words.Header()
			*text = words.Text(n)
		}
	}
	e.traceback = sync.OnceValue(e.format)
	r, err := started()
	if err != nil {
		return err
	}
	switch carried := r.values.get(f.Carried()).(type) {
	case *raisedError:
		e.cause = carried.err
	case *raisedPanic:
		if carried.value == any(exiting{}) {
			Goexit()
		}
		panic(carried.value)
	}
	return e
}

func (e *Error) format() string {
	r, err := started()
	if err == nil {
		var text string
		if text, err = CallAs[string](r.python.formatException, e.exception); err == nil {
			return text
		}
	}
	return e.Error() + "\n"
}

// What an exception carries while it goes through Python.
type (
	raisedError struct{ err error }
	raisedPanic struct{ value any }
)

// exception writes a Go error as an exception. One that came out of Python, even wrapped, is that
// exception; others become a GoError, from which the error comes back unchanged.
func (e *encoder) exception(err error) error {
	var from *Error
	if errors.As(err, &from) && from.exception != nil {
		from.exception.put(e.f)
		return nil
	}
	var panicked *panicError
	if errors.As(err, &panicked) {
		return e.panicked(panicked.value)
	}
	return e.carry(e.r.python.goError, textOf(err), fmt.Sprintf("%T", err), &raisedError{err})
}

func (e *encoder) panicked(value any) error {
	class := e.r.python.goPanic
	if value == any(exiting{}) {
		class = e.r.python.goExit
	}
	return e.carry(class, fmt.Sprint(value), fmt.Sprintf("%T", value), &raisedPanic{value})
}

// textOf is err.Error() of an error that others made: it may panic, and C frames may be below.
func textOf(err error) (text string) {
	defer func() {
		if v := recover(); v != nil {
			text = fmt.Sprintf("%T (its text panicked: %v)", err, v)
		}
	}()
	return err.Error()
}

// carry writes an exception that holds a Go value.
func (e *encoder) carry(class *Object, message, kind string, value any) error {
	e.f.Build(3)
	class.put(e.f)
	e.f.Str(message)
	e.f.Str(kind)
	id := e.r.values.add(value)
	e.f.Ref(id)
	return nil
}

// inside says where in a value something went wrong.
func inside(place string, err error) error {
	var p *pathError
	if errors.As(err, &p) {
		return &pathError{path: place + p.path, err: p.err}
	}
	return &pathError{path: place, err: err}
}

// A pathError is a failed conversion with the way to it: "[3].x".
type pathError struct {
	path string
	err  error
}

func (p *pathError) Error() string { return p.path + ": " + p.err.Error() }
func (p *pathError) Unwrap() error { return p.err }
