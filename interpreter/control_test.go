package interpreter_test

import (
	"context"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// TestInterrupt interrupts cells that would never end, and looks whether the worker and its variables
// are still there.
func TestInterrupt(t *testing.T) {
	s := newSession(t)
	s.must(`
state := 41
func spin(n int) int {
	for {
		n++
	}
}
func each(yield func(int) bool) {
	for i := 0; yield(i); i++ {
	}
}
func down(n int) int { return down(n^1) + down(n^2) }
func ping(n int) int { if n == 0 { return 1 }; return pong(n-1) + pong(n-1) }
func pong(n int) int { if n == 0 { return 1 }; return ping(n-1) + ping(n-1) }
type node interface{ walk(n int) int }
type pair struct{ l, r node }
func (p *pair) walk(n int) int { if n == 0 { return 1 }; return p.l.walk(n-1) + p.r.walk(n-1) }
ring := &pair{}
ring.l, ring.r = ring, ring
`)
	pid := s.worker.PID()
	for _, c := range []struct{ name, source string }{
		{"for", `for {}`},
		{"for with a body", `for { state ^= 1; state ^= 1 }`},
		{"three clauses", `for i := 0; i >= 0; i = i&0xff + 1 {}`},
		{"range", `for { for range 1000 {} }`},
		{"range over a function", `for range each {}`},
		{"goto", "again: state ^= 0\ngoto again"},
		{"function of an earlier cell", `spin(1)`},
		{"function literal", `func() { for {} }()`},
		{"recursion", `down(1)`},
		{"functions that call each other", `ping(200)`},
		{"one that another cell has closed the ring of", `func pong(n int) int { if n == 0 { return 1 }; return ping(n-1) + ping(n-1) + 0 }; pong(200)`},
		{"a function value that calls itself", `var f func(int) int; f = func(n int) int { if n == 0 { return 1 }; return f(n-1) + f(n-1) }; f(200)`},
		{"methods of an interface", `ring.walk(200)`},
		{"a generic function", `func both[T any](n int, v T) int { if n == 0 { return 1 }; return both(n-1, v) + both(n-1, v) }; both(200, "a")`},
		{"range over itself", `var seq func(n int) iter.Seq[int]; seq = func(n int) iter.Seq[int] { return func(yield func(int) bool) { if n == 0 { yield(1); return }; for v := range seq(n-1) { yield(v) }; for v := range seq(n-1) { yield(v) } } }; seq(200)(func(int) bool { return true })`},
		{"recovered panics", `for { func() { defer func() { recover() }(); panic(1) }() }`},
		{"recover around the loop", `func() { defer func() { recover() }(); for {} }()`},
		{"goroutine", "go func() { for {} }()\nfor {}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed := s.interrupted(t, c.source)
			require.Equal(t, "interrupt", failed.Name)
			require.Equal(t, "[41]\n", s.must(`state`))
			require.Equal(t, pid, s.worker.PID())
		})
	}
}

