package interpreter

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

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
		cc.notices = slices.Concat(notices, cc.noteUnused(), cc.noteUnshown(), cc.noteMain())
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
			session.noteFailed(i.checker.named(cc.imports), cell.Count)
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
