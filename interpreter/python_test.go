package interpreter_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// needPython skips where cells have no Python.
func needPython(t *testing.T, s *session) {
	t.Helper()
	if _, failed := s.run(`py.Import("sys");`); failed != nil {
		t.Skipf("cells have no Python here: %s: %s", failed.Name, failed.Value)
	}
}

// TestInterruptInACallback interrupts Go functions that Python called: frames of C stand below them.
func TestInterruptInACallback(t *testing.T) {
	s := newSession(t)
	needPython(t, s)
	s.must(`
state := 41
py.Exec("def call(f): return f()")
func spin() { println("running"); for n := 0; ; n++ {} }
`)
	pid := s.worker.PID()
	for _, c := range []struct{ name, source string }{
		{"a function", `py.Get("call").Call(spin)`},
		{"in a function in a function", `py.Get("call").Call(func() { py.Get("call").Call(spin) })`},
		{"recovered", `func() { defer func() { recover() }(); py.Get("call").Call(spin) }(); for {}`},
		{"recovered inside", `py.Get("call").Call(func() { for { func() { defer func() { recover() }(); spin() }() } })`},
		{"errors ignored", `for { py.Get("call").PyObject().Call(spin) }`},
		{"sorted", `py.Exec("import functools"); py.Get("sorted").Call([]any{2, 1}, py.Kw{"key": func(any) int { spin(); return 1 }})`},
		{"on a goroutine", "go func() { py.Get(\"call\").Call(spin) }()\npy.Get(\"call\").Call(spin)"},
		{"a thread of Python", "py.Exec(`import threading\ndef threaded(f):\n    t = threading.Thread(target=f, daemon=True)\n    t.start()\n    t.join()`)\npy.Get(\"threaded\").Call(spin)"},
		{"no Go", `py.Exec("print('running')\nwhile True: pass")`},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed := s.interruptedOnceRunning(t, c.source)
			require.Contains(t, []string{"interrupt", "KeyboardInterrupt"}, failed.Name)
			require.Equal(t, "[41]\n", s.must(`state`))
			require.Equal(t, "[3]\n", s.must(`py.Eval("1 + 2")`))
			require.Equal(t, "[false]\n", s.must(`pybridge.InCallback()`), "nothing is left on the stack")
			require.Equal(t, pid, s.worker.PID())
		})
	}
}

// asking is an output that is asked and answers only when it has a text.
type asking struct {
	output
	asked  chan string
	answer atomic.Pointer[string]
}

func (a *asking) Input(ctx context.Context, prompt string, _ bool) (string, error) {
	if text := a.answer.Load(); text != nil {
		return *text, nil
	}
	a.asked <- prompt
	<-ctx.Done()
	return "", ctx.Err()
}

// TestInterruptedInput interrupts a cell that waits for the user, and asks again.
func TestInterruptedInput(t *testing.T) {
	s := newSession(t)
	needPython(t, s)
	out := &asking{asked: make(chan string, 1)}
	run := func(source string) *interpreter.Error {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		return s.interpreter.Execute(ctx, interpreter.Cell{Source: source, Count: 1}, out)
	}
	ended := make(chan *interpreter.Error, 1)
	go func() { ended <- run(`py.Eval("input('name? ')")`) }()
	select {
	case prompt := <-out.asked:
		require.Equal(t, "name? ", prompt)
	case failed := <-ended:
		t.Fatalf("nobody was asked: %v", failed)
	}
	s.interpreter.Interrupt()
	failed := <-ended
	require.NotNil(t, failed)
	require.Equal(t, "KeyboardInterrupt", failed.Name, strings.Join(failed.Traceback, "\n"))
	answer := "Ann"
	out.answer.Store(&answer)
	require.Nil(t, run(`fmt.Println(py.Eval("input('name? ')"))`))
	require.Contains(t, out.String(), "Ann\n")
}

// TestInterruptAsync interrupts cells that wait for coroutines: what is awaited is cancelled, and what was entered is
// left.
func TestInterruptAsync(t *testing.T) {
	s := newSession(t)
	needPython(t, s)
	s.must(`
import "context"
ctx := context.Background()
py.Exec(` + "`" + `
import asyncio, contextlib, threading
events, left, release = [], threading.Event(), threading.Event()
def slow():
    print("running", flush=True)
    release.wait(30)
    events.append("done")
    left.set()
async def forever():
    try:
        print("running", flush=True)
        await asyncio.sleep(1000)
    except asyncio.CancelledError:
        events.append("cancelled")
        left.set()
        raise
async def stream():
    yield 1
    await forever()
@contextlib.asynccontextmanager
async def noted():
    try:
        yield
    finally:
        await asyncio.sleep(0)
        events.append("left")
        left.set()
async def take(source):
    print("running", flush=True)
    try:
        return [x async for x in source]
    except asyncio.CancelledError:
        events.append("cancelled")
        left.set()
        raise
` + "`" + `)
`)
	pid := s.worker.PID()
	for _, c := range []struct{ name, source, event string }{
		{"await", `py.Get("forever").Call().Await(ctx)`, "cancelled"},
		{"async for", "for range py.Get(\"stream\").Call().AsyncIter(ctx) {\n}", "cancelled"},
		{"async with, in a loop", "py.Get(\"noted\").Call().AsyncWith(ctx, func(context.Context, *py.Object) {\nprintln(\"running\")\nfor {\n}\n})", "left"},
		{"async with, in a wait", "py.Get(\"noted\").Call().AsyncWith(ctx, func(context.Context, *py.Object) {\nprintln(\"running\")\nselect {}\n})", "left"},
		{"a future", `py.Get("slow").Go().Wait()`, "done"},
		{"a channel", `py.Get("take").Call(make(chan int)).Await(ctx)`, "cancelled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.must(`py.Exec("events.clear(); left.clear(); release.clear()")`)
			failed := s.interruptedOnceRunning(t, c.source)
			require.Contains(t, []string{"interrupt", "KeyboardInterrupt"}, failed.Name)
			s.must(`py.Exec("release.set()")`)
			require.Equal(t, "[True]\n", s.must(`py.Eval("left.wait(30)")`))
			require.Equal(t, "[['"+c.event+"']]\n", s.must(`py.Get("events")`))
			require.Equal(t, "[2]\n", s.must(`py.Eval("asyncio.sleep").Call(0, 2).Await(ctx)`))
			require.Equal(t, pid, s.worker.PID())
		})
	}
}

// TestInterruptCapture interrupts cells whose output is captured: that of later ones is shown.
func TestInterruptCapture(t *testing.T) {
	s := newSession(t)
	needPython(t, s)
	for _, c := range []struct{ name, source string }{
		{"in Go", "println(\"running\")\npy.CaptureAll(func() { for {} })"},
		{"in a wait", "println(\"running\")\npy.CaptureAll(func() { select {} })"},
		{"in Python", "println(\"running\")\npy.CaptureAll(func() { py.Exec(\"while True: pass\") })"},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed := s.interruptedOnceRunning(t, c.source)
			require.Contains(t, []string{"interrupt", "KeyboardInterrupt"}, failed.Name)
			require.Equal(t, "seen\nC\n", s.must(`fmt.Println("seen"); py.Exec("import os; os.system('echo C')")`))
		})
	}
}
