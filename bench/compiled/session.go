package main

import (
	"context"
	"fmt"
	"os"
	"strings"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/kernel/supervisor"
)

// A session is an interpreter with a worker.
type session struct {
	interpreter *interpreter.Interpreter
	built       *objects
	cells       int
}

// objects is a workspace that remembers how large the last object was.
type objects struct {
	*build.Workspace
	last int64
}

// Build builds as the workspace does.
func (o *objects) Build(ctx context.Context, u build.Unit) (build.Object, error) {
	object, err := o.Workspace.Build(ctx, u)
	if err != nil {
		return object, err
	}
	info, err := os.Stat(object.Path)
	if err == nil {
		o.last = info.Size()
	}
	return object, err
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
	built := &objects{Workspace: ws}
	i, err := interpreter.New(interpreter.Config{
		Open:   func(context.Context, func(string)) (interpreter.Workspace, error) { return built, nil },
		Worker: worker,
	})
	return &session{interpreter: i, built: built}, err
}

func (s *session) close(ctx context.Context) {
	s.interpreter.Close(ctx) // what it fails with does not change what was measured
	s.built.Close()
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
func (o *output) CloseComms()                          {}
func (o *output) ClearOutput(bool)                     {}
func (o *output) Input(context.Context, string, bool) (string, error) {
	return "", fmt.Errorf("a benchmark has no user")
}
