package interpreter_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// threads are declarations for cells that look at which thread they run on: on the main one or on another,
// in Go and in Python.
const threads = `
func onMain() bool { return syscall.Gettid() == os.Getpid() }
func pingPong(n int) {
	ping, pong := make(chan int), make(chan int)
	go func() { for v := range ping { pong <- v } }()
	for v := range n { ping <- v; <-pong }
	close(ping)
}
func inPython() bool { return py.As[bool](py.Get("on_main").Call()) }
`

const pythonThreads = `py.Exec("import os, signal, threading\ndef on_main():\n    assert threading.get_native_id() == os.getpid()\n    signal.signal(signal.SIGUSR1, signal.SIG_DFL)\n    return threading.current_thread() is threading.main_thread()\ndef call(f): return f()");`

func newThreadSession(t *testing.T) *session {
	s := newSession(t)
	needPython(t, s)
	s.must(threads)
	s.must(pythonThreads)
	return s
}

// TestMainThread says on which thread a cell is: on the main one from a call of C on, until it
// waits or ends. Python sees nothing of that.
func TestMainThread(t *testing.T) {
	s := newThreadSession(t)
	for _, c := range []struct{ name, source, shown string }{
		{"Go", `onMain()`, "[false]\n"},
		{"Python", `inPython()`, "[true]\n"},
		{"after Python", `inPython(); onMain()`, "[true]\n"},
		{"after Python and a wait", `inPython(); time.Sleep(time.Millisecond); onMain()`, "[false]\n"},
		{"after Python and many waits", `inPython(); pingPong(100); onMain()`, "[false]\n"},
		{"Python again", `inPython(); pingPong(100); inPython() && onMain()`, "[true]\n"},
		{"callback", `f := func() bool { pingPong(100); return onMain() && inPython() }; py.As[bool](py.Get("call").Call(f)) && onMain()`, "[true]\n"},
		{"goroutine", `c := make(chan bool); go func() { py.Eval("1"); c <- onMain() }(); <-c`, "[false]\n"},
		{"context", `_, err := py.Eval("1").PyObject().Attr("real"); r := pybridge.Running(); err == nil && r.ExecContext(context.Background(), "assert on_main()") == nil && onMain()`, "[true]\n"},
		{"held", `r := pybridge.Running(); r.Hold(func() error { pingPong(0); fmt.Println(inPython(), onMain()); return nil }); onMain()`, "true true\n[true]\n"},
		{"main thread asked for while the cell waits", `c := make(chan bool); go func() { r := pybridge.Running(); r.OnMain(context.Background(), func() { c <- onMain() && inPython() }) }(); <-c`, "[true]\n"},
		{"main thread asked for while the cell waits that had it", `inPython(); c := make(chan bool); go func() { r := pybridge.Running(); r.OnMain(context.Background(), func() { c <- onMain() && inPython() }) }(); <-c`, "[true]\n"},
		{"main thread asked for by the cell", `r := pybridge.Running(); here := false; r.OnMain(context.Background(), func() { here = onMain() }); here`, "[true]\n"},
		{"panic", `func() { defer func() { recover() }(); inPython(); panic(1) }(); pingPong(100); onMain()`, "[false]\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Equal(t, c.shown, s.must(c.source))
			require.Equal(t, "[false]\n", s.must(`onMain()`), "the next cell begins anew")
		})
	}
}

// TestLockOSThread is about cells that stay on one thread: it is the main one, and stays so in the next cells.
func TestLockOSThread(t *testing.T) {
	s := newThreadSession(t)
	require.Equal(t, "[true]\n", s.must(`runtime.LockOSThread(); pingPong(100); onMain()`))
	require.Equal(t, "[true]\n", s.must(`onMain()`))
	require.Equal(t, "[true]\n", s.must(`pingPong(100); onMain() && inPython()`))
	_, failed := s.run(`panic("while locked")`)
	require.Equal(t, "panic", failed.Name)
	require.Equal(t, "[true]\n", s.must(`onMain()`))
	require.Equal(t, "[false]\n", s.must(`runtime.UnlockOSThread(); pingPong(100); onMain()`))
	require.Equal(t, "[false]\n", s.must(`runtime.UnlockOSThread(); onMain()`), "one too many is ignored")
	require.Equal(t, "[true]\n", s.must(`runtime.LockOSThread(); runtime.UnlockOSThread(); runtime.UnlockOSThread(); inPython(); runtime.UnlockOSThread(); onMain()`))
	require.Equal(t, "[false]\n", s.must(`onMain()`))
}

