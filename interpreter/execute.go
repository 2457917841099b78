package interpreter

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// An opening is the workspace, from when it is first needed.
type opening struct {
	mu        sync.Mutex
	workspace Workspace
	finder    Finder    // nil if there is none
	python    Generator // nil if there is none
	// listener is told of progress: the cell that waits, not the one that came first.
	listener atomic.Pointer[func(text string)]
}

// Prepare opens the workspace before a cell needs it. A failure is not reported: the first cell meets
// it again.
func (i *Interpreter) Prepare(ctx context.Context) error {
	_, err := i.workspace(ctx)
	return err
}

// workspace opens the workspace, or returns it. A failure is not kept: the user may mend what is
// missing and run the cell again.
func (i *Interpreter) workspace(ctx context.Context) (Workspace, error) {
	i.opening.mu.Lock()
	defer i.opening.mu.Unlock()
	if i.opening.workspace != nil {
		return i.opening.workspace, nil
	}
	w, err := i.config.Open(ctx, func(text string) {
		if listener := i.opening.listener.Load(); listener != nil {
			(*listener)(text)
		}
	})
	if err != nil {
		return nil, err
	}
	if i.config.Modules != nil {
		if i.opening.finder, err = i.config.Modules(); err != nil {
			return nil, err
		}
	}
	if i.config.Python != nil {
		if i.opening.python, err = i.config.Python(); err != nil {
			return nil, err
		}
	}
	fset := token.NewFileSet()
	i.mu.Lock()
	defer i.mu.Unlock()
	i.checker = &checker{fset: fset, importer: w.NewImporter(fset, i.libraries), packages: newPackages(w.Packages()), language: w.Language(), dir: i.config.Dir}
	i.editor.goroot = w.Toolchain().GOROOT
	i.opening.workspace = w
	return w, nil
}

// Execute runs a cell. What it shows goes to out; how it failed is the result, nil if it did not.
func (i *Interpreter) Execute(ctx context.Context, cell Cell, out Output) *Error {
	if err := i.execute(ctx, cell, out); err != nil {
		return i.report(err)
	}
	return nil
}

