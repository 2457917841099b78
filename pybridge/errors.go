package pybridge

import (
	"errors"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// An Error is a Python exception. SystemExit and KeyboardInterrupt are such errors too; they never
// end the process.
//
// errors.Is finds the class of an exception, or one that it is derived from: errors.Is(err,
// LookupError), or errors.Is(err, &Error{Type: "json.JSONDecodeError"}) for any class. It also finds the
// errors of Go's standard library that mean the same: fs.ErrNotExist is FileNotFoundError, io.EOF is
// EOFError, context.DeadlineExceeded is TimeoutError and so on. errors.As finds the syscall.Errno of an
// OSError.
type Error struct {
	// Type is the class of the exception with its module, unless it is built in: "ValueError",
	// "json.decoder.JSONDecodeError".
	Type string
	// Message is what Python's str says of the exception.
	Message string

	exception *Object
	returned  error   // by a Go function, when that is what Python raised
	more      details // nil for an Error that was not raised
}

// details are what is asked of few exceptions, and found when it is.
type details interface {
	tracebackOf(e *Error) string
	linksOf(e *Error) *links
}

// A raised keeps them.
type raised struct {
	formatted sync.Once
	traceback string
	linked    sync.Once
	links     links
}

func (r *raised) tracebackOf(e *Error) string {
	r.formatted.Do(func() { r.traceback = e.format() })
	return r.traceback
}

func (r *raised) linksOf(e *Error) *links {
	r.linked.Do(func() { r.links = e.findLinks() })
	return &r.links
}

func (e *Error) Error() string {
	if e.Message == "" {
		return e.Type
	}
	return e.Type + ": " + e.Message
}

// Exception returns the Python exception.
func (e *Error) Exception() *Object { return e.exception }

// PyObject returns the exception, so that an Error can be passed to Python.
func (e *Error) PyObject() *Object { return e.exception }

// Traceback returns the text that Python prints for the exception, with its causes. Frames of the
// bridge are left out. It is made on the first call, which takes the GIL.
func (e *Error) Traceback() string {
	if e.more == nil {
		return e.Error() + "\n"
	}
	return e.more.tracebackOf(e)
}

// Is reports whether target is an *Error that names, by its Type alone, the class of the exception or
// one that it is derived from, or an error of the standard library that means the same.
func (e *Error) Is(target error) bool {
	if t, is := target.(*Error); is {
		return t.Message == "" && t.exception == nil && e.isA(t.Type)
	}
	for _, c := range counterparts {
		if target == c.err {
			return e.isA(c.class)
		}
	}
	return false
}

func (e *Error) isA(class string) bool {
	if e.Type == class || e.exception == nil {
		return e.Type == class
	}
	r, err := started()
	if err != nil {
		return false
	}
	derived, err := CallAs[bool](r.python.derives, e.exception, class)
	return err == nil && derived
}

// newError takes the exception out of a result. A panic of Go code that Python called goes on from
// here.
func newError(f *capi.Frame) error {
	e, carried := takeError(f)
	if p, is := carried.(*raisedPanic); is {
		if p.value == any(exiting{}) {
			Goexit()
		}
		panic(p.value)
	}
	return e
}

// takeError makes an Error of a result, and returns the Go value that the exception carries.
func takeError(f *capi.Frame) (e *Error, carried any) {
	words := f.Reader()
	both := &struct { // one allocation
		Error
		raised raised
	}{}
	e = &both.Error
	e.exception, e.more = newObject(capi.Handle(f.Word())), &both.raised
	for _, text := range []*string{&e.Type, &e.Message} {
		if !words.Empty() {
			_, n := words.Header()
			*text = words.Text(n)
		}
	}
	if id := f.Carried(); id != 0 {
		carried = process.values.get(id)
	}
	if r, is := carried.(*raisedError); is {
		e.returned = r.err
	}
	return e, carried
}

// errorOf makes an Error of an exception that nobody has raised just now.
func errorOf(exception *Object) *Error {
	f := capi.NewFrame()
	defer f.Free()
	if !exception.put(f) {
		return nil
	}
	f.Step(capi.StepExplain, 0)
	f.Run(capi.WantNothing)
	e, _ := takeError(f)
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
