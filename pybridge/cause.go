package pybridge

import (
	"errors"
	"syscall"
)

// What an exception says beside its text, found when it is first asked for.
type links struct {
	cause    *Error // that it was raised from
	context  *Error // that was being handled when it was raised
	together []error
}

func (e *Error) findLinks() links {
	r, err := started()
	if err != nil {
		return links{}
	}
	found, err := CallAs[[]*Object](r.python.exceptionLinks, e.exception)
	if err != nil || len(found) < 2 {
		return links{}
	}
	var l links
	if !found[0].IsNone() {
		l.cause = errorOf(found[0])
	}
	if !found[1].IsNone() {
		l.context = errorOf(found[1])
	}
	for _, o := range found[2:] {
		l.together = append(l.together, errorOf(o))
	}
	return l
}

// Cause returns the exception that this one was raised from, or that was being handled when it was
// raised, unless Python was told to leave that out: what stands above this one in the traceback. It is
// nil if there is none.
func (e *Error) Cause() *Error {
	if e.more == nil {
		return nil
	}
	l := e.more.linksOf(e)
	if l.cause != nil {
		return l.cause
	}
	return l.context
}

// Unwrap returns the error of the Go function that raised the exception, if one did; else the exception
// that this one was raised from; and for an exception group those that are in it.
func (e *Error) Unwrap() error {
	if e.returned != nil {
		return e.returned
	}
	if e.more == nil {
		return nil
	}
	l := e.more.linksOf(e)
	switch {
	case len(l.together) > 0 && l.cause != nil:
		return errors.Join(append(l.together, l.cause)...)
	case len(l.together) > 0:
		return errors.Join(l.together...)
	case l.cause != nil:
		return l.cause
	}
	return nil
}

// As finds the syscall.Errno of an OSError.
func (e *Error) As(target any) bool {
	errno, is := target.(*syscall.Errno)
	if !is || !e.isA("OSError") {
		return false
	}
	n, err := AttrAs[*int](e.exception, "errno")
	if err != nil || n == nil || *n <= 0 {
		return false
	}
	*errno = syscall.Errno(*n)
	return true
}

// Notes returns what was added to the exception with add_note, which Python has from 3.11 on.
func (e *Error) Notes() []string {
	if e.exception == nil {
		return nil
	}
	notes, err := AttrAs[[]string](e.exception, "__notes__")
	if err != nil {
		return nil // it has none
	}
	return notes
}

// A Frame is a place in a traceback.
type Frame struct {
	File     string
	Line     int
	Function string
	Text     string // of the line, without its indentation; empty if nobody knows it
}

// Frames returns the places that the exception came through, the outermost first. Frames of the bridge
// are left out.
func (e *Error) Frames() []Frame {
	r, err := started()
	if err != nil || e.exception == nil {
		return nil
	}
	found, err := CallAs[[]struct {
		File     string `py:"filename"`
		Line     int    `py:"lineno"`
		Function string `py:"name"`
		Text     string `py:"line"`
	}](r.python.tracebackFrames, e.exception)
	if err != nil {
		return nil
	}
	frames := make([]Frame, len(found))
	for i, f := range found {
		frames[i] = Frame(f)
	}
	return frames
}
