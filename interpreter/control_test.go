package interpreter_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
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

// interrupted runs a cell, interrupts it once it runs, and returns how it ended.
func (s *session) interrupted(t *testing.T, source string) *interpreter.Error {
	t.Helper()
	return s.interruptedOnceRunning(t, "println(\"running\")\n"+source)
}

// interruptedOnceRunning is for cells that say themselves when they are running.
func (s *session) interruptedOnceRunning(t *testing.T, source string) *interpreter.Error {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out := &announced{running: make(chan struct{})}
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
	}
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
		ended <- s.interpreter.Execute(ctx, interpreter.Cell{Source: "println(\"running\")\nsyscall.Pause()\nfor { syscall.Pause() }"}, out)
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
	file := filepath.Join(t.TempDir(), "now")
	s.must(fmt.Sprintf(`go func() {
	for {
		if _, err := os.Stat(%q); err == nil {
			panic("later")
		}
		time.Sleep(time.Millisecond)
	}
}()`, file))
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.Eventually(t, func() bool { return s.worker.PID() != pid }, time.Minute, time.Millisecond)

	shown, failed := s.run(`1 + 1`)
	require.Nil(t, failed)
	require.Contains(t, shown, "panic: later")
	require.Contains(t, shown, "Lost with it: n.")
	require.Contains(t, shown, "[2]")
	_, failed = s.run(`seven()`)
	require.NotNil(t, failed)
	require.Contains(t, failed.Value, "n was lost")
}
