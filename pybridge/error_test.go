package pybridge_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestExceptionsAreErrors(t *testing.T) {
	execute(t, `
def inner(n):
    raise ValueError(f'bad {n}')
def outer():
    try:
        inner(3)
    except ValueError as e:
        raise RuntimeError('outer') from e
class Odd(Exception):
    def __str__(self): raise TypeError('no text')
`)
	_, err := rt.Eval("outer()")
	var e *pybridge.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "RuntimeError", e.Type)
	assert.Equal(t, "outer", e.Message)
	text := e.Traceback()
	assert.Contains(t, text, "ValueError: bad 3")
	assert.Contains(t, text, "raise ValueError(f'bad {n}')")
	assert.Contains(t, text, "The above exception was the direct cause")
	assert.NotContains(t, text, "gopy_kernel")
	assert.True(t, strings.HasPrefix(text, "Traceback (most recent call last):\n"))

	_, err = rt.Eval("__import__('json').loads('{')")
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "json.decoder.JSONDecodeError", e.Type)
	assert.ErrorIs(t, err, &pybridge.Error{Type: "ValueError"})
	assert.NotErrorIs(t, err, &pybridge.Error{Type: "KeyError"})

	assert.EqualError(t, rt.Exec("raise Odd()"), "Odd: (its str() failed)")
	assert.EqualError(t, rt.Exec("raise KeyboardInterrupt"), "KeyboardInterrupt")
	assert.EqualError(t, rt.Exec("raise KeyError('k')"), "KeyError: 'k'")
}

func TestTracebacksShowTheSourceOfCells(t *testing.T) {
	_, err := rt.RunCell("def f():\n    return 1 / 0\n\nf()", "<cell 7>")
	var e *pybridge.Error
	require.ErrorAs(t, err, &e)
	assert.Contains(t, e.Traceback(), `File "<cell 7>", line 2, in f`)
	assert.Contains(t, e.Traceback(), "return 1 / 0")

	_, err = rt.RunCell("x = (1", "<cell 8>")
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "SyntaxError", e.Type)
	assert.Contains(t, e.Traceback(), `File "<cell 8>", line 1`)
	assert.NotContains(t, e.Traceback(), "Traceback")
}

func TestTheEndOfThePythonProgramIsAnError(t *testing.T) {
	for _, source := range []string{"import sys; sys.exit(3)", "exit()", "raise SystemExit"} {
		err := rt.Exec(source)
		assert.ErrorIs(t, err, &pybridge.Error{Type: "SystemExit"}, source)
	}
	var e *pybridge.Error
	require.ErrorAs(t, rt.Exec("import sys; sys.exit(3)"), &e)
	code, err := pybridge.AttrAs[int](e.Exception(), "code")
	require.NoError(t, err)
	assert.Equal(t, 3, code)
}

func TestExceptionsPassThroughGo(t *testing.T) {
	execute(t, `
original = None
def raises():
    global original
    original = LookupError('mine')
    raise original
def catches(f):
    try:
        f()
    except LookupError as e:
        return e is original, len(__import__('traceback').extract_tb(e.__traceback__))
`)
	raises := eval(t, "raises")
	through := func() error {
		_, err := raises.Call()
		return fmt.Errorf("wrapped: %w", err)
	}
	got, err := pybridge.CallAs[pybridge.Tuple](eval(t, "catches"), through)
	require.NoError(t, err)
	assert.Equal(t, true, got[0], "it is the same exception")
	assert.GreaterOrEqual(t, got[1], 2, "with the frames it had")
}

func TestErrorsPassThroughPython(t *testing.T) {
	execute(t, "def call(f): return f()\ndef swallow(f):\n    try: f()\n    except Exception as e: return str(e)")
	lost := fmt.Errorf("lost: %w", io.ErrUnexpectedEOF)
	fails := func() (int, error) { return 1, lost }
	_, err := eval(t, "call").Call(fails)
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, lost, errors.Unwrap(err), "it is the same error")
	assert.EqualError(t, err, "gopy_kernel.errors.GoError: lost: unexpected EOF")

	text, err := pybridge.CallAs[string](eval(t, "swallow"), fails)
	require.NoError(t, err)
	assert.Equal(t, "lost: unexpected EOF", text)
}

func TestPanicsPassThroughPython(t *testing.T) {
	execute(t, "def call(f): return f()\ndef swallow(f):\n    try: f()\n    except Exception: return 'swallowed'\ndef catch(f):\n    try: f()\n    except BaseException as e: return type(e).__name__ + ' ' + str(e)")
	value := &struct{ n int }{7}
	panics := func() { panic(value) }
	for _, name := range []string{"call", "swallow"} {
		assert.PanicsWithValue(t, value, func() { _, _ = eval(t, name).Call(panics) })
	}
	text, err := pybridge.CallAs[string](eval(t, "catch"), func() { panic("oops") })
	require.NoError(t, err)
	assert.Equal(t, "GoPanic oops", text)
	var zero []int
	assert.PanicsWithError(t, "runtime error: index out of range [3] with length 0", func() {
		_, _ = eval(t, "call").Call(func() int { return zero[3] })
	})
	assert.Equal(t, 2, as[int](t, "1+1"), "Python goes on")
}