func (i *Interpreter) execute(ctx context.Context, cell Cell, out Output) error {
	progress := func(text string) { out.Stream("stderr", text+"\n") }
	i.opening.listener.Store(&progress)
	w, err := i.workspace(ctx)
	i.opening.listener.Store(nil)
	if err != nil {
		return err
	}
	if err := i.config.Worker.Ended(); err != nil {
		lost := i.reportLost(&lostError{cause: err, variables: i.lose()})
		out.Stream("stderr", strings.Join(lost.Traceback, "\n")+"\n")
	}
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
	err = i.interruptible(ctx, func(ctx context.Context) error {
		if err := i.fetchPython(ctx, w, cell, out); err != nil {
			return err
		}
		return i.fetch(ctx, w, cell, get, out)
	})
	if err != nil {
		return err
	}
	var c *cUse
	err = i.interruptible(ctx, func(ctx context.Context) (err error) {
		c, err = i.useC(ctx, w, cell)
		return err
	})
	if err != nil {
		return err
	}
	began := time.Now()
	g, err := i.compile(cell, c)
	if err != nil || g == nil {
		return err
	}
	checked := time.Now()
	g.unit.Libraries = i.fetched.libraries
	var object build.Object
	err = i.interruptible(ctx, func(ctx context.Context) (err error) {
		object, err = w.Build(ctx, g.unit)
		return err
	})
	if err != nil {
		return err
	}
	i.commit(g)
	for _, notice := range g.notices {
		out.Stream("stderr", notice+"\n")
	}
	built := time.Now()
	i.noteLoaded(object.Needs)
	stop := i.compileNext(ctx, w, cell, g)
	out = &labelled{out, i.source}
	done, err := i.config.Worker.Run(ctx, link.Run{ID: g.run, Request: cell.Request, Needs: object.Needs, Object: object.Path, Unit: g.name, Input: true, Python: usesPython(g.unit)}, out)
	if err != nil {
		stop()
		return &lostError{cause: err, variables: i.lose()}
	}
	i.config.Log.Debug("cell", "count", cell.Count, "check", checked.Sub(began), "build", built.Sub(checked), "cached", object.Cached, "run", time.Since(built))
	i.commitRun(g, done.Declared)
	if err := i.ended(done, out); err != nil {
		stop()
		return err
	}
	return nil
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

// compile turns a cell into source that can be built; nil if there is nothing in it to run.
func (i *Interpreter) compile(cell Cell, c *cUse) (*generated, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	g, err := i.compileIn(i.names.withC(c), cell)
	if g != nil {
		g.c = c
	}
	return g, err
}

// compileIn compiles a cell in a session. mu is held.
func (i *Interpreter) compileIn(session *names, cell Cell) (*generated, error) {
	cc, err := i.check(session, cell)
	if err != nil || cc == nil {
		return nil, err
	}
	g, err := cc.generate(cell.Count)
	if err != nil {
		return nil, err
	}
	g.imports, g.dots = cc.imports, cc.dots
	return g, nil
}

// check type-checks a cell. What stops compiling because of it is left out, and said: it is an error
// where it is used.
func (i *Interpreter) check(session *names, cell Cell) (*checkedCell, error) {
	var left leftOut
	var notices []string
	for {
		c, err := parse(i.checker.fset, cell.Source)
		if err != nil || len(c.items) == 0 {
			return nil, i.checker.adviseSyntax(cell.Source, err)
		}
		cc := i.checker.check(c, session, left)
		cc.notices = slices.Concat(notices, cc.noteUnused(), cc.noteMain())
		err = joinDiagnostics(cc.errs...)
		var compile *CompileError
		switch {
		case err == nil:
			cc.notices = append(cc.notices, i.brokenCallers(session, cell, cc, left)...)
			return cc, nil
		case !errors.As(err, &compile):
			return nil, err
		}
		found := cc.blame(compile)
		if len(found) == 0 {
			advised := i.checker.advise(cc, cc.explain(compile))
			session.noteFailed(maps.Keys(cc.declared), cell.Count)
			return nil, advised
		}
		for _, b := range found {
			notices = append(notices, session.brokenNotice(b))
		}
		left = left.with(found)
	}
}

// brokenNotice says what no longer compiles, and what becomes of it.
func (n *names) brokenNotice(b blamed) string {
	switch {
	case b.method != nil:
		return fmt.Sprintf("note: %s no longer compiles and is gone: %s: %s", b.method.called(), n.place(b.Diagnostic), b.Message)
	case b.variable != "":
		return fmt.Sprintf("note: %s has no value any more: %s", b.variable, b.Message)
	case b.declaration != nil:
		return fmt.Sprintf("note: %s no longer compiles, and values keep the old one: %s: %s", b.declaration.called(), n.place(b.Diagnostic), b.Message)
	}
	return fmt.Sprintf("note: %s no longer compiles: %s", n.place(b.Diagnostic), b.Message)
}

// place is where an error of an earlier cell is.
func (n *names) place(d Diagnostic) string {
	if s, ok := n.sources[d.File]; ok {
		return fmt.Sprintf("%s:%d", cellLabel(s.count), d.Line)
	}
	return fmt.Sprintf("%s:%d", d.File, d.Line)
}

// commit makes what the cell declares part of the session, but for its variables. It is done before
// the cell runs, for functions and types are there whether it panics or not.
func (i *Interpreter) commit(g *generated) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.names.commit(g)
}

// commitRun makes the variables part of the session whose declarations were reached, and notes the types
// whose values the run has moved.
func (i *Interpreter) commitRun(g *generated, reached []string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.names.commitRun(g, newSet(reached...).has)
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
