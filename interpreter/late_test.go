package interpreter_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// show runs a cell and returns its output, which may grow when the cell has ended.
func (s *session) show(source string) *output {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	s.count++
	out := &output{}
	failed := s.interpreter.Execute(ctx, interpreter.Cell{Source: source, Count: s.count}, out)
	require.Nil(s.t, failed, source)
	return out
}

// grows waits until an output is what it should become.
func (o *output) grows(t *testing.T, want string) {
	t.Helper()
	require.Eventually(t, func() bool { return o.String() == want }, time.Minute, time.Millisecond, "got %q", o)
}

// TestOutputOfGoroutines lets a goroutine show something in all ways while the next cell runs, and looks below
// which of the two it comes.
func TestOutputOfGoroutines(t *testing.T) {
	s := newSession(t)
	for _, c := range []struct{ name, source, first, second string }{
		{"fmt", `fmt.Println("late")`, "late\n", ""},
		{"Fprint", `fmt.Fprint(os.Stdout, "late"); fmt.Fprint(os.Stderr, "r")`, "later", ""},
		{"log", `log.SetFlags(0); log.Print("late")`, "late\n", ""},
		{"println", `println("late", 1, strings.Repeat("x", 300))`, "late 1 " + strings.Repeat("x", 300) + "\n", ""},
		{"bufio", `w := bufio.NewWriter(os.Stdout); fmt.Fprint(w, "late"); w.Flush()`, "late", ""},
		{"io.Copy", `io.Copy(os.Stdout, strings.NewReader("late"))`, "late", ""},
		{"io.Copy of a file", `f, _ := os.Open("/proc/self/status"); io.Copy(os.Stdout, io.LimitReader(f, 5))`, "Name:", ""},
		{"a large text", `fmt.Print(strings.Repeat("é", 100_000))`, strings.Repeat("é", 100_000), ""},
		{"a goroutine of the goroutine", `var wg sync.WaitGroup; wg.Go(func() { fmt.Print("late") }); wg.Wait()`, "late", ""},
		{"time.AfterFunc", `c := make(chan int); time.AfterFunc(time.Millisecond, func() { fmt.Print("late"); close(c) }); <-c`, "late", ""},
		{"display", `fmt.Print("a"); display.Show(display.Text("late")); fmt.Print("b")`, "a[display late]\nb", ""},
		{"clear", `display.Clear(false)`, "[clear]\n", ""},
		{"system call", `syscall.Write(1, []byte("late"))`, "", "late"},
		{"child", `c := exec.Command("echo", "late"); c.Stdout = os.Stdout; c.Run()`, "", "late\n"},
		{"another file", `f := os.NewFile(1, "one"); fmt.Fprint(f, "late"); runtime.KeepAlive(f)`, "", "late"},
	} {
		t.Run(c.name, func(t *testing.T) {
			first := s.show("goOn, done := make(chan int), make(chan int)\ngo func() {\n<-goOn\n" + c.source + "\nclose(done)\n}()")
			second := s.show("close(goOn); <-done;")
			first.grows(t, c.first)
			require.Equal(t, c.second, second.String())
		})
	}
}

// TestManyLinesOfGoroutines prints from two cells at once.
func TestManyLinesOfGoroutines(t *testing.T) {
	const lines = 200_000
	s := newSession(t)
	count := fmt.Sprintf("for i := range %d { fmt.Println(%%q, i) }", lines)
	first := s.show("goOn, done := make(chan int), make(chan int)\ngo func() {\n<-goOn\n" + fmt.Sprintf(count, "first") + "\nclose(done)\n}()")
	second := s.show("close(goOn)\n" + fmt.Sprintf(count, "second") + "\n<-done;")
	for name, out := range map[string]*output{"first": first, "second": second} {
		want := new(strings.Builder)
		for i := range lines {
			fmt.Fprintln(want, name, i)
		}
		require.Eventually(t, func() bool { return len(out.String()) >= want.Len() }, time.Minute, time.Millisecond)
		require.True(t, want.String() == out.String(), name) // require.Equal would print them
	}
}

// TestOutputOverTheEndOfACell ends cells while their goroutines print: all of it is in order, and below its cell.
func TestOutputOverTheEndOfACell(t *testing.T) {
	s := newSession(t)
	want := new(strings.Builder)
	for i := range 2000 {
		fmt.Fprintln(want, i)
	}
	for range 20 {
		first := s.show(`go func() { for i := range 2000 { fmt.Println(i) } }()`)
		second := s.show(`fmt.Println("second")`)
		first.grows(t, want.String())
		require.Equal(t, "second\n", second.String())
	}
}

// TestOutputOfAnEndedGoroutine lets a goroutine print that an interrupt has ended, and that was in a system call
// meanwhile.
func TestOutputOfAnEndedGoroutine(t *testing.T) {
	s := newSession(t)
	s.must("done, p := make(chan int), make([]int, 2)\nsyscall.Pipe(p)")
	out := &announced{running: make(chan struct{})}
	failed := s.interruptedOf(t, out, `go func() {
	defer func() { fmt.Println("dropped"); println("dropped"); display.Show("dropped"); close(done) }()
	println("running")
	syscall.Read(p[0], make([]byte, 1))
}()
select {}`)
	require.Equal(t, "interrupt", failed.Name)
	s.must(`syscall.Write(p[1], []byte("a")); <-done;`)
	require.Empty(t, out.String())
}

// TestOutputBeforeACrash loses the worker, but not what a goroutine has printed before.
func TestOutputBeforeACrash(t *testing.T) {
	s := newSession(t)
	first := s.show("goOn := make(chan int)\ngo func() { <-goOn; fmt.Println(\"last words\"); syscall.Kill(syscall.Getpid(), syscall.SIGKILL) }()")
	_, failed := s.run(`close(goOn); select {}`)
	require.NotNil(t, failed)
	require.Contains(t, failed.Value, "SIGKILL")
	first.grows(t, "last words\n")
}

// TestOutputOfPythonThreads prints from threads of Python, and from Python that a goroutine calls.
func TestOutputOfPythonThreads(t *testing.T) {
	s := newSession(t)
	s.must(`py.Exec("import sys, threading")`)
	for _, c := range []struct{ name, source, first, second string }{
		{"a thread", `py.Exec("def late():\n    goes.wait()\n    print('late', 1)\n    print('r', file=sys.stderr)\n    done.set()\nthreading.Thread(target=late).start()")`, "late 1\nr\n", ""},
		{"a thread of the thread", `py.Exec("def later():\n    goes.wait()\n    print('later')\n    done.set()\nthreading.Thread(target=lambda: threading.Thread(target=later).start()).start()")`, "later\n", ""},
		{"a goroutine", `go func() { py.Exec("goes.wait(); print('late'); done.set()") }()`, "late\n", ""},
		{"the loop", `py.Exec("import asyncio\nasync def late():\n    await asyncio.to_thread(goes.wait)\n    print('late')\n    done.set()"); go func() { py.Get("late").Call().Await(context.Background()) }()`, "", "late\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s.must(`py.Exec("goes, done = threading.Event(), threading.Event()")`)
			first := s.show(c.source)
			second := s.show(`py.Exec("goes.set(); done.wait()")`)
			first.grows(t, c.first)
			require.Equal(t, c.second, second.String())
		})
	}
}
