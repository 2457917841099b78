package interpreter

import (
	"context"
	"go/token"
	"sync"
	"sync/atomic"
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

// workspaceTelling opens the workspace, or returns it, and shows how far that is.
func (i *Interpreter) workspaceTelling(ctx context.Context, out Output) (Workspace, error) {
	progress := func(text string) { out.Stream("stderr", text+"\n") }
	i.opening.listener.Store(&progress)
	defer i.opening.listener.Store(nil)
	return i.workspace(ctx)
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
