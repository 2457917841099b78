package interpreter

import (
	"context"
	"errors"
	"go/token"
	"go/types"
	"time"
)

// Editor services work on a cell that is being written: it is mended until it parses (editor_sketch.go),
// checked as if it were run, against the session without the bodies of its functions (editor_outline.go),
// and looked at where the cursor stands (editor_view.go).

// An editor is what completion and inspection keep from one request to the next. Interpreter.mu
// guards it.
type editor struct {
	goroot     string                             // where the source of the standard library may be; empty until the workspace is open
	outlines   map[*declaration]*declaration      // of the session, without bodies
	signatures map[*declaration]map[string]string // of outlines, by name
	members    map[*types.Package][]CompletionItem
	library    library // guards itself
}

// A desk is what one request works with.
type desk struct {
	*editor
	checker   *checker
	positions *token.FileSet // of what is imported
	whole     *names         // the session
	session   *names         // its outline
	place     *place
	python    []string // import paths of Python modules
}

// desk makes a desk, and locks the session. Where a compiler has that for too long, the desk knows no
// session. The caller calls leave when it is done.
func (i *Interpreter) desk(ctx context.Context, p *place) (d *desk, leave func()) {
	if !i.lockSoon(ctx) {
		empty := newNames()
		return &desk{editor: &editor{}, checker: lonely(), positions: token.NewFileSet(), whole: empty, session: empty, place: p}, func() {}
	}
	d = &desk{editor: &i.editor, checker: lonely(), positions: token.NewFileSet(), whole: i.names, place: p}
	d.session = d.outline(i.names)
	if i.checker != nil {
		d.positions = i.checker.fset
		scratch := *i.checker
		scratch.fset = token.NewFileSet() // the session's own would only grow
		d.checker = &scratch
	}
	return d, i.mu.Unlock
}

// patience is how long an editor service waits while a cell is being compiled. Then it answers
// without what the session knows.
const patience = 100 * time.Millisecond

// lockSoon locks what the session knows, unless that takes too long.
func (i *Interpreter) lockSoon(ctx context.Context) bool {
	if i.mu.TryLock() {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	locked := make(chan struct{})
	go func() { // ends when the compiler lets go, at the latest
		i.mu.Lock()
		select {
		case locked <- struct{}{}:
		case <-ctx.Done():
			i.mu.Unlock()
		}
	}()
	select {
	case <-locked:
		return true
	case <-ctx.Done():
		return false
	}
}

// lonely makes a checker for the time before there is a workspace: it can import nothing.
func lonely() *checker {
	return &checker{fset: token.NewFileSet(), importer: noImporter{}, packages: newPackages(nil)}
}

type noImporter struct{}

func (noImporter) Import(string) (*types.Package, error) {
	return nil, errors.New("the workspace is not open yet")
}
