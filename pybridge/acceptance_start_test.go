package pybridge_test

// The acceptance tests of the py4cl family, A1 to A49, each by its number: what must work for anyone who
// comes from there. COMING-FROM-PY4CL.md says which call replaces which.

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// call calls a function with values and returns the result as Go has it.
func call[T any](t *testing.T, source string, args ...any) T {
	t.Helper()
	v, err := pybridge.CallAs[T](eval(t, source), args...)
	require.NoError(t, err)
	return v
}

func TestA01StartAndStop(t *testing.T) {
	require.NoError(t, rt.Exec("def twice(n): return 2 * n"))
	twice, err := rt.Get("twice")
	require.NoError(t, err)
	n, err := pybridge.CallAs[int](twice, 21)
	require.NoError(t, err)
	assert.Equal(t, 42, n)
	require.NoError(t, rt.Reset())
	_, err = rt.Get("twice")
	var e *pybridge.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, "NameError", e.Type)
	n, err = pybridge.CallAs[int](twice, 4)
	require.NoError(t, err)
	assert.Equal(t, 8, n, "what Go holds is still there")
}

func TestA02Alive(t *testing.T) {
	out, errs, code := scenario(t, "lifecycle")
	require.Zero(t, code, errs)
	for _, line := range []string{"running: false\n", "running: true alive: true\n", "alive after close: false\n"} {
		assert.Contains(t, out, line)
	}
	assert.True(t, rt.Alive())
	assert.Same(t, rt, pybridge.Running())
}

func TestA03FirstUseStarts(t *testing.T) {
	for _, first := range []string{"first eval", "first exec", "first call", "first import"} {
		out, errs, code := scenario(t, first)
		require.Zero(t, code, errs)
		assert.Equal(t, "started: false\nresult: 42\nstarted: true\n", out, first)
	}
}

// firstUse is a scenario whose first use of Python is the one that is named.
func firstUse(use func(r *pybridge.Runtime) (*pybridge.Object, error)) func() error {
	return func() error {
		fmt.Println("started:", pybridge.Running() != nil)
		r, err := pybridge.Default()
		if err != nil {
			return err
		}
		o, err := use(r)
		fmt.Println("result:", o)
		fmt.Println("started:", pybridge.Running() != nil)
		return err
	}
}

func firstEval(r *pybridge.Runtime) (*pybridge.Object, error) { return r.Eval("6 * 7") }

func firstExec(r *pybridge.Runtime) (*pybridge.Object, error) {
	if err := r.Exec("x = 42"); err != nil {
		return nil, err
	}
	return r.Get("x")
}

func firstCall(r *pybridge.Runtime) (*pybridge.Object, error) {
	abs, err := r.Get("abs")
	if err != nil {
		return nil, err
	}
	return abs.Call(-42)
}

func firstImport(r *pybridge.Runtime) (*pybridge.Object, error) {
	math, err := r.Import("math")
	if err != nil {
		return nil, err
	}
	return math.Method("floor", 42.5)
}

func TestA04BadInterpreterAndQuit(t *testing.T) {
	_, err := pybridge.Open(t.Context(), pybridge.Config{Python: "/nowhere/python3"})
	var none *locate.NotFoundError
	require.ErrorAs(t, err, &none)
	assert.ErrorContains(t, err, "/nowhere/python3")
	for range 5 {
		err := rt.Exec("quit(0)")
		require.ErrorIs(t, err, pybridge.SystemExit)
		assert.EqualError(t, err, "SystemExit: 0")
		assert.Equal(t, 2, as[int](t, "1 + 1"))
	}
}

func TestA05GarbageDoesNotStartPython(t *testing.T) {
	out, errs, code := scenario(t, "garbage after close")
	require.Zero(t, code, errs)
	assert.Equal(t, "alive: false\nalive: false\n", out)
}

func garbageScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	for range 1000 {
		if _, err := r.Eval("[1]"); err != nil {
			return err
		}
	}
	if err := r.Close(); err != nil {
		return err
	}
	fmt.Println("alive:", r.Alive())
	runtime.GC()
	for end := time.Now().Add(10 * time.Second); pybridge.Waiting() > 0 && time.Now().Before(end); runtime.GC() {
	}
	fmt.Println("alive:", r.Alive())
	return nil
}

func TestA06ChangesAreSeenByTheRunningInterpreter(t *testing.T) {
	before := as[int](t, "__import__('sys').getrecursionlimit()")
	set, err := rt.From("sys", "setrecursionlimit")
	require.NoError(t, err)
	_, err = set.Call(before + 1)
	require.NoError(t, err)
	assert.Equal(t, before+1, as[int](t, "__import__('sys').getrecursionlimit()"))
	_, err = set.Call(before)
	require.NoError(t, err)
	require.NoError(t, rt.Set("sys.no_such_option", "tolerated"))
	assert.Equal(t, "tolerated", as[string](t, "__import__('sys').no_such_option"))
	text, err := rt.Configuration()
	require.NoError(t, err)
	assert.Contains(t, text, rt.Info().Library)
}

func TestA07SuccessiveEvals(t *testing.T) {
	assert.Equal(t, "hello", as[string](t, "'hello'"))
	assert.Equal(t, "world", as[string](t, "'world'"))
	out, err := rt.Capture(func() error {
		o, err := rt.Eval("print('printed')")
		if err == nil {
			assert.True(t, o.IsNone(), "the result of print is None, not the text")
		}
		return err
	})
	require.NoError(t, err)
	assert.Equal(t, "printed\n", out.Stdout)
}

