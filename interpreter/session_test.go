package interpreter_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/interpreter/pygen"
	"github.com/gopy-kernel/gopy-kernel/kernel/supervisor"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// A session is an interpreter with a real worker.
type session struct {
	t           testing.TB
	interpreter *interpreter.Interpreter
	worker      *supervisor.Supervisor
	count       int
}

// openWorkspace opens the workspace that all tests share.
func openWorkspace(t testing.TB, ctx context.Context) *build.Workspace {
	t.Helper()
	ws, err := build.Open(ctx, target(t, ctx, build.Config{
		Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test",
	}))
	require.NoError(t, err)
	t.Cleanup(func() { ws.Close() })
	return ws
}

func newSession(t testing.TB) *session { return newSessionLog(t, nil) }

func newSessionLog(t testing.TB, log *slog.Logger) *session {
	t.Helper()
	return newSessionConfig(t, func(*build.Workspace) interpreter.Config { return interpreter.Config{Log: log} })
}

// newSessionConfig makes a session with a workspace and a worker besides what is configured.
func newSessionConfig(t testing.TB, config func(*build.Workspace) interpreter.Config) *session {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	ws := openWorkspace(t, ctx)
	path := program(t, ws)
	worker, err := supervisor.New(supervisor.Config{Program: func(context.Context) (string, error) { return path, nil }})
	require.NoError(t, err)
	c := config(ws)
	c.Open = func(context.Context, func(string)) (interpreter.Workspace, error) { return ws, nil }
	c.Worker = worker
	if c.Python == nil {
		c.Python = pythonPackages(filepath.Join(filepath.Dir(ws.Dir()), "python"), ".")
	}
	i, err := interpreter.New(c)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, i.Close(context.Background())) })
	return &session{t: t, interpreter: i, worker: worker}
}

// pythonPackages are for the Python that the worker finds too.
func pythonPackages(dir, folder string) func() (interpreter.Generator, error) {
	find := func(ctx context.Context) (string, error) {
		if *emulator != "" {
			return os.Getenv("GOPY_PYTHON"), nil // one for this machine is none of the worker's
		}
		report, err := locate.Find(ctx, locate.Options{})
		if err != nil {
			return "", err
		}
		return report.Chosen.Python.Executable, nil
	}
	return func() (interpreter.Generator, error) {
		return pygen.NewStore(pygen.StoreConfig{Dir: dir, Folder: folder, Python: find})
	}
}

// run runs a cell and returns what it showed: text as it is, results and displays by their text/plain.
func (s *session) run(source string) (shown string, failed *interpreter.Error) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	s.count++
	out := &output{}
	failed = s.interpreter.Execute(ctx, interpreter.Cell{Source: source, Count: s.count}, out)
	return out.String(), failed
}

// must runs a cell that does not fail.
func (s *session) must(source string) string {
	s.t.Helper()
	shown, failed := s.run(source)
	if failed != nil {
		s.t.Fatalf("cell failed:\n%s\n%s", source, strings.Join(failed.Traceback, "\n"))
	}
	return shown
}

// What goes to stderr stands behind everything else: between two pipes there is no order.
type output struct {
	mu sync.Mutex
	strings.Builder
	stderr strings.Builder
}

func (o *output) write(text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.WriteString(text)
}

// String is what was shown so far.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.Builder.String() + o.stderr.String()
}

func (o *output) Stream(name, text string) {
	if strings.HasPrefix(text, "reading Python's ") || strings.HasPrefix(text, "compiling the package of Python's ") {
		return // that is told where it was not done for an earlier test, or takes long
	}
	if name == "stdout" {
		o.write(text)
		return
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.stderr.WriteString(text)
}

func (o *output) Display(b display.Bundle, _ string, _ bool) {
	o.write("[display " + plainText(b) + "]\n")
}

func (o *output) Result(b display.Bundle) { o.write("[" + plainText(b) + "]\n") }

func (o *output) Comm(p comm.Packet) {
	o.write("[" + string(p.Kind) + " " + p.Target + string(p.Data) + "]\n")
}

func (o *output) CloseComms() {}

func (o *output) ClearOutput(bool) { o.write("[clear]\n") }

func (o *output) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("no input")
}

func plainText(b display.Bundle) string {
	text, ok := b.Data["text/plain"].(string)
	if ok {
		return text
	}
	raw, ok := b.Data["text/plain"].(json.RawMessage)
	if err := json.Unmarshal(raw, &text); !ok || err != nil {
		return fmt.Sprintf("no text/plain in %v", b.Data)
	}
	return text
}
