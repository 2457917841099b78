package interpreter

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// Execute runs a cell. What it shows goes to out; how it failed is the result, nil if it did not.
func (i *Interpreter) Execute(ctx context.Context, cell Cell, out Output) *Error {
	if err := i.execute(ctx, cell, out); err != nil {
		return i.report(err)
	}
	return nil
}

func (i *Interpreter) execute(ctx context.Context, cell Cell, out Output) error {
	w, err := i.workspaceTelling(ctx, out)
	if err != nil {
		return err
	}
	i.tellLost(out)
	if code, name, capture, err := takeCapture(cell); capture {
		i.know(cell)
		if err != nil {
			return err
		}
		return i.capture(ctx, code, name, out)
	}
	get, err := i.commandsOf(ctx, &cell, out)
	if err != nil {
		return err
	}
	c, err := i.fetchAll(ctx, w, cell, get, out)
	if err != nil {
		return err
	}
	began := time.Now()
	g, err := i.compile(cell, c)
	if err != nil || g == nil {
		return err
	}
	i.config.Log.Debug("checked", "count", cell.Count, "took", time.Since(began))
	object, err := i.build(ctx, w, g)
	if err != nil {
		return err
	}
	i.commit(g)
	for _, notice := range g.notices {
		out.Stream("stderr", notice+"\n")
	}
	stop := i.compileNext(ctx, w, cell, g)
	if err := i.run(ctx, cell, g, object, &labelled{out, i.source}); err != nil {
		stop()
		return err
	}
	return nil
}

// tellLost says what was lost if the worker has ended since the last cell.
func (i *Interpreter) tellLost(out Output) {
	if err := i.config.Worker.Ended(); err != nil {
		lost := i.reportLost(&lostError{cause: err, variables: i.lose()})
		out.Stream("stderr", strings.Join(lost.Traceback, "\n")+"\n")
	}
}

// fetchAll gets what a cell imports and does not come with Go: packages for modules of Python, modules, and what C
// declares, nil if the cell has none.
func (i *Interpreter) fetchAll(ctx context.Context, w Workspace, cell Cell, get []lineCommand, out Output) (c *cUse, err error) {
	err = i.interruptible(ctx, func(ctx context.Context) error {
		if err := i.fetchPython(ctx, w, cell, out); err != nil {
			return err
		}
		if err := i.fetch(ctx, w, cell, get, out); err != nil {
			return err
		}
		c, err = i.useC(ctx, w, cell)
		return err
	})
	return c, err
}

// build builds what was compiled from a cell.
func (i *Interpreter) build(ctx context.Context, w Workspace, g *generated) (object build.Object, err error) {
	began := time.Now()
	g.unit.Libraries = i.fetched.libraries
	err = i.interruptible(ctx, func(ctx context.Context) error {
		object, err = w.Build(ctx, g.unit)
		return err
	})
	if err == nil {
		i.config.Log.Debug("built", "unit", g.name, "took", time.Since(began), "cached", object.Cached)
	}
	return object, err
}

// run runs what was built, and notes what of the session there is after it.
func (i *Interpreter) run(ctx context.Context, cell Cell, g *generated, object build.Object, out Output) error {
	began := time.Now()
	i.noteLoaded(object.Needs)
	done, err := i.config.Worker.Run(ctx, link.Run{ID: g.run, Request: cell.Request, Needs: object.Needs, Object: object.Path, Unit: g.name, Input: true, Python: usesPython(g.unit)}, out)
	if err != nil {
		return &lostError{cause: err, variables: i.lose()}
	}
	i.config.Log.Debug("ran", "unit", g.name, "took", time.Since(began))
	i.commitRun(g, done.Declared)
	return i.ended(done, out)
}

// ended says how a run has failed, and what goroutines of earlier runs did meanwhile.
func (i *Interpreter) ended(done link.Done, out Output) error {
	for _, late := range done.Late {
		report := i.reportFailure(&late)
		out.Stream("stderr", "A goroutine of an earlier cell has failed:\n"+strings.Join(report.Traceback, "\n")+"\n")
	}
	if done.Failure != nil {
		return &failedError{done.Failure}
	}
	return nil
}

// usesPython reports whether a unit imports the bridge to Python.
func usesPython(u build.Unit) bool {
	const bridge = "github.com/gopy-kernel/gopy-kernel/pybridge"
	return slices.ContainsFunc(u.Imports, func(path string) bool {
		return path == bridge || strings.HasPrefix(path, bridge+"/") || isPython(path)
	})
}

// interruptible does what comes before a cell runs. An interrupt ends it; from when it returns, an
// interrupt is the worker's.
func (i *Interpreter) interruptible(ctx context.Context, do func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	i.setCancel(cancel)
	err := do(ctx)
	i.setCancel(nil)
	if err == nil {
		err = ctx.Err()
	}
	return err
}

func (i *Interpreter) setCancel(cancel context.CancelFunc) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.cancel = cancel
}

// nextRun is the number of a run that is of no cell.
func (i *Interpreter) nextRun() uint64 {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.names.run++
	return i.names.run
}

func (i *Interpreter) lose() []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	clear(i.fetched.loaded)
	return i.names.lose()
}

// Interrupt ends the running cell: its building if it is being built, its code if it runs.
func (i *Interpreter) Interrupt() {
	i.mu.Lock()
	cancel := i.cancel
	i.mu.Unlock()
	if cancel != nil {
		cancel()
		return
	}
	i.config.Worker.Interrupt()
}

// Close ends the session.
func (i *Interpreter) Close(ctx context.Context) error {
	err := i.config.Worker.Close(ctx)
	i.opening.mu.Lock()
	defer i.opening.mu.Unlock()
	if i.opening.finder != nil {
		err = errors.Join(err, i.opening.finder.Close())
	}
	return err
}

// A failedError is how a cell's code failed.
type failedError struct{ failure *link.Failure }

func (e *failedError) Error() string { return fmt.Sprintf("%s: %s", e.failure.Name, e.failure.Value) }

// A lostError says that the worker has ended, and what was lost with it.
type lostError struct {
	cause     error
	variables []string
}

func (e *lostError) Error() string { return e.cause.Error() }

func (e *lostError) Unwrap() error { return e.cause }
