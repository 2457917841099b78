package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// running calls interrupt once Python has said that it is in the middle of something.
func running(interrupt func()) func() { return func() { go interrupt() } }

func interruptUntilHeard(t *testing.T) func() {
	return running(func() {
		if !rt.Interrupt() {
			t.Error("nothing was running")
		}
	})
}

func TestInterruptOfPythonCode(t *testing.T) {
	for _, test := range []struct{ name, source string }{
		{"loop", "ready()\nwhile True: pass"},
		{"loop in a function", "def f():\n    ready()\n    while True: pass\nf()"},
		{"sleep", "import time\nready()\ntime.sleep(30)"},
		{"lock", "import threading\nl = threading.Lock()\nl.acquire()\nready()\nl.acquire(timeout=30)"},
		{"select", "import select\nready()\nselect.select([], [], [], 30)"},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.NoError(t, rt.Set("ready", interruptUntilHeard(t)))
			var err error
			onMain(t, func() error { err = rt.Exec(test.source); return nil })
			assert.ErrorIs(t, err, &pybridge.Error{Type: "KeyboardInterrupt"})
			onMain(t, func() error { return rt.Exec("for _ in range(1000): pass") })
		})
	}
	assert.False(t, rt.Interrupt(), "nothing runs now")
}

func TestAnInterruptMayBeCaught(t *testing.T) {
	require.NoError(t, rt.Set("ready", interruptUntilHeard(t)))
	onMain(t, func() error {
		return rt.Exec("caught = False\ntry:\n    ready()\n    while True: pass\nexcept KeyboardInterrupt: caught = True")
	})
	assert.True(t, as[bool](t, "caught"))
}

func TestInterruptWhileAnotherThreadHasTheLock(t *testing.T) {
	execute(t, "import threading\nstop = False\ndef spin():\n    while not stop: pass\nspinning = threading.Thread(target=spin)\nspinning.start()")
	defer execute(t, "stop = True\nspinning.join()")
	require.NoError(t, rt.Set("ready", interruptUntilHeard(t)))
	var err error
	onMain(t, func() error { err = rt.Exec("ready()\nwhile True: pass"); return nil })
	assert.ErrorIs(t, err, &pybridge.Error{Type: "KeyboardInterrupt"})
}

func TestTheEndOfAContextInterrupts(t *testing.T) {
	forever := eval(t, "(lambda: [None for _ in iter(int, 1)])")
	call := func() error {
		ctx, cancel := context.WithCancelCause(context.Background())
		stop := fmt.Errorf("enough")
		time.AfterFunc(10*time.Millisecond, func() { cancel(stop) })
		_, err := forever.CallContext(ctx)
		if assert.ErrorIs(t, err, stop) {
			assert.ErrorIs(t, err, &pybridge.Error{Type: "KeyboardInterrupt"})
		}
		_, err = rt.Eval("sum(range(100000))") // and nothing is left of it
		return err
	}
	onMain(t, call)
	require.NoError(t, call(), "on any other thread")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := forever.CallContext(ctx)
	assert.ErrorIs(t, err, context.Canceled)
}

func TestManyLateInterruptsHitNothingElse(t *testing.T) {
	short := eval(t, "lambda: sum(range(100))")
	for range 200 {
		ctx, cancel := context.WithCancel(context.Background())
		go cancel()
		_, err := short.CallContext(ctx)
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
		}
		_, err = rt.Eval("sum(range(100))")
		require.NoError(t, err)
	}
}

// The signal itself belongs to Go, whatever Python code does.
func TestSignalsBelongToGo(t *testing.T) {
	out, errs, code := scenario(t, "signals")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{"go got it", "python got SIGUSR1", "False", "go got it"}, lines(out))
}

func signalsScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	kill := func() error {
		if err := syscall.Kill(os.Getpid(), syscall.SIGINT); err != nil {
			return err
		}
		select {
		case <-interrupts:
			fmt.Println("go got it")
			return nil
		case <-time.After(10 * time.Second):
			return fmt.Errorf("no signal")
		}
	}
	if err := kill(); err != nil {
		return err
	}
	err = r.Exec(`
import os, signal, faulthandler, time
got = []
signal.signal(signal.SIGINT, lambda *a: got.append("SIGINT"))
signal.signal(signal.SIGUSR1, lambda *a: got.append("SIGUSR1"))
os.kill(os.getpid(), signal.SIGUSR1)
end = time.monotonic() + 10
while not got and time.monotonic() < end: pass
print("python got", *got)
faulthandler.enable()
print(faulthandler.is_enabled())
`)
	if err != nil {
		return err
	}
	return kill()
}

func TestReclaimedSignals(t *testing.T) {
	onMain(t, func() error {
		assert.False(t, rt.CheckSignals())
		// Around the bridge's own signal.signal, as an extension would.
		err := rt.Exec("import _signal; _signal.signal(_signal.SIGINT, _signal.default_int_handler)")
		assert.True(t, rt.CheckSignals())
		assert.False(t, rt.CheckSignals())
		return err
	})
}

func TestInterruptOfInput(t *testing.T) {
	shown.take()
	var err error
	go func() {
		for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); {
			if len(shown.take()) > 0 {
				rt.Interrupt()
				return
			}
		}
	}()
	onMain(t, func() error { err = rt.Exec("try: input('?')\nfinally: sum(range(1000))"); return nil })
	assert.ErrorIs(t, err, &pybridge.Error{Type: "KeyboardInterrupt"})
}

// The words that describe lent memory are no values: an interrupt that comes with them must not take the
// length, 13 here, for the head of an object.
func TestInterruptsWhileMemoryIsLent(t *testing.T) {
	lender := eval(t, "bytearray(13)")
	stop := make(chan struct{})
	over := make(chan struct{})
	go func() {
		defer close(over)
		for {
			select {
			case <-stop:
				return
			default:
				rt.Interrupt()
			}
		}
	}()
	defer func() { close(stop); <-over }()
	interrupted := 0
	onMain(t, func() error {
		for deadline := time.Now().Add(5 * time.Second); interrupted < 10 && time.Now().Before(deadline); {
			v, err := pybridge.OpenView[byte](lender)
			switch {
			case err == nil:
				v.Close()
			case errors.Is(err, &pybridge.Error{Type: "KeyboardInterrupt"}):
				interrupted++
			default:
				return err
			}
		}
		return nil
	})
	_, err := lender.Method("append", 1)
	assert.NoError(t, err, "after %d interrupts some of it is still lent", interrupted)
}