// TestEndOnMainThread ends cells in other ways than by their last line, while they have the main thread.
func TestEndOnMainThread(t *testing.T) {
	s := newThreadSession(t)
	s.must(`state := 41`)
	pid := s.worker.PID()
	for _, c := range []struct{ name, source, failure string }{
		{"panic", `inPython(); panic("x")`, "panic"},
		{"panic in a callback", `py.Get("call").Call(func() { panic("x") })`, "panic"},
		{"exception", `py.Eval("1 / 0")`, "ZeroDivisionError"},
		{"Goexit", `inPython(); runtime.Goexit()`, "Goexit"},
		{"Goexit in a callback", `py.Get("call").Call(func() { runtime.Goexit() })`, "Goexit"},
		{"Goexit in a callback in a callback", `py.Get("call").Call(func() { py.Get("call").Call(func() { runtime.Goexit() }) })`, "Goexit"},
		{"Exit", `inPython(); os.Exit(3)`, "os.Exit"},
		{"Exit in a callback", `py.Get("call").Call(func() { os.Exit(3) })`, "os.Exit"},
		{"panic of a goroutine", `inPython(); go func() { panic("x") }(); select {}`, "panic"},
		{"Goexit in a callback of a goroutine", `c := make(chan int); go func() { defer close(c); py.Get("call").PyObject().Call(func() { cell := recover(); _ = cell }) }(); <-c; inPython(); panic("x")`, "panic"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for range 3 {
				_, failed := s.run(c.source)
				require.NotNil(t, failed)
				require.Equal(t, c.failure, failed.Name, failed.Value)
				require.Equal(t, "[false]\n", s.must(`onMain()`))
				require.Equal(t, "[true]\n", s.must(`inPython() && onMain() && !pybridge.InCallback() && state == 41`))
			}
			require.Equal(t, pid, s.worker.PID())
		})
	}
}

// TestInterruptOnThreads interrupts cells on the main thread, on others, and on the way from one to the other.
func TestInterruptOnThreads(t *testing.T) {
	s := newThreadSession(t)
	s.must("state := 41\nnever := make(chan int)\nfunc ask(f func()) { go func() { r := pybridge.Running(); r.OnMain(context.Background(), f) }() }")
	pid := s.worker.PID()
	for _, c := range []struct{ name, source string }{
		{"loop elsewhere", `for {}`},
		{"wait elsewhere", `<-never`},
		{"loop on the main thread", `inPython(); for {}`},
		{"wait on the main thread", `inPython(); <-never`},
		{"loop after leaving it", `inPython(); pingPong(100); for {}`},
		{"wait after leaving it", `inPython(); pingPong(100); <-never`},
		{"ping-pong on the main thread", `inPython(); for { pingPong(1) }`},
		{"to and fro", `for { inPython(); pingPong(100) }`},
		{"in Python", `py.Exec("while True: pass")`},
		{"in a sleep of Python", `py.Exec("import time; time.sleep(1000)")`},
		{"wait in a callback", `py.Get("call").Call(func() { <-never })`},
		{"locked", `runtime.LockOSThread(); defer runtime.UnlockOSThread(); <-never`},
		{"held", `r := pybridge.Running(); r.Hold(func() error { for { inPython() } })`},
		{"the main thread waits for Go", `ask(func() { <-never }); time.Sleep(10 * time.Millisecond); println("running"); inPython(); <-never`},
		{"the main thread runs Go", `ask(func() { for {} }); time.Sleep(10 * time.Millisecond); println("running"); inPython(); <-never`},
		{"the main thread runs Python", `ask(func() { py.Get("exec").PyObject().Call("while True: pass") }); time.Sleep(10 * time.Millisecond); println("running"); inPython(); <-never`},
		{"iter.Pull", `next, _ := iter.Pull(func(yield func(bool) bool) { yield(inPython()); <-never }); next(); next()`},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed := s.interrupted(t, c.source)
			require.Contains(t, []string{"interrupt", "KeyboardInterrupt"}, failed.Name, failed.Value)
			require.Equal(t, "[false]\n", s.must(`onMain()`))
			require.Equal(t, "[true]\n", s.must(`inPython() && onMain() && state == 41`))
			require.Equal(t, pid, s.worker.PID())
		})
	}
}

