package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// raised runs statements that raise an exception.
func raised(t *testing.T, source string) *pybridge.Error {
	t.Helper()
	var e *pybridge.Error
	require.ErrorAs(t, rt.Exec(source), &e)
	return e
}

func TestCausesOfExceptions(t *testing.T) {
	e := raised(t, "try: {}['k']\nexcept KeyError as k: raise ValueError('v') from k")
	require.NotNil(t, e.Cause())
	assert.EqualError(t, e.Cause(), "KeyError: 'k'")
	assert.Equal(t, error(e.Cause()), errors.Unwrap(e))
	assert.ErrorIs(t, e, pybridge.KeyError)
	assert.Nil(t, e.Cause().Cause())

	e = raised(t, "try: {}['k']\nexcept KeyError: raise ValueError('v')")
	assert.EqualError(t, e.Cause(), "KeyError: 'k'")
	assert.NoError(t, errors.Unwrap(e), "what happened before is not what it is")
	assert.NotErrorIs(t, e, pybridge.KeyError)

	e = raised(t, "try: {}['k']\nexcept KeyError: raise ValueError('v') from None")
	assert.Nil(t, e.Cause())
}

// An error of a Go function is found behind the exceptions that Python made of it.
func TestGoErrorsAsCauses(t *testing.T) {
	lost := errors.New("lost")
	execute(t, "def wraps(f):\n    try: f()\n    except Exception as e: raise RuntimeError('wrapped') from e")
	_, err := eval(t, "wraps").Call(func() error { return lost })
	assert.EqualError(t, err, "RuntimeError: wrapped")
	assert.ErrorIs(t, err, lost)
	assert.ErrorIs(t, err, pybridge.RuntimeError)
	through := func() error { return fmt.Errorf("again: %w", err) }
	_, err = eval(t, "wraps").Call(through)
	assert.ErrorIs(t, err, lost, "and further round")
}

func TestExceptionGroups(t *testing.T) {
	if !as[bool](t, "__import__('sys').version_info >= (3, 11)") {
		t.Skip("exception groups came with Python 3.11")
	}
	lost := errors.New("lost")
	execute(t, "def together(f):\n    errors = []\n    for g in (f, lambda: 1 / 0):\n        try: g()\n        except Exception as e: errors.append(e)\n    raise ExceptionGroup('two', errors)")
	_, err := eval(t, "together").Call(func() error { return lost })
	assert.ErrorIs(t, err, lost)
	assert.ErrorIs(t, err, pybridge.ZeroDivisionError)
	assert.ErrorIs(t, err, &pybridge.Error{Type: "ExceptionGroup"})
	assert.NotErrorIs(t, err, pybridge.KeyError)
}

func TestNotesAndFramesOfExceptions(t *testing.T) {
	_, err := rt.RunCell("def f():\n    e = ValueError('v')\n    if hasattr(e, 'add_note'): e.add_note('look here')\n    raise e\n\nf()", "<cell 20>")
	var e *pybridge.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, []pybridge.Frame{
		{File: "<cell 20>", Line: 6, Function: "<module>", Text: "f()"},
		{File: "<cell 20>", Line: 4, Function: "f", Text: "raise e"},
	}, e.Frames())
	if as[bool](t, "__import__('sys').version_info >= (3, 11)") {
		assert.Equal(t, []string{"look here"}, e.Notes())
		assert.Contains(t, e.Traceback(), "look here")
	}
	assert.Empty(t, raised(t, "raise KeyError").Notes())
	unraised := &pybridge.Error{Type: "KeyError"}
	assert.Nil(t, unraised.Cause())
	assert.Empty(t, unraised.Frames())
	assert.Empty(t, unraised.Notes())
	assert.Equal(t, "KeyError\n", unraised.Traceback())
}

