package interpreter_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/kernel/supervisor"
)

// TestEditorWhileCellRuns asks for everything while a cell runs that does not end by itself.
func TestEditorWhileCellRuns(t *testing.T) {
	s := newEditorSession(t)
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	out := &announced{running: make(chan struct{})}
	ended := make(chan *interpreter.Error, 1)
	go func() {
		ended <- s.interpreter.Execute(ctx, interpreter.Cell{Source: "late := 1\nprintln(\"running\")\nfor {}", Count: 99}, out)
	}()
	select {
	case <-out.running:
	case failed := <-ended:
		t.Fatalf("the cell did not run: %v", failed)
	}
	require.Equal(t, []string{"move", "next", "sum", "x", "y"}, texts(s.complete(t, "origin.|")))
	require.Equal(t, []string{"TrimPrefix"}, texts(s.complete(t, "strings.TrimPre|")))
	text, _ := s.inspect(t, "ad|d", 1)
	require.Contains(t, text, "add returns the sum")
	require.Equal(t, "complete", s.interpreter.IsComplete(ctx, "x := 1").Status)
	select {
	case failed := <-ended:
		t.Fatalf("the cell ended before it was interrupted: %v", failed)
	default:
	}
	s.interpreter.Interrupt()
	require.Equal(t, "interrupt", (<-ended).Name)
}

// TestEditorBesideCells asks from several goroutines while cells are compiled and run.
func TestEditorBesideCells(t *testing.T) {
	s := newEditorSession(t)
	done := make(chan struct{})
	var asking sync.WaitGroup
	for n := range 3 {
		asking.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				code := fmt.Sprintf("f%d(origin.", n)
				// Nothing is found where a cell takes long to be compiled.
				_, err := s.interpreter.Complete(context.Background(), code, len(code))
				assert.NoError(t, err)
				_, _, err = s.interpreter.Inspect(context.Background(), "strings.Split", 10, 1)
				assert.NoError(t, err)
			}
		})
	}
	for n := range 5 {
		s.must(fmt.Sprintf("func f%d(x int) int { return x }\nv%[1]d := f%[1]d(%[1]d)", n))
	}
	close(done)
	asking.Wait()
	require.Equal(t, []string{"v0", "v1", "v2", "v3", "v4"}, texts(s.complete(t, "x := v|"))[:5])
}

// editorOf returns an interpreter that runs no cells, for a workspace that open opens.
func editorOf(t *testing.T, open func(context.Context, func(string)) (interpreter.Workspace, error)) *session {
	t.Helper()
	worker, err := supervisor.New(supervisor.Config{Program: func(context.Context) (string, error) { return "", errors.New("no cell runs here") }})
	require.NoError(t, err)
	i, err := interpreter.New(interpreter.Config{Open: open, Worker: worker})
	require.NoError(t, err)
	return &session{t: t, interpreter: i, worker: worker}
}

// TestEditorBeforeWorkspace asks while the workspace is being opened, which does not end.
func TestEditorBeforeWorkspace(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	opening := make(chan struct{})
	s := editorOf(t, func(ctx context.Context, _ func(string)) (interpreter.Workspace, error) {
		close(opening)
		<-ctx.Done()
		return nil, ctx.Err()
	})
	failed := make(chan error, 1)
	go func() { failed <- s.interpreter.Prepare(ctx) }()
	<-opening
	for _, test := range []struct{ name, code, want string }{
		{"keyword", "retu|", "return"},
		{"predeclared", "appe|", "append"},
		{"local", "func f(alpha int) { alp|", "alpha"},
		{"variable of the cell", "width := 3\nwid|", "width"},
		{"member", "type T struct{ abc int }\nvar t T\nt.|", "abc"},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.Equal(t, []string{test.want}, texts(s.complete(t, test.code)))
		})
	}
	require.Empty(t, s.complete(t, "strings.|").Items)
	require.Empty(t, s.complete(t, "import \"|\"").Items)
	text, _ := s.inspect(t, "func f(alpha int) { alp|ha", 0)
	require.Contains(t, text, "var alpha int")
	text, _ = s.inspect(t, "le|n", 0)
	require.Contains(t, text, "func len(v Type) int")
	text, _ = s.inspect(t, "strings.Spl|it", 0)
	require.Empty(t, text)
	cancel()
	require.ErrorIs(t, <-failed, context.Canceled)
}

// without is a workspace whose Go toolchain has no source of the standard library.
type without struct {
	*build.Workspace
	goroot string
}

func (w without) Toolchain() *build.Toolchain { return &build.Toolchain{GOROOT: w.goroot} }

func TestInspectWithoutSource(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	ws := openWorkspace(t, ctx)
	s := editorOf(t, func(context.Context, func(string)) (interpreter.Workspace, error) {
		return without{ws, t.TempDir()}, nil
	})
	require.NoError(t, s.interpreter.Prepare(ctx))
	for _, test := range []struct{ name, code, title string }{
		{"function", "strings.Spl|it", "func Split(s, sep string) []string"},
		{"type", "strings.Buil|der", "type Builder struct"},
		{"package", "stri|ngs.Split", "package strings"},
		{"predeclared", "le|n", "func len(v Type) int"},
	} {
		t.Run(test.name, func(t *testing.T) {
			text, _ := s.inspect(t, test.code, 1)
			require.Contains(t, text, test.title)
			require.Contains(t, text, "no documentation: its source is not installed")
		})
	}
	require.Equal(t, []string{"TrimPrefix"}, texts(s.complete(t, "strings.TrimPre|")))
}

// TestEditorCancelled asks when nobody waits for the answer any more.
func TestEditorCancelled(t *testing.T) {
	s := editorOf(t, func(context.Context, func(string)) (interpreter.Workspace, error) { return nil, os.ErrNotExist })
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := s.interpreter.Complete(ctx, "x", 1)
	require.ErrorIs(t, err, context.Canceled)
	_, _, err = s.interpreter.Inspect(ctx, "x", 1, 0)
	require.ErrorIs(t, err, context.Canceled)
}
