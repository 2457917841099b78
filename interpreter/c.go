package interpreter

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// A cell that imports "C" is given to the cgo tool before it is type-checked. What that makes of it are
// declarations in Go, which become part of the session, and C code, which becomes a shared object. The
// rest is as with any other cell: C.add is the session's function _Cfunc_add, which calls what it finds in
// the shared object; later cells may use it, and functions that do.
//
// C code has state, so it must not be compiled twice: cells with the same C code, or none of their own,
// use the functions that are there. So that they are there, whatever functions and variables stand in the
// C code are asked for with the first cell.

// pathC is the import path that means C code.
const pathC = "C"

// A cUse is what the cell that runs next needs of C.
type cUse struct {
	preamble     preamble
	declarations []*declaration
}

// useC has the C part of a cell made; nil if the cell has none.
func (i *Interpreter) useC(ctx context.Context, w Workspace, cell Cell) (*cUse, error) {
	c, preamble := i.readC(cell)
	if c == nil {
		return nil, nil
	}
	part, err := i.makeC(ctx, w, c, preamble, cDeclared(preamble.text()))
	if err != nil {
		return nil, err
	}
	declarations, err := readCgo(part, cgoFile+hashed(preamble.text()))
	if err != nil {
		return nil, fmt.Errorf("reading what cgo has made: %w", err)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	return &cUse{preamble, slices.DeleteFunc(declarations, i.names.hasC)}, nil
}

// makeC has the C part made, of which the cell may need more later. What only looked like something that
// Go could use is left out.
func (i *Interpreter) makeC(ctx context.Context, w Workspace, c *parsedCell, p preamble, more []cName) (build.CPart, error) {
	for {
		pieces := c.piecesForC(p, more)
		b := new(strings.Builder)
		for _, piece := range pieces {
			b.WriteString(piece.text + "\n")
		}
		part, err := w.C(ctx, build.CSource{Text: b.String(), Preamble: cText(p.text()), Dir: i.config.Dir})
		var wrong *build.CompileError
		if !errors.As(err, &wrong) {
			return part, err
		}
		unknown := newSet()
		for _, m := range cUnknown.FindAllStringSubmatch(wrong.Output, -1) {
			unknown.add(m[1])
		}
		left := slices.DeleteFunc(slices.Clone(more), func(n cName) bool { return len(unknown.list) == 0 || unknown.has[n.name] })
		if len(left) == len(more) {
			return part, &build.CompileError{Output: inCells(pieces, wrong.Output)}
		}
		more = left
	}
}

var cUnknown = regexp.MustCompile(`could not determine what C\.(\w+) refers to`)

// hasC reports whether the session has a declaration already, of the same C code.
func (n *names) hasC(d *declaration) bool {
	s := n.symbols[d.names[0]]
	return s != nil && s.declaration != nil && s.declaration.origin.file == d.origin.file && (d.kind == cKind || s.declaration.text() == d.text())
}

// readC parses a cell that uses C, and finds the C code: its own, or that of the cell before. Without
// either, or if the cell does not parse, there is none.
func (i *Interpreter) readC(cell Cell) (*parsedCell, preamble) {
	if !strings.Contains(cell.Source, pathC) {
		return nil, nil
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	c, err := parse(i.checker.fset, cell.Source)
	if err != nil {
		return nil, nil
	}
	var own preamble
	for _, at := range c.importsC() {
		line, _ := position(c.source, at.start)
		own = append(own, cPiece{c.file, line, c.source[at.start:at.code]})
	}
	switch {
	case len(own) > 0:
		return c, own
	case i.names.preamble != nil && c.selectsC():
		return c, i.names.preamble
	}
	return nil, nil
}

// ofCgo reports whether a symbol is what cgo has made of something.
func (s *symbol) ofCgo() bool {
	return s.declaration != nil && strings.HasPrefix(s.declaration.origin.file, cgoFile)
}

// withC is the session with what a cell needs of C.
func (n *names) withC(c *cUse) *names {
	if c == nil {
		return n
	}
	with := *n
	with.symbols = maps.Clone(n.symbols)
	with.addC(c)
	return &with
}

func (n *names) addC(c *cUse) {
	n.preamble = c.preamble
	for _, d := range c.declarations {
		n.declare(d)
	}
}