// TestInterruptedWait interrupts cells that wait, and uses what they have waited for: nobody must be
// left behind who takes a value, or holds a place in a queue.
func TestInterruptedWait(t *testing.T) {
	s := newSession(t)
	s.must(`
state := 41
ch, never := make(chan int), make(chan int)
var mu sync.Mutex
var rw, both sync.RWMutex
ask, answer := make(chan int), make(chan int, 2)
go func() { for how := range ask { switch how {
case 1:
	both.RLock(); answer <- 1; both.RUnlock(); answer <- 2
case 2:
	both.Lock(); answer <- 2; both.Unlock(); answer <- 3
} } }()
var wg sync.WaitGroup
var ticks atomic.Int64
go func() { for range time.Tick(time.Millisecond) { ticks.Add(1) } }()
func wait() int { return <-never }
listener, err := net.Listen("tcp", "127.0.0.1:0")
`)
	pid := s.worker.PID()
	for _, c := range []struct{ name, source, after, shown string }{
		{"sleep", `time.Sleep(time.Hour)`, ``, ``},
		{"receive", `<-ch`, `go func() { ch <- 1 }(); <-ch`, "[1]\n"},
		{"receive in a function of an earlier cell", `wait()`, ``, ``},
		{"range", `for range ch {}`, ``, ``},
		{"send", `ch <- 1`, `go func() { ch <- 2 }(); <-ch`, "[2]\n"},
		{"select", `select { case <-ch: case never <- 1: case <-time.After(time.Hour): }`, `go func() { ch <- 3 }(); <-ch`, "[3]\n"},
		{"select of nothing", `select {}`, ``, ``},
		{"nil channel", `<-(chan int)(nil)`, ``, ``},
		{"mutex", `mu.Lock(); println("running"); mu.Lock()`, `mu.Unlock(); mu.Lock(); mu.Unlock(); mu.TryLock()`, "[true]\n"},
		{"mutex with others", `for range 3 { go mu.Lock() }; time.Sleep(200 * time.Millisecond); println("running"); mu.Lock()`, `mu.Unlock(); mu.Lock(); mu.TryLock()`, "[false]\n"},
		{"deferred unlock", `func() { rw.Lock(); defer rw.Unlock(); <-never }()`, `rw.TryLock()`, "[true]\n"},
		{"read lock", `rw.RLock()`, `rw.Unlock(); rw.RLock(); rw.RUnlock(); rw.TryLock()`, "[true]\n"},
		{"write lock", `both.RLock(); println("running"); both.Lock()`, `both.RLock(); both.RUnlock(); both.RUnlock(); both.Lock(); both.TryRLock()`, "[false]\n"},
		{"write locks", `both.Unlock(); both.RLock(); for range 3 { go both.Lock() }; time.Sleep(100 * time.Millisecond); println("running"); both.Lock()`, `both.RLock(); both.RUnlock(); both.RUnlock(); both.Lock(); both.Unlock(); both.TryRLock()`, "[true]\n"},
		{"write lock before readers", `go func() { ask <- 1; time.Sleep(100 * time.Millisecond); println("running") }(); both.Lock()`, `<-answer + <-answer`, "[3]\n"},
		{"write lock before writers", `both.RLock(); go func() { ask <- 2; time.Sleep(100 * time.Millisecond); println("running") }(); both.Lock()`, `both.RUnlock(); both.RUnlock(); <-answer + <-answer`, "[5]\n"},
		{"wait group", `wg.Add(1); println("running"); wg.Wait()`, `wg.Done(); wg.Wait(); wg.Go(func() {}); wg.Wait(); 1`, "[1]\n"},
		{"condition", `c := sync.NewCond(new(sync.Mutex)); println("running"); c.L.Lock(); defer c.L.Unlock(); for state != 0 { c.Wait() }`, `c.L.(*sync.Mutex).TryLock()`, "[true]\n"},
		{"goroutines", `for range 100 { wg.Go(func() { <-never }) }; wg.Wait()`, `go func() { never <- 4 }(); <-never`, "[4]\n"},
		{"recover around a wait", `for { func() { defer func() { recover() }(); <-never }() }`, ``, ``},
		{"accept", `listener.Accept()`, `listener.Close()`, ""},
		{"HTTP", `server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { select {} })); http.Get(server.URL)`, ``, ``},
		{"pipe", `r, w, _ := os.Pipe(); println("running"); r.Read(make([]byte, 1))`, `w.Write([]byte("a")); b := make([]byte, 2); r.Read(b)`, "[1]\n"},
		{"child process", `exec.Command("sleep", "1000").Run()`, ``, ``},
		{"iter.Pull", `next, _ := iter.Pull(func(yield func(int) bool) { <-never }); next()`, ``, ``},
	} {
		t.Run(c.name, func(t *testing.T) {
			failed := s.interrupted(t, c.source)
			require.Equal(t, "interrupt", failed.Name, failed.Value)
			require.Equal(t, c.shown, s.must(c.after))
			require.Equal(t, "[true]\n", s.must(`before := ticks.Load(); for ticks.Load() == before {}; state == 41`), "goroutines of earlier cells go on")
			require.Equal(t, pid, s.worker.PID())
		})
	}
}

