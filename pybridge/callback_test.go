package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPythonCallsGoFunctions(t *testing.T) {
	for _, test := range []struct {
		name, call string // f is the function
		function   any
		want       any
	}{
		{"nothing", "f()", func() {}, nil},
		{"floats", "f(1.5)", func(x float64) float64 { return 2 * x }, 3.0},
		{"an int where a float is wanted", "f(2)", func(x float64) float64 { return 2 * x }, 4.0},
		{"two floats", "f(1.5, 2.0)", func(x, y float64) float64 { return x * y }, 3.0},
		{"a float and an int", "f(1.5, 2)", func(x, y float64) float64 { return x * y }, 3.0},
		{"ints", "f(20)", func(n int) int { return n + 1 }, 21},
		{"texts", "f('a', 'b')", func(a, b string) string { return a + b }, "ab"},
		{"several results", "f()", func() (int, string) { return 1, "x" }, pybridge.Tuple{1, "x"}},
		{"no error", "f()", func() (int, error) { return 1, nil }, 1},
		{"only an error", "f()", func() error { return nil }, nil},
		{"variadic", "f('s', 1, 2, 3)", func(s string, n ...int) string { return fmt.Sprint(s, n) }, "s[1 2 3]"},
		{"variadic without", "f('s')", func(s string, n ...int) int { return len(n) }, 0},
		{"any", "f([1, {'a': None}])", func(v any) string { return fmt.Sprint(v) }, "[1 [{a <nil>}]]"},
		{"struct", "f({'X': 1, 'Y': 2})", func(p point) int { return p.X + p.Y }, 3},
		{"object", "f([1, 2])", func(o *pybridge.Object) int { n, _ := o.Len(); return n }, 2},
		{"objects", "f([1], [1, 2])", func(o ...*pybridge.Object) int { n, _ := o[1].Len(); return n }, 2},
		{"keywords", "f(1, b=2, a='x')", func(n int, kw pybridge.Kw) string { return fmt.Sprint(n, kw["a"], kw["b"]) }, "1x2"},
		{"context", "f(1)", func(ctx context.Context, n int) bool { return ctx != nil && n == 1 }, true},
		{"a function", "f()(4)", func() any { return func(n int) int { return n * n } }, 16},
		{"long text", "f('x' * 100000)", func(s string) string { return s + s }, strings.Repeat("x", 200000)},
		{"long list", "f(list(range(1000)))", func(n []int) int { return len(n) }, 1000},
		{"bytes", "f(b'ab')", func(b []byte) []byte { return append(b, 'c') }, []byte("abc")},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := pybridge.CallAs[any](eval(t, "lambda f: "+test.call), test.function)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func TestWrongCallsOfGoFunctionsAreTypeErrors(t *testing.T) {
	for _, test := range []struct {
		name, call string
		function   any
		want       string
	}{
		{"too few", "f()", func(n int) {}, "takes 1 arguments, got 0"},
		{"too many", "f(1, object())", func(n int) {}, "takes 1 arguments, got 2"},
		{"too few for variadic", "f()", func(n int, more ...int) {}, "takes at least 1 arguments, got 0"},
		{"keywords", "f(1, n=2)", func(n int) {}, "takes no keyword arguments"},
		{"type", "f('x')", func(n int) {}, "argument 1: want int, got str"},
		{"type within", "f([1, 'x'])", func(n []int) {}, "argument 1: list[1]: want int, got str"},
		{"result", "f()", func() any { return make(chan<- int) }, "a chan<- int has no counterpart in Python"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := eval(t, "lambda f: "+test.call).Call(test.function)
			require.Error(t, err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
}

func plus(a, b int) int { return a + b }

func TestGoFunctionsHaveNames(t *testing.T) {
	describe := eval(t, "lambda f: f'{f.__name__}: {f.__doc__}'")
	text, err := pybridge.CallAs[string](describe, plus)
	require.NoError(t, err)
	assert.Equal(t, "plus: A Go function: func(int, int) int", text)
	require.NoError(t, rt.Set("plus", plus))
	assert.Equal(t, []int{5, 7}, as[[]int](t, "list(map(plus, [2, 3], [3, 4]))"))
	assert.Equal(t, 6, as[int](t, "__import__('functools').reduce(plus, [1, 2, 3])"))
}

func TestCallbacksNest(t *testing.T) {
	down := eval(t, "lambda f, n: 0 if n == 0 else 1 + f(n - 1)")
	var step func(n int) (int, error)
	step = func(n int) (int, error) { return pybridge.CallAs[int](down, step, n) }
	got, err := step(50)
	require.NoError(t, err)
	assert.Equal(t, 50, got)
}

func TestGoFunctionsMayWaitForOthersThatCallPython(t *testing.T) {
	square := eval(t, "lambda n: n * n")
	waits := func(n int) (int, error) {
		type answer struct {
			n   int
			err error
		}
		c := make(chan answer)
		go func() {
			n, err := pybridge.CallAs[int](square, n)
			c <- answer{n, err}
		}()
		select {
		case a := <-c:
			return a.n, a.err
		case <-time.After(10 * time.Second):
			return 0, context.DeadlineExceeded
		}
	}
	got, err := pybridge.CallAs[int](eval(t, "lambda f: f(7)"), waits)
	require.NoError(t, err)
	assert.Equal(t, 49, got)
}

func TestThreadsOfPythonCallGo(t *testing.T) {
	execute(t, `
import threading
def in_threads(f, threads, calls):
    def work():
        for i in range(calls): f(i)
    started = [threading.Thread(target=work) for _ in range(threads)]
    for t in started: t.start()
    for t in started: t.join()
`)
	var mu sync.Mutex
	sum := 0
	count := func(n int) error {
		_, err := rt.Eval("1 + 1") // and Go calls Python again
		mu.Lock()
		defer mu.Unlock()
		sum += n
		return err
	}
	_, err := eval(t, "in_threads").Call(count, 8, 50)
	require.NoError(t, err)
	assert.Equal(t, 8*50*49/2, sum)
}

func TestPythonFunctionsAsGoFunctions(t *testing.T) {
	execute(t, "def add(*args, **kw): return sum(args) + kw.get('more', 0)\ndef fail(*a): raise ValueError('no')")
	assert.Equal(t, 3, as[func(int, int) int](t, "add")(1, 2))
	assert.Equal(t, 6, as[func(...int) int](t, "add")(1, 2, 3))
	sum, err := as[func(int, pybridge.Kw) (int, error)](t, "add")(1, pybridge.Kw{"more": 5})
	require.NoError(t, err)
	assert.Equal(t, 6, sum)
	q, r, err := as[func(int, int) (int, int, error)](t, "divmod")(17, 5)
	require.NoError(t, err)
	assert.Equal(t, []int{3, 2}, []int{q, r})
	assert.Equal(t, "[1, 2]", as[func(...any) *pybridge.Object](t, "lambda *a: list(a)")(1, 2).String())
	_, _, err = as[func() (int, int, error)](t, "lambda: (1, 2, 3)")()
	assert.EqualError(t, err, "want 2 results, got 3")
	_, err = as[func() (int, error)](t, "lambda: 'x'")()
	assert.EqualError(t, err, "want int, got str")
	assert.EqualError(t, as[func() error](t, "fail")(), "ValueError: no")
	assert.PanicsWithError(t, "ValueError: no", func() { as[func()](t, "fail")() })
	assert.Nil(t, as[func()](t, "None"))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	err = as[func(context.Context) error](t, "lambda: [None for _ in iter(int, 1)]")(ctx)
	assert.ErrorIs(t, err, context.DeadlineExceeded)
	list := as[map[string]func(float64) float64](t, "{'sqrt': __import__('math').sqrt}")
	assert.Equal(t, 1.5, list["sqrt"](2.25))
}

func TestInCallback(t *testing.T) {
	assert.False(t, pybridge.InCallback())
	inside := func() bool {
		other := make(chan bool)
		go func() { other <- pybridge.InCallback() }()
		return pybridge.InCallback() && !<-other
	}
	got, err := pybridge.CallAs[bool](eval(t, "lambda f: f()"), inside)
	require.NoError(t, err)
	assert.True(t, got)
	assert.False(t, pybridge.InCallback())
}

// A function that ends its goroutine leaves C frames on the stack, on which the process goes on.
func TestGoexitInAFunctionThatPythonCalls(t *testing.T) {
	out, errs, code := scenario(t, "goexit")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{"deferred", "served 1", "served 2", "served 3", "nothing runs: false"}, lines(out))
}

func goexitScenario() error {
	served := 0
	var r *pybridge.Runtime
	var run func()
	config := pybridge.Config{MainThread: true, Goexit: func() {
		served++
		fmt.Println("served", served)
		if served < 3 {
			run()
		}
		if _, err := r.Eval("sum(range(10))"); err != nil {
			fmt.Println(err)
		}
		fmt.Println("nothing runs:", r.Interrupt())
		os.Exit(0)
	}}
	r, err := pybridge.Open(context.Background(), config)
	if err != nil {
		return err
	}
	call, err := r.Eval("lambda f: [f() for _ in range(1)]")
	if err != nil {
		return err
	}
	run = func() { _, _ = call.Call(pybridge.Short(func() { runtime.Goexit() })) }
	defer fmt.Println("never")
	_, err = call.Call(func() { defer fmt.Println("deferred"); runtime.Goexit() })
	return err
}

// Goexit goes through Python in order, and past a recover of the Go code that called Python.
func TestGoexit(t *testing.T) {
	execute(t, "passed = []\ndef exits(f):\n    try: f()\n    except Exception: passed.append('Exception')\n    finally: passed.append('finally')")
	exits := eval(t, "exits")
	ended := make(chan []string, 1)
	go func() {
		var log []string
		defer func() { ended <- log }()
		func() {
			defer func() { log = append(log, fmt.Sprint("recovered ", recover())) }()
			_, err := exits.Call(func() error {
				_, err := exits.Call(func() {
					defer func() { log = append(log, "deferred") }()
					pybridge.Goexit()
				})
				log = append(log, fmt.Sprint("inner returned ", err))
				return err
			})
			log = append(log, fmt.Sprint("outer returned ", err))
		}()
		log = append(log, "went on")
	}()
	select {
	case log := <-ended:
		assert.Equal(t, []string{"deferred", "recovered <nil>"}, log)
	case <-time.After(10 * time.Second):
		t.Fatal("the goroutine hangs")
	}
	assert.Equal(t, []string{"finally", "finally"}, as[[]string](t, "passed"))
	over := make(chan bool)
	go func() {
		defer close(over)
		pybridge.Goexit() // as runtime.Goexit
	}()
	<-over
}

func TestGoexitEndsAThreadOfPython(t *testing.T) {
	execute(t, `
import io, sys, threading
def said(f):
    before, sys.stderr = sys.stderr, io.StringIO()
    try:
        t = threading.Thread(target=f)
        t.start()
        t.join()
        return sys.stderr.getvalue()
    finally: sys.stderr = before
`)
	said, err := pybridge.CallAs[string](eval(t, "said"), pybridge.Goexit)
	require.NoError(t, err)
	assert.Empty(t, said)
	said, err = pybridge.CallAs[string](eval(t, "said"), func() { panic("loud") })
	require.NoError(t, err)
	assert.Contains(t, said, "GoPanic: loud")
}

func TestShortFunctions(t *testing.T) {
	double := eval(t, "lambda n: 2 * n")
	quadruple := pybridge.Short(func(n int) (int, error) {
		twice, err := pybridge.CallAs[int](double, n)
		return 2 * twice, err
	})
	assert.Equal(t, 20, must(pybridge.CallAs[int](eval(t, "lambda f: f(5)"), quadruple)))
	require.NoError(t, rt.Set("quadruple", quadruple))
	execute(t, `
import threading
seen = []
def work():
    for i in range(1000): seen.append(quadruple(i))
threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
`)
	assert.Equal(t, 4*4*999*1000/2, as[int](t, "sum(seen)"), "from threads of Python")
	inParallel(t, 50, func(i int) error {
		got, err := pybridge.CallAs[int](eval(t, "lambda f, n: f(n)"), quadruple, i)
		if err == nil && got != 4*i {
			err = errors.New("another goroutine's result")
		}
		return err
	})
	_, err := eval(t, "lambda f: f()").Call(pybridge.Short(func() error { return errors.New("no") }))
	assert.EqualError(t, errors.Unwrap(err), "no")
	assert.PanicsWithValue(t, "in the middle", func() { _, _ = eval(t, "lambda f: f()").Call(pybridge.Short(func() { panic("in the middle") })) })
	assert.Equal(t, 2, as[int](t, "1 + 1"), "the lock was dropped")
	_, err = rt.Of(pybridge.Short(5))
	assert.EqualError(t, err, "Short needs a function, not int")
}