func TestClassesOfExceptions(t *testing.T) {
	execute(t, "class Mine(LookupError): pass\nclass Outer:\n    class Inner(Mine): pass")
	for _, test := range []struct {
		source string
		is     []error
		not    []error
	}{
		{"raise KeyError(1)", []error{pybridge.KeyError, pybridge.LookupError, pybridge.Exception, pybridge.BaseException}, []error{pybridge.IndexError}},
		{"raise Mine", []error{&pybridge.Error{Type: "Mine"}, pybridge.LookupError}, []error{pybridge.KeyError}},
		{"raise Outer.Inner", []error{&pybridge.Error{Type: "Outer.Inner"}, &pybridge.Error{Type: "Mine"}}, nil},
		{"raise SystemExit", []error{pybridge.SystemExit, pybridge.BaseException}, []error{pybridge.Exception}},
		{"raise KeyboardInterrupt", []error{pybridge.KeyboardInterrupt}, []error{pybridge.Exception}},
		{"import json; json.loads('{')", []error{&pybridge.Error{Type: "json.JSONDecodeError"}, &pybridge.Error{Type: "json.decoder.JSONDecodeError"}, pybridge.ValueError}, nil},
		{"import no_such_module", []error{pybridge.ModuleNotFoundError, pybridge.ImportError}, nil},
		{"open('/nowhere/at/all')", []error{pybridge.FileNotFoundError, pybridge.OSError, fs.ErrNotExist, os.ErrNotExist, syscall.ENOENT}, []error{fs.ErrPermission}},
		{"raise TimeoutError", []error{context.DeadlineExceeded, os.ErrDeadlineExceeded}, []error{context.Canceled}},
		{"raise EOFError", []error{io.EOF}, []error{io.ErrUnexpectedEOF}},
		{"import asyncio; raise asyncio.CancelledError", []error{context.Canceled}, nil},
		{"raise NotImplementedError", []error{errors.ErrUnsupported}, nil},
	} {
		t.Run(test.source, func(t *testing.T) {
			err := rt.Exec(test.source)
			for _, is := range test.is {
				var errno syscall.Errno
				if want, isErrno := is.(syscall.Errno); isErrno {
					assert.True(t, errors.As(err, &errno))
					assert.Equal(t, want, errno)
					continue
				}
				assert.True(t, errors.Is(err, is), "%v", is)
			}
			for _, not := range test.not {
				assert.NotErrorIs(t, err, not)
			}
		})
	}
	var errno syscall.Errno
	assert.False(t, errors.As(rt.Exec("raise KeyError"), &errno))
	assert.False(t, errors.As(rt.Exec("raise OSError('no number')"), &errno))
}

// Errors that mean the same in both languages are handled in either.
func TestGoErrorsOfTheStandardLibraryInPython(t *testing.T) {
	execute(t, `
def handles(f, cls):
    try: f()
    except cls as e: return f'{type(e).__name__} {e} {getattr(e, "errno", None)}'
`)
	for _, test := range []struct {
		name, class string
		err         error
		want        string
	}{
		{"not exist", "FileNotFoundError", fmt.Errorf("opening: %w", fs.ErrNotExist), "GoFileNotFoundError opening: file does not exist None"},
		{"with a number", "OSError", &fs.PathError{Op: "open", Path: "/x", Err: syscall.ENOENT}, "GoFileNotFoundError open /x: no such file or directory 2"},
		{"another number", "OSError", syscall.EPIPE, "GoOSError broken pipe 32"},
		{"deadline", "TimeoutError", context.DeadlineExceeded, "GoTimeoutError context deadline exceeded None"},
		{"end", "EOFError", io.EOF, "GoEOFError EOF None"},
		{"canceled", "BaseException", context.Canceled, "GoCancelledError context canceled None"},
		{"any other", "Exception", errors.New("other"), "GoError other None"},
	} {
		t.Run(test.name, func(t *testing.T) {
			fails := func() error { return test.err }
			got, err := pybridge.CallAs[string](eval(t, "handles"), fails, eval(t, test.class))
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
			_, err = eval(t, "lambda f: f()").Call(fails)
			assert.Equal(t, test.err, errors.Unwrap(err), "it comes back as itself")
		})
	}
}

func TestExceptionsAsValues(t *testing.T) {
	lost := errors.New("lost")
	got := as[any](t, "[ValueError('v'), 1]").([]any)[0]
	assert.EqualError(t, got.(*pybridge.Error), "ValueError: v")
	assert.ErrorIs(t, as[error](t, "KeyError()"), pybridge.KeyError)
	assert.Nil(t, as[error](t, "None"))
	assert.Nil(t, as[*pybridge.Error](t, "None"))
	e := as[*pybridge.Error](t, "OSError(2, 'gone')")
	assert.ErrorIs(t, e, fs.ErrNotExist)
	assert.Equal(t, "want *pybridge.Error, got str", decodeError[*pybridge.Error](t, "'x'"))
	assert.Equal(t, "list[1]: want error, got int", decodeError[[]error](t, "[KeyError(), 1]"))

	same := eval(t, "lambda e: e")
	o, err := same.Call(e)
	require.NoError(t, err)
	assert.True(t, o.Is(e.Exception()))
	back, err := pybridge.CallAs[error](same, lost)
	require.NoError(t, err)
	assert.ErrorIs(t, back, lost)
	takes := func(e error) bool { return errors.Is(e, lost) }
	found, err := pybridge.CallAs[bool](eval(t, "lambda f, e: f(e)"), takes, lost)
	require.NoError(t, err)
	assert.True(t, found)
}

