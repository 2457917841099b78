package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/kernel/supervisor"
)

// timing are the statements that time one call: they print nanoseconds and what work returned.
const timing = `began := time.Now(); result := work(); fmt.Println(int64(time.Since(began)), result)`

// measure runs a program both ways in turns and returns the best times.
func measure(ctx context.Context, path string, rounds int) (built, cell time.Duration, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0, 0, err
	}
	program, err := goBuild(ctx, string(text))
	if err != nil {
		return 0, 0, err
	}
	defer os.RemoveAll(filepath.Dir(program))
	s, err := newSession(ctx)
	if err != nil {
		return 0, 0, err
	}
	defer s.close(ctx)
	if _, err := s.run(ctx, string(text)); err != nil {
		return 0, 0, err
	}
	for range rounds {
		printed, err := exec.CommandContext(ctx, program).Output()
		if err != nil {
			return 0, 0, fmt.Errorf("running the program: %w", err)
		}
		shown, err := s.run(ctx, timing)
		if err != nil {
			return 0, 0, err
		}
		var b, c time.Duration
		var want, got string
		if _, err := fmt.Sscan(string(printed), &b, &want); err != nil {
			return 0, 0, fmt.Errorf("reading %q: %w", printed, err)
		}
		if _, err := fmt.Sscan(shown, &c, &got); err != nil {
			return 0, 0, fmt.Errorf("reading %q: %w", shown, err)
		}
		if got != want {
			return 0, 0, fmt.Errorf("the cell has %s where the program has %s", got, want)
		}
		built, cell = least(built, b), least(cell, c)
	}
	return built, cell, nil
}

func least(best, d time.Duration) time.Duration {
	if best == 0 {
		return d
	}
	return min(best, d)
}

// goBuild builds the program with a main that times it.
func goBuild(ctx context.Context, text string) (program string, err error) {
	dir, err := os.MkdirTemp("", "compiled-")
	if err != nil {
		return "", err
	}
	for name, text := range map[string]string{
		"go.mod":  "module program\n\ngo 1.26\n",
		"work.go": text,
		"main.go": "package main\n\nimport (\n\t\"fmt\"\n\t\"time\"\n)\n\nfunc main() { " + timing + " }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return "", err
		}
	}
	cmd := exec.CommandContext(ctx, "go", "build", "-o", "program", ".")
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("go build: %w\n%s", err, out)
	}
	return filepath.Join(dir, "program"), nil
}

// A session is an interpreter with a worker.
type session struct {
	interpreter *interpreter.Interpreter
	workspace   *build.Workspace
	cells       int
}

func newSession(ctx context.Context) (*session, error) {
	ws, err := build.Open(ctx, build.Config{
		Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test",
	})
	if err != nil {
		return nil, err
	}
	worker, err := supervisor.New(supervisor.Config{Program: func(context.Context) (string, error) { return ws.Worker(), nil }})
	if err != nil {
		return nil, err
	}
	i, err := interpreter.New(interpreter.Config{
		Open:   func(context.Context, func(string)) (interpreter.Workspace, error) { return ws, nil },
		Worker: worker,
	})
	return &session{interpreter: i, workspace: ws}, err
}

func (s *session) close(ctx context.Context) {
	s.interpreter.Close(ctx) // what it fails with does not change what was measured
	s.workspace.Close()
}

func (s *session) run(ctx context.Context, source string) (shown string, err error) {
	s.cells++
	out := &output{}
	if failed := s.interpreter.Execute(ctx, interpreter.Cell{Source: source, Count: s.cells}, out); failed != nil {
		return "", fmt.Errorf("cell %d: %s", s.cells, strings.Join(failed.Traceback, "\n"))
	}
	return out.text.String(), nil
}

// output keeps what a cell prints.
type output struct{ text strings.Builder }

func (o *output) Stream(_, text string)                { o.text.WriteString(text) }
func (o *output) Display(display.Bundle, string, bool) {}
func (o *output) Result(display.Bundle)                {}
func (o *output) Comm(comm.Packet)                     {}
func (o *output) ClearOutput(bool)                     {}
func (o *output) Input(context.Context, string, bool) (string, error) {
	return "", fmt.Errorf("a benchmark has no user")
}
