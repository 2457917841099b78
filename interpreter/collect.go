package interpreter

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// A collector finds what has to be changed in a cell's text so that it can stand in generated code:
// names of the session, packages, and the places where an interrupt is looked for.
type collector struct {
	*checkedCell
	edits []edit
	uses  *set // the session's names that were met; those of the cell itself among them
	inits int  // functions init that were met
}

func (cc *checkedCell) newCollector() *collector {
	return &collector{checkedCell: cc, uses: newSet()}
}

// collect visits a node of the cell.
func (c *collector) collect(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && c.isC(s) {
				_, errno := c.info.Types[n].Type.(*types.Tuple)
				c.selectorOfC(s, errno)
				for _, e := range n.Args {
					c.argumentOfC(e)
				}
				return false
			}
		case *ast.SelectorExpr:
			if c.isC(n) {
				c.selectorOfC(n, false)
				return false
			}
			c.collect(n.X)
			return false
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok && c.isField(id) {
				c.collect(n.Value)
				return false
			}
		case *ast.AssignStmt:
			c.keep(n.Rhs)
		case *ast.ValueSpec:
			c.keep(n.Values)
		case *ast.FuncLit:
			if c.callsUnknown(n.Body) {
				c.checkAt(n.Body.Lbrace + 1)
			}
		case *ast.ForStmt:
			c.checkAt(n.Body.Lbrace + 1)
		case *ast.RangeStmt:
			c.checkAt(n.Body.Lbrace + 1)
		case *ast.LabeledStmt:
			c.collect(n.Stmt)
			return false
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				c.checkAt(n.Pos())
			}
			return false
		case *ast.FuncDecl:
			c.function(n)
			return false
		case *ast.Ident:
			c.ident(n)
		}
		return true
	})
}

func (c *collector) isField(id *ast.Ident) bool {
	v, ok := c.info.Uses[id].(*types.Var)
	return ok && v.IsField()
}

// function visits a function's declaration. One that may call itself looks for an interrupt when it
// begins, for no loop may be in it.
func (c *collector) function(f *ast.FuncDecl) {
	if f.Recv != nil {
		c.collect(f.Recv)
	}
	switch {
	case f.Recv == nil && f.Name.Name == "init":
		c.inits++
		c.replace(f.Name, edit{text: initName(c.inits)})
	case f.Recv == nil:
		c.ident(f.Name)
	}
	c.collect(f.Type)
	if f.Body == nil {
		return
	}
	if c.mayRecur(f) {
		c.checkAt(f.Body.Lbrace + 1)
	}
	c.collect(f.Body)
}

// initName is what the n-th function init is called: with n marks, which people do not see.
func initName(n int) string { return "init" + strings.Repeat(build.Marker, n) }

// checkAt inserts a look for an interrupt.
func (c *collector) checkAt(pos token.Pos) {
	at := c.cell.offset(pos)
	c.edits = append(c.edits, edit{at: at, end: at, path: cellPackage, text: ".Check(); "})
}

// keep inserts a look for an interrupt between a call that may take long and the store of its value.
func (c *collector) keep(values []ast.Expr) {
	call := c.keptCall(values)
	if call == nil {
		return
	}
	before, after := []edit{{path: cellPackage, text: keeps[c.results(call)]}}, []edit{{text: ")"}}
	if t := c.embedding(call); t != nil {
		const value = "v" + build.Marker
		before = []edit{{text: "func() "}, {path: t.Pkg().Path(), text: "." + t.Name() + " { " + value + " := "}}
		after = []edit{{text: "; "}, {path: cellPackage, text: ".Return(); return " + value + " }()"}}
	}
	c.insert(c.cell.offset(call.Pos()), before)
	c.insert(c.cell.offset(call.End()), after)
}

func (c *collector) insert(at int, edits []edit) {
	for _, e := range edits {
		e.at, e.end = at, at
		c.edits = append(c.edits, e)
	}
}

// replace replaces an identifier. Its name may have got marks; in the text it has none.
func (c *collector) replace(id *ast.Ident, e edit) {
	e.at = c.cell.offset(id.Pos())
	e.end = e.at + len(plainName(id.Name))
	c.edits = append(c.edits, e)
}

// ident replaces an identifier that is a name of the session, of a package, or of something that
// was imported with a dot.
func (c *collector) ident(id *ast.Ident) {
	object := c.info.Uses[id]
	if object == nil {
		object = c.info.Defs[id]
	}
	switch {
	case object == nil || object.Pkg() == nil || id.Name == "_":
	case isPackage(object):
		c.replace(id, edit{path: object.(*types.PkgName).Imported().Path()})
	case c.shadowsConstant(object):
		c.uses.add(id.Name)
		c.replace(id, edit{constant: id.Name})
	case object.Parent() == c.pkg.Scope():
		symbol := versionName(object)
		if c.functionsBefore[symbol].function == "" {
			c.uses.add(plainName(symbol))
		}
		c.replace(id, edit{symbol: symbol})
	case object.Parent() == object.Pkg().Scope():
		c.replace(id, edit{path: object.Pkg().Path(), text: "." + object.Name()})
	}
}

// shadowsConstant reports whether an object is a constant of a function with the name of one of the
// session. In a group of constants the value of one may stand for the next ones too, and the same
// name may there mean the session's constant first and the function's then: const (X = X + X; Y). So
// the two must go on having one name.
func (c *collector) shadowsConstant(o types.Object) bool {
	_, ok := o.(*types.Const)
	return ok && o.Pkg() == c.pkg && o.Parent() != c.pkg.Scope() && c.kind(o.Name()) == constantName
}

// versionName is the name of a version of a variable, or of anything else that the package declares:
// without the mark that stands in front of a predeclared name.
func versionName(o types.Object) string { return strings.TrimPrefix(o.Name(), build.Marker) }

func isPackage(o types.Object) bool {
	_, ok := o.(*types.PkgName)
	return ok
}