// TestPullOnThreads is about coroutines, which must not care where those who switch between them are. One that
// calls Python does so on the main thread, like the cell that made it.
func TestPullOnThreads(t *testing.T) {
	s := newThreadSession(t)
	s.must(`
type pull struct { next func() (int, bool); stop func() }
func python() { if !inPython() || !onMain() { panic("not on the main thread") } }
var before = []func(){ func() {}, python }
var each = []iter.Seq[int]{
	func(yield func(int) bool) { for i := range 3 { if !yield(i) { return } } },
	func(yield func(int) bool) { for i := range 3 { python(); if !yield(py.As[int](py.Eval(fmt.Sprint(i)))) { return } } },
}
var between = []func(){ func() {}, python, func() { pingPong(40) }, func() { py.Get("call").Call(python) } }
func sum(p pull, between func()) int { s := 0; for v, ok := p.next(); ok; v, ok = p.next() { s += v + 1; between() }; return s }
func all(f func(begin func() pull, between func()) int) string {
	text := ""
	for _, b := range before { for _, e := range each { for _, m := range between {
		text += fmt.Sprint(f(func() pull { b(); next, stop := iter.Pull(e); return pull{next, stop} }, m))
	} } }
	return text
}
`)
	many := strings.Repeat
	require.Equal(t, "["+many("6", 16)+"]\n", s.must(`all(func(begin func() pull, between func()) int { return sum(begin(), between) })`))
	require.Equal(t, "["+many("0", 16)+"]\n", s.must(`all(func(begin func() pull, between func()) int { p := begin(); p.next(); p.stop(); return sum(p, between) })`))
	require.Equal(t, "["+many("6", 16)+"]\n", s.must(`all(func(begin func() pull, _ func()) int { p := begin(); c := make(chan int); go func() { c <- sum(p, func() {}) }(); return <-c })`), "a goroutine may end that has got the thread")
	s.must("var pulls []pull\nall(func(begin func() pull, _ func()) int { p := begin(); p.next(); pulls = append(pulls, p); return 1 });")
	require.Equal(t, "["+many("5", 16)+"]\n", s.must(`all(func(_ func() pull, between func()) int { p := pulls[0]; pulls = pulls[1:]; return sum(p, between) })`), "in the next cell")
	require.Equal(t, "[false]\n", s.must(`onMain()`))
}

// TestManyThreadSwitches changes threads while stacks grow and are collected: what a call of Python finds on the
// stack must not move meanwhile.
func TestManyThreadSwitches(t *testing.T) {
	s := newThreadSession(t)
	s.must(`
func deep(n int) int { var a [100]int; if n == 0 { return a[n] }; return deep(n-1) + a[n%100] }
func length(n int) int { text := strings.Repeat("x", n); return py.As[int](py.Get("len").Call(string(append([]byte(nil), text...)))) }
stop := make(chan bool)
go func() { for { select { case <-stop: return; default: runtime.GC() } } }()
`)
	pid := s.worker.PID()
	require.Equal(t, "[true]\n", s.must(`ok := true; for i := range 200 { deep(i * 5); ok = ok && length(i % 40) == i % 40; pingPong(30) }; ok`))
	for i := range 200 {
		switch i % 4 {
		case 0:
			require.Equal(t, "[false]\n", s.must(`onMain()`))
		case 1:
			require.Equal(t, "[true]\n", s.must(`inPython()`))
		case 2:
			require.Equal(t, "[7]\n", s.must(`deep(100) + length(7)`))
		default:
			s.must(`pingPong(10)`)
		}
	}
	s.must(`close(stop)`)
	require.Equal(t, pid, s.worker.PID())
}
