package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// inParallel runs f in n goroutines and returns what went wrong.
func inParallel(t *testing.T, n int, f func(i int) error) {
	t.Helper()
	errs := make(chan error, n)
	for i := range n {
		go func() { errs <- f(i) }()
	}
	timeout := time.After(time.Minute)
	for range n {
		select {
		case err := <-errs:
			require.NoError(t, err)
		case <-timeout:
			t.Fatal("goroutines hang")
		}
	}
}

func TestThousandGoroutinesCall(t *testing.T) {
	square := eval(t, "lambda n: n * n")
	inParallel(t, 1000, func(i int) error {
		for range 20 {
			got, err := pybridge.CallAs[int](square, i)
			if err != nil {
				return err
			}
			if got != i*i {
				return errors.New("another goroutine's result")
			}
		}
		return nil
	})
}

// Code that keeps many threads inside Python at once must not cost a thread for every goroutine.
func TestThousandGoroutinesThatWaitInPython(t *testing.T) {
	sleep := eval(t, "__import__('time').sleep")
	inParallel(t, 1000, func(int) error {
		_, err := sleep.Call(0.001)
		return err
	})
	buf := make([]byte, 1<<20)
	require.Positive(t, runtime.Stack(buf, false))
	assert.Less(t, pybridge.Threads(), 300)
}

func TestGoroutinesThatCallBackAndForth(t *testing.T) {
	apply := eval(t, "lambda f, n: f(n)")
	double := eval(t, "lambda n: 2 * n")
	inParallel(t, 200, func(i int) error {
		got, err := pybridge.CallAs[int](apply, func(n int) (int, error) { return pybridge.CallAs[int](double, n) }, i)
		if err == nil && got != 2*i {
			err = errors.New("another goroutine's result")
		}
		return err
	})
}

// A goroutine that ends while it is locked takes its thread with it, and Python's state of that
// thread.
func TestThreadsThatEndLeaveNothing(t *testing.T) {
	identity := eval(t, "lambda v: v")
	execute(t, "import threading\nlocal = threading.local()\nclass Noted:\n    alive = 0\n    def __init__(self): Noted.alive += 1\n    def __del__(self): Noted.alive -= 1\ndef note(): local.value = Noted()")
	note := eval(t, "note")
	before := pybridge.Threads()
	for range 20 {
		inParallel(t, 10, func(int) error {
			runtime.LockOSThread() // never unlocked
			if _, err := note.Call(); err != nil {
				return err
			}
			_, err := identity.Call(1)
			return err
		})
	}
	require.Eventually(t, func() bool { return pybridge.Threads() <= before+20 }, 10*time.Second, 10*time.Millisecond)
	require.Eventually(t, func() bool { return as[int](t, "Noted.alive") <= 20 }, 10*time.Second, 10*time.Millisecond)
}

func TestHold(t *testing.T) {
	execute(t, "counter = 0\nimport threading\ndone = threading.Event()\ndef count():\n    global counter\n    while not done.is_set(): counter += 1\nthread = threading.Thread(target=count)\nthread.start()")
	next := eval(t, "iter(range(10**9)).__next__")
	require.NoError(t, rt.Hold(func() error {
		for i := range 1000 {
			got, err := pybridge.CallAs[int](next)
			if err != nil || got != i {
				return errors.Join(err, errors.New("wrong number"))
			}
		}
		return nil
	}))
	execute(t, "done.set(); thread.join()")
	want := errors.New("stop")
	assert.Equal(t, want, rt.Hold(func() error { return want }))
	assert.Panics(t, func() { _ = rt.Hold(func() error { panic("in the middle") }) })
	assert.Equal(t, 2, as[int](t, "1 + 1"), "the lock was dropped")
}

// Python's threads run while a goroutine keeps the lock over many calls.
func TestHoldGivesWay(t *testing.T) {
	execute(t, "import threading\nseen = threading.Event()\nthread = threading.Thread(target=seen.set)")
	start := eval(t, "thread.start")
	seen := eval(t, "seen.is_set")
	deadline := time.Now().Add(20 * time.Second)
	require.NoError(t, rt.Hold(func() error {
		if _, err := start.Call(); err != nil {
			return err
		}
		for time.Now().Before(deadline) {
			if is, err := pybridge.CallAs[bool](seen); is || err != nil {
				return err
			}
		}
		return errors.New("the other thread never ran")
	}))
}

func TestOnMain(t *testing.T) {
	onMain(t, func() error {
		main := as[bool](t, "__import__('threading').current_thread() is __import__('threading').main_thread()")
		assert.True(t, main)
		nested := false
		err := rt.OnMain(t.Context(), func() { nested = true })
		assert.True(t, nested)
		return err
	})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, rt.OnMain(ctx, func() {}), context.Canceled)
}

func TestOpenAgain(t *testing.T) {
	again, err := pybridge.Open(t.Context(), pybridge.Config{})
	require.NoError(t, err)
	assert.Same(t, rt, again)
	again, err = pybridge.Open(t.Context(), pybridge.Config{Python: rt.Info().Python.Executable})
	require.NoError(t, err)
	assert.Same(t, rt, again)
	again, err = pybridge.Default()
	require.NoError(t, err)
	assert.Same(t, rt, again)
	_, err = pybridge.Open(t.Context(), pybridge.Config{Python: "no-such-python"})
	assert.ErrorContains(t, err, "no-such-python (option): there is no such file")
}

func TestWithoutCgo(t *testing.T) {
	if rt != nil {
		t.Skip("this is built with cgo")
	}
	_, err := pybridge.Default()
	require.ErrorIs(t, err, pybridge.ErrNoCgo)
	_, err = pybridge.As[int](pybridge.None)
	assert.ErrorIs(t, err, pybridge.ErrNotStarted)
}

func TestFirstUseFromManyGoroutines(t *testing.T) {
	out, errs, code := scenario(t, "first")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{"100 different answers", "main thread of Python: True"}, lines(out))
}

// What is kept of the code that runs is bounded, and several threads make room in it at once.
func TestManyTextsInSeveralThreads(t *testing.T) {
	execute(t, "import sys\ninterval = sys.getswitchinterval()\nsys.setswitchinterval(1e-6)")
	defer execute(t, "sys.setswitchinterval(interval)")
	inParallel(t, 8, func(i int) error {
		for j := range 400 {
			n := 1000*i + j
			o, err := rt.Eval(fmt.Sprintf("%d", n))
			if err != nil {
				return err
			}
			if o.String() != fmt.Sprint(n) {
				return fmt.Errorf("%v instead of %d", o, n)
			}
		}
		return nil
	})
}