// TestManyInterruptedWaits lets the stack grow and the collector run after waits that have ended early:
// their frames are still there.
func TestManyInterruptedWaits(t *testing.T) {
	s := newSession(t)
	s.must("ch := make(chan [100]int)\nfunc deep(n int) int { var a [100]int; if n == 0 { return a[n] }; return deep(n-1) + a[n%100] }")
	pid := s.worker.PID()
	for range 5 {
		for _, source := range []string{`x := <-ch; x`, `select { case x := <-ch: fmt.Println(x); case ch <- [100]int{}: }`, `var mu sync.Mutex; mu.Lock(); mu.Lock()`, `time.Sleep(time.Hour)`} {
			require.Equal(t, "interrupt", s.interrupted(t, source).Name)
			s.must(`deep(10000); runtime.GC(); debug.FreeOSMemory()`)
		}
	}
	require.Equal(t, pid, s.worker.PID())
}

// interrupted runs a cell, interrupts it once it runs, and returns how it ended.
func (s *session) interrupted(t *testing.T, source string) *interpreter.Error {
	t.Helper()
	if !strings.Contains(source, "running") {
		source = "println(\"running\")\n" + source
	}
	return s.interruptedOnceRunning(t, source)
}

// interruptedOnceRunning is for cells that say themselves when they are running.
func (s *session) interruptedOnceRunning(t *testing.T, source string) *interpreter.Error {
	t.Helper()
	return s.interruptedOf(t, &announced{running: make(chan struct{})}, source)
}

func (s *session) interruptedOf(t *testing.T, out *announced, source string) *interpreter.Error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	ended := make(chan *interpreter.Error, 1)
	s.count++
	go func() {
		ended <- s.interpreter.Execute(ctx, interpreter.Cell{Source: source, Count: s.count}, out)
	}()
	select {
	case <-out.running:
	case failed := <-ended:
		t.Fatalf("the cell did not run: %v", strings.Join(failed.Traceback, "\n"))
	}
	s.interpreter.Interrupt()
	failed := <-ended
	require.NotNil(t, failed)
	return failed
}

// announced is an output that tells when the cell has begun to run.
type announced struct {
	output
	running chan struct{}
	once    sync.Once
}

func (a *announced) Stream(name, text string) {
	if strings.HasPrefix(text, "running") {
		a.once.Do(func() { close(a.running) })
		return
	}
	a.output.Stream(name, text)
}

// TestSecondInterrupt ends the worker of a cell that does not look for interrupts, and says so.
func TestSecondInterrupt(t *testing.T) {
	s := newSession(t)
	s.must(`n := 1`)
	pid := s.worker.PID()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out := &announced{running: make(chan struct{})}
	ended := make(chan *interpreter.Error, 1)
	go func() {
		ended <- s.interpreter.Execute(ctx, interpreter.Cell{Source: "p := make([]int, 2)\nsyscall.Pipe(p)\nprintln(\"running\")\nsyscall.Read(p[0], make([]byte, 1))"}, out)
	}()
	<-out.running
	s.interpreter.Interrupt()
	s.interpreter.Interrupt()
	failed := <-ended
	require.Equal(t, "worker lost", failed.Name)
	require.Contains(t, failed.Value, "interrupted")
	require.Contains(t, strings.Join(failed.Traceback, "\n"), "Lost with it: n.")
	require.Equal(t, "[2]\n", s.must(`1 + 1`))
	require.NotEqual(t, pid, s.worker.PID())
}