// Looking at an exception changes nothing about it.
func TestExceptionsAreLeftAsTheyAre(t *testing.T) {
	execute(t, `
def looks(f):
    other = ValueError('other')
    try: 1 / 0
    except ZeroDivisionError:
        f(other)
    return other.__context__ is None and other.__traceback__ is None
`)
	ok, err := pybridge.CallAs[bool](eval(t, "looks"), func(e *pybridge.Error) { _ = e.Traceback(); _ = e.Cause() })
	require.NoError(t, err)
	assert.True(t, ok)
}

func TestPanicsHaveTheirStackInPython(t *testing.T) {
	execute(t, "def stack(f):\n    try: f()\n    except BaseException as e: return e.go_stack")
	stack, err := pybridge.CallAs[string](eval(t, "stack"), panicsHere)
	require.NoError(t, err)
	assert.Contains(t, stack, "panicsHere")
}

func panicsHere() { panic("here") }

func TestCarriersAreNotPickled(t *testing.T) {
	o, err := rt.Of(errors.New("lost"))
	require.NoError(t, err)
	dumps, err := rt.Import("pickle")
	require.NoError(t, err)
	_, err = dumps.Method("dumps", o)
	assert.EqualError(t, err, "TypeError: a GoError holds a value of this process and cannot be pickled")
}

func TestErrorsDoNotLeak(t *testing.T) {
	execute(t, "def chained(o):\n    try: raise KeyError(o)\n    except KeyError as e: raise ValueError(o) from e")
	chained, lost := eval(t, "chained"), errors.New("lost")
	unchanged(t, 100, func() {
		_, err := chained.Call(eval(t, "mark"))
		require.ErrorIs(t, err, pybridge.KeyError)
		_, err = chained.Call(func() error { return lost })
		require.ErrorIs(t, err, pybridge.ValueError)
		_ = as[any](t, "[KeyError(mark)]")
	})
}

// A Go function chooses the class of its exception by returning an Error.
func TestGoErrorsOfAnyClass(t *testing.T) {
	execute(t, "class Mine(Exception): pass\ndef caught(f):\n    try: f()\n    except BaseException as e: return [c.__name__ for c in type(e).__mro__][1:], str(e)")
	for _, test := range []struct {
		err   error
		class string
		text  string
	}{
		{pybridge.IndexError, "IndexError", ""},
		{&pybridge.Error{Type: "ValueError", Message: "no"}, "ValueError", "no"},
		{fmt.Errorf("wrapped: %w", pybridge.StopIteration), "StopIteration", "wrapped: StopIteration"},
		{&pybridge.Error{Type: "json.JSONDecodeError"}, "ValueError", ""},
		{&pybridge.Error{Type: "Mine", Message: "m"}, "Mine", "m"},
		{&pybridge.Error{Type: "no.such.Class", Message: "m"}, "Exception", "m"},
		{pybridge.SystemExit, "SystemExit", ""},
	} {
		fails := func() error { return test.err }
		got, err := pybridge.CallAs[pybridge.Tuple](eval(t, "caught"), fails)
		require.NoError(t, err)
		assert.Contains(t, got[0], test.class)
		assert.Equal(t, test.text, got[1])
		_, err = eval(t, "lambda f: f()").Call(fails)
		assert.ErrorIs(t, err, test.err)
		assert.Equal(t, test.err, errors.Unwrap(err))
	}
}

func TestPartsOfAnError(t *testing.T) {
	_, err := rt.RunCell("try: {}['k']\nexcept KeyError as k: raise ValueError('v') from k", "<cell 30>")
	var e *pybridge.Error
	require.True(t, errors.As(err, &e))
	assert.Equal(t, "ValueError", e.Type)
	assert.Equal(t, "v", e.Message)
	args, err := pybridge.AttrAs[[]string](e.Exception(), "args")
	require.NoError(t, err)
	assert.Equal(t, []string{"v"}, args)
	assert.Equal(t, "KeyError", e.Cause().Type)
	require.Len(t, e.Frames(), 1)
	assert.Equal(t, 2, e.Frames()[0].Line)
}