func TestA08Capture(t *testing.T) {
	assert.Equal(t, "hello world", capture(t, "print('hello world', end='')").Stdout)
	assert.Equal(t, "testing", capture(t, "import sys; sys.stdout.write('testing')").Stdout)
	out, err := rt.Capture(func() error {
		write, err := rt.Get("sys.stdout.write")
		if err == nil {
			_, err = write.Call("testing")
		}
		return err
	})
	require.NoError(t, err)
	assert.Equal(t, "testing", out.Stdout)
}

func TestA09ManyCaptures(t *testing.T) {
	times := 10_000
	if testing.Short() {
		times = 500
	}
	for i := range times {
		out, err := rt.Capture(func() error { return rt.Exec("print('hello', end='')") })
		require.NoError(t, err)
		require.Equal(t, pybridge.Output{Stdout: "hello"}, out, "capture %d", i)
	}
}

func TestA10Values(t *testing.T) {
	assert.Equal(t, 7, as[any](t, "3 + 4"))
	_, err := rt.Eval("1 + ")
	assert.ErrorIs(t, err, pybridge.SyntaxError)
	assert.Equal(t, 3.5, as[any](t, "7 / 2"))
	assert.Equal(t, []any{0, 1, 4, 9}, as[any](t, "[i**2 for i in range(4)]"))
	assert.Equal(t, pybridge.Tuple{1, 2}, as[any](t, "(1, 2)"))
	four := []any{pybridge.Tuple{}, []any{}, nil, false}
	for i, source := range []string{"()", "[]", "None", "False"} {
		assert.Equal(t, four[i], as[any](t, source))
		for j, other := range []string{"()", "[]", "None", "False"} {
			assert.Equal(t, i == j, call[bool](t, "lambda v: v == "+other+" and type(v) is type("+other+")", four[i]))
		}
	}
	huge := strings.Repeat("9", 100)
	assert.Equal(t, huge, fmt.Sprint(as[any](t, huge)))
}

func TestA15Threads(t *testing.T) {
	rounds := 20
	if testing.Short() {
		rounds = 2
	}
	execute(t, `
import threading
def in_threads(f):
    got = []
    def work(n):
        for i in range(20): got.append(f(100 * n + i) == 100 * n + i + 1)
    threads = [threading.Thread(target=work, args=(n,)) for n in range(12)]
    for t in threads: t.start()
    for t in threads: t.join()
    return len(got), all(got)
`)
	inThreads := eval(t, "in_threads")
	plusOne := func(n int) int { return n + 1 }
	goroutines := func() {
		var wg sync.WaitGroup
		for g := range 12 {
			wg.Go(func() {
				for i := range 20 {
					n, err := rt.Eval(fmt.Sprintf("%d + %d", g, i))
					if assert.NoError(t, err) {
						assert.Equal(t, fmt.Sprint(g+i), n.String())
					}
				}
			})
		}
		wg.Wait()
	}
	for range rounds {
		goroutines()
		got, err := pybridge.CallAs[pybridge.Tuple](inThreads, plusOne)
		require.NoError(t, err)
		require.Equal(t, pybridge.Tuple{240, true}, got)
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				got, err := pybridge.CallAs[pybridge.Tuple](inThreads, plusOne)
				assert.NoError(t, err)
				assert.Equal(t, pybridge.Tuple{240, true}, got)
			})
		}
		wg.Go(goroutines)
		wg.Wait()
	}
}

func TestA49Interrupt(t *testing.T) {
	execute(t, `
import time
class Busy:
    def method(self): say_hello()
def say_hello():
    print('hello', flush=True)
    ready()
    time.sleep(30)
`)
	cases := []struct{ name, source string }{
		{"function", "say_hello()"}, {"method", "Busy().method()"}, {"in C", "ready()\nsorted(range(10**6), key=lambda n: (ready_again(), -n)[1])\nwhile True: pass"},
	}
	require.NoError(t, rt.Set("ready_again", nil))
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			for range 2 { // twice in a row
				require.NoError(t, rt.Set("ready", interruptUntilHeard(t)))
				require.NoError(t, rt.Exec("def ready_again(): pass"))
				var out pybridge.Output
				var failed error
				onMain(t, func() (err error) {
					out, failed = rt.Capture(func() error { return rt.Exec(test.source) })
					return nil
				})
				assert.ErrorIs(t, failed, pybridge.KeyboardInterrupt)
				if test.name != "in C" {
					assert.Equal(t, "hello\n", out.Stdout)
				}
				onMain(t, func() error { return rt.Exec("five = eval('5')") })
				assert.Equal(t, 5, as[int](t, "five"), "nothing is left of it")
			}
		})
	}
	t.Run("in a Go function", func(t *testing.T) {
		heard := make(chan bool, 1)
		waits := func() error {
			heard <- rt.Interrupt()
			return nil
		}
		require.NoError(t, rt.Set("waits", waits))
		var err error
		onMain(t, func() error { err = rt.Exec("waits()\nwhile True: pass"); return nil })
		assert.True(t, <-heard)
		assert.ErrorIs(t, err, pybridge.KeyboardInterrupt)
	})
	t.Run("while it waits for its turn", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := eval(t, "lambda: 1").CallContext(ctx)
		assert.ErrorIs(t, err, context.Canceled)
	})
	assert.False(t, rt.Interrupt(), "nothing runs")
	assert.False(t, errors.Is(rt.Exec("1"), pybridge.KeyboardInterrupt))
}
