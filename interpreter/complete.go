package interpreter

import (
	"context"
	"go/ast"
	"go/token"
	"strings"
	"unicode"
)

// Complete lists what may stand at the cursor, which is given in code points: names that begin with
// what is written there, or, if there are none, such that do so in another case. Nothing is run for
// it. It may be called from any goroutine, also while a cell runs. The error is the context's.
func (i *Interpreter) Complete(ctx context.Context, code string, cursor int) (Completion, error) {
	if err := ctx.Err(); err != nil {
		return Completion{}, err
	}
	p := newPlace(code, cursor)
	found := Completion{Start: p.points(p.start()), End: p.points(p.cursor)}
	if start, items := p.completeCommand(); items != nil {
		found.Start, found.Items = start, items
		return found, nil
	}
	var python []string
	if p.path { // before the session is locked: Python may have to be asked
		python = i.pythonPaths(ctx, p.prefix())
	}
	d, leave := i.desk(ctx, p)
	defer leave()
	d.python = python
	found.Items = d.completeSafely()
	return found, ctx.Err()
}

// completeSafely finds nothing where a package that was made for whole programs panics on half of one.
func (d *desk) completeSafely() (items []CompletionItem) {
	defer func() {
		if recover() != nil {
			items = nil
		}
	}()
	return d.complete()
}

// complete finds out what the place is, and lists what it allows.
func (d *desk) complete() []CompletionItem {
	p := d.place
	l := &candidates{prefix: p.prefix()}
	switch previous := p.before(); {
	case p.foreign:
	case p.path:
		d.addImportPaths(l)
	case p.literal >= 0:
	case previous.token == token.RBRACE && !strings.Contains(p.code[previous.end:p.start()], "\n"):
		l.keywords("else")
	case p.awaitsCase():
		l.keywords("case", "default")
	default:
		for v := range d.views(p.draft()) {
			if v.lost && l.prefix == "" && previous.token != token.PERIOD {
				break
			}
			if v.complete(l); len(l.items()) > 0 {
				break
			}
		}
	}
	return l.items()
}

// complete lists what may stand in the place of the identifier.
func (v *view) complete(l *candidates) {
	id := v.ident()
	switch n := v.ancestor(1).(type) {
	case *ast.SelectorExpr:
		if n.Sel == id {
			v.addMembers(l, n.X)
			return
		}
	case *ast.BranchStmt:
		v.addLabels(l, n.Tok)
		return
	case *ast.KeyValueExpr:
		if lit, ok := v.ancestor(2).(*ast.CompositeLit); ok && n.Key == id && v.addFields(l, lit) {
			return
		}
	case *ast.CompositeLit:
		if n.Type != id && v.addFields(l, n) && len(n.Elts) > 1 {
			return
		}
	}
	switch {
	case v.declaresName():
	case v.isDefined():
		l.only = "variable"
		v.addNames(l)
	case v.isType(len(v.path) - 1):
		l.onlyTypes = true
		v.addNames(l)
		l.keywords(typeKeywords...)
		v.desk.addPackages(l)
	default:
		v.addNames(l)
		v.addKeywords(l)
		v.desk.addPackages(l)
	}
}

// declaresName reports whether the identifier is a new name.
func (v *view) declaresName() bool {
	id := v.ident()
	has := func(ids []*ast.Ident) bool {
		for _, i := range ids {
			if i == id {
				return true
			}
		}
		return false
	}
	switch n := v.ancestor(1).(type) {
	case *ast.FuncDecl:
		return n.Name == id
	case *ast.TypeSpec:
		return n.Name == id
	case *ast.ValueSpec:
		return has(n.Names)
	case *ast.Field:
		return has(n.Names)
	case *ast.ImportSpec, *ast.LabeledStmt:
		return true
	}
	return false
}

// isDefined reports whether the identifier stands on the left of :=. It may be one that is there.
func (v *view) isDefined() bool {
	switch n := v.ancestor(1).(type) {
	case *ast.AssignStmt:
		return n.Tok == token.DEFINE && v.ident().Pos() < n.TokPos
	case *ast.RangeStmt:
		return n.Tok == token.DEFINE && v.ident().Pos() < n.TokPos
	}
	return false
}

// isType reports whether only a type can stand where the k-th node of the path is.
func (v *view) isType(k int) bool {
	if k == 0 {
		return false
	}
	n := v.path[k]
	switch p := v.path[k-1].(type) {
	case *ast.Field, *ast.ChanType, *ast.Ellipsis, *ast.MapType:
		return true
	case *ast.ValueSpec:
		return p.Type == n
	case *ast.TypeSpec:
		return p.Type == n
	case *ast.ArrayType:
		return p.Elt == n
	case *ast.TypeAssertExpr:
		return p.Type == n
	case *ast.CallExpr:
		f, ok := p.Fun.(*ast.Ident)
		return ok && (f.Name == "make" || f.Name == "new") && len(p.Args) > 0 && p.Args[0] == n
	case *ast.CaseClause:
		_, ok := v.path[max(k-3, 0)].(*ast.TypeSwitchStmt)
		return ok && p.Colon > n.Pos()
	case *ast.StarExpr, *ast.ParenExpr, *ast.BinaryExpr, *ast.UnaryExpr:
		return v.isType(k - 1)
	}
	return false
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }
