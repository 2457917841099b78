package pybridge_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/require"
)

// The main goroutine stays on the main thread, as in the worker: Python's main thread is that one,
// and the tests run beside it.
func init() { runtime.LockOSThread() }

var (
	// rt is the Python that all tests of the package share: a process has one.
	rt *pybridge.Runtime
	// shown is what Python code has shown.
	shown recorder
	// answers are what input() gets, first to last.
	answers = make(chan string, 10)
)

func TestMain(m *testing.M) {
	if name := os.Getenv("GOPY_TEST_SCENARIO"); name != "" {
		os.Exit(runScenario(name))
	}
	var err error
	rt, err = pybridge.Open(context.Background(), pybridge.Config{
		MainThread: true, Display: shown.display, ClearOutput: shown.clear, Input: answer,
	})
	if errors.Is(err, pybridge.ErrNoCgo) {
		flag.Parse()
		_ = flag.Set("test.run", "^TestWithoutCgo$") // all others need a Python
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	ctx, stop := context.WithCancel(context.Background())
	code := 0
	go func() {
		code = m.Run()
		stop()
	}()
	rt.ServeMain(ctx)
	os.Exit(code)
}

func answer(ctx context.Context, prompt string, password bool) (string, error) {
	shown.add(event{prompt: prompt, password: password})
	select {
	case a := <-answers:
		return a, nil
	case <-ctx.Done():
		return "", ctx.Err()
	case <-time.After(10 * time.Second):
		return "", context.DeadlineExceeded
	}
}

// An event is something that Python code asked to be shown.
type event struct {
	bundle   display.Bundle
	id       string
	update   bool
	clear    bool
	wait     bool
	prompt   string
	password bool
}

type recorder struct {
	mu     sync.Mutex
	events []event
}

func (r *recorder) add(e event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, e)
}

func (r *recorder) display(b display.Bundle, id string, update bool) {
	r.add(event{bundle: b, id: id, update: update})
}

func (r *recorder) clear(wait bool) { r.add(event{clear: true, wait: wait}) }

// take returns what was shown since the last time.
func (r *recorder) take() []event {
	r.mu.Lock()
	defer r.mu.Unlock()
	events := r.events
	r.events = nil
	return events
}

// onMain runs f on Python's main thread, where a test that fails must not end the goroutine.
func onMain(t testing.TB, f func() error) {
	t.Helper()
	var err error
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, rt.OnMain(ctx, func() { err = f() }))
	require.NoError(t, err)
}

func eval(t testing.TB, source string) *pybridge.Object {
	t.Helper()
	o, err := rt.Eval(source)
	require.NoError(t, err)
	return o
}

func execute(t testing.TB, source string) {
	t.Helper()
	require.NoError(t, rt.Exec(source))
}

func needNumpy(t testing.TB) {
	t.Helper()
	if _, err := rt.Import("numpy"); err != nil {
		t.Skipf("this Python has no numpy: %v", err)
	}
}

func needModule(t testing.TB, name string) {
	t.Helper()
	if _, err := rt.Import(name); err != nil {
		t.Skipf("this Python has no %s: %v", name, err)
	}
}

// scenario runs a function of scenario_test.go in a process of its own, and returns what it wrote.
func scenario(t *testing.T, name string, env ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0])
	cmd.Env = append(append(os.Environ(), "GOPY_TEST_SCENARIO="+name, "GORACE=atexit_sleep_ms=0"), env...)
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	if errors.Is(err, syscall.ENOEXEC) {
		t.Skip("an emulator runs this program, and the system cannot start it")
	}
	require.NoError(t, ctx.Err(), "the scenario hangs; it wrote\n%s\n%s", &out, &errs)
	if exit, is := err.(*exec.ExitError); is {
		code = exit.ExitCode()
	} else {
		require.NoError(t, err)
	}
	return out.String(), errs.String(), code
}

func lines(text string) []string { return strings.Split(strings.TrimSuffix(text, "\n"), "\n") }