// TestInterruptedBuild ends a cell that is still being compiled.
func TestInterruptedBuild(t *testing.T) {
	s := newSession(t)
	s.must(`1`)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	failed := s.interpreter.Execute(ctx, interpreter.Cell{Source: `"never built before " + "` + t.Name() + time.Now().String() + `"`}, &output{})
	require.NotNil(t, failed)
	require.Equal(t, "interrupt", failed.Name)
}

// TestWorkerEndsBetweenCells loses the worker when no cell runs: the next cell is told, runs in a new
// one, and does not see zeros where values were.
func TestWorkerEndsBetweenCells(t *testing.T) {
	s := newSession(t)
	s.must(`n := 7
func seven() int { return n }`)
	pid := s.worker.PID()
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	require.Eventually(t, func() bool { return s.worker.PID() != pid }, time.Minute, time.Millisecond)

	shown, failed := s.run(`1 + 1`)
	require.Nil(t, failed)
	require.Contains(t, shown, "SIGKILL")
	require.Contains(t, shown, "Lost with it: n.")
	require.Contains(t, shown, "[2]")
	_, failed = s.run(`seven()`)
	require.NotNil(t, failed)
	require.Contains(t, failed.Value, "n was lost")
}

// hazardDeadlock is about cells whose goroutines wait for each other: the user is told, once.
func hazardDeadlock(t *testing.T) {
	s := newSession(t)
	s.must("ch := make(chan int)\nsignals := make(chan bool)")
	notice := "nothing is known to wake them"
	for _, c := range []struct {
		name, source string
		stuck        bool
	}{
		{"alone", `<-ch`, true},
		{"alone with the collector", `runtime.GC(); <-ch`, true},
		{"with others", `go func() { ch <- <-ch }(); var wg sync.WaitGroup; wg.Add(1); wg.Wait()`, true},
		{"sleeping", `time.Sleep(2500 * time.Millisecond)`, false},
		{"in turns", `turn, quit := make(chan bool), make(chan bool); var wg sync.WaitGroup
wg.Go(func() { for { select { case turn <- true: case <-quit: return } } })
wg.Go(func() { for began := time.Now(); time.Since(began) < 2500 * time.Millisecond; { <-turn }; close(quit) })
wg.Wait()`, false},
		{"a function later", `later := make(chan bool); time.AfterFunc(2500*time.Millisecond, func() { close(later) }); <-later`, false},
		{"a context that ends", `ctx, cancel := context.WithTimeout(context.Background(), 2500*time.Millisecond); <-ctx.Done(); cancel()`, false},
		{"a context that was ended", `ctx, cancel := context.WithTimeout(context.Background(), time.Hour); cancel(); <-ch`, true},
		{"another works", `go func() { time.Sleep(2500 * time.Millisecond); close(signals) }(); <-signals`, false},
		{"timeout", `select { case <-ch: case <-time.After(2500 * time.Millisecond): }`, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			out := &output{}
			told := func() bool { return strings.Contains(out.String(), notice) }
			ended := make(chan *interpreter.Error, 1)
			go func() { ended <- s.runInto(c.source, out) }()
			if !c.stuck {
				require.Nil(t, <-ended)
				require.False(t, told())
				return
			}
			require.Eventually(t, told, time.Minute, 10*time.Millisecond)
			s.interpreter.Interrupt()
			require.NotNil(t, <-ended)
			require.Equal(t, 1, strings.Count(out.String(), notice))
		})
	}
}

// TestMemoryLimit lets a cell take more memory than it may.
func TestMemoryLimit(t *testing.T) {
	t.Setenv("GOPY_MEMORY", "1GiB")
	s := newSession(t)
	s.must(`n := 1`)
	_, failed := s.run(`var kept [][]byte; for { kept = append(kept, make([]byte, 64<<20)); for i := range kept[len(kept)-1] { kept[len(kept)-1][i] = 1 } }`)
	require.NotNil(t, failed)
	require.Equal(t, "worker lost", failed.Name)
	require.Contains(t, strings.Join(failed.Traceback, "\n"), "memory")
	require.Equal(t, "[2]\n", s.must(`1 + 1`))
}
