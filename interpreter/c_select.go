package interpreter

import (
	"go/ast"
	"go/types"
	"reflect"
	"strings"
)

// cNames are the session's names that the cell may mean with what it selects from C.
func (cc *checkedCell) cNames() []string {
	found := newSet()
	for name, selected := range cc.selections() {
		if name != pathC || cc.kind(name) != noName {
			continue
		}
		for _, s := range selected {
			for _, prefix := range []string{"_Ciconst_", "_Cfconst_", "_Csconst_", "_Ctype_", "_Cvar_", "_Cfpvar_fp_", "_Cfunc_", "_C2func_", "_Cmacro_"} {
				if cc.session.kind(prefix+s) != noName {
					found.add(prefix + s)
				}
			}
			if s == "malloc" {
				found.add("_Cfunc__CMalloc")
			}
		}
	}
	return found.list
}

// usesCgo has the type-checker find what is selected from C among the declarations that the cgo tool has
// made. Only the tools of Go may set this by its name.
func usesCgo(c *types.Config) {
	field := reflect.ValueOf(c).Elem().FieldByName("go115UsesCgo")
	*(*bool)(field.Addr().UnsafePointer()) = true
}

// selectorOfC replaces what is selected from C.
func (c *collector) selectorOfC(s *ast.SelectorExpr, errno bool) {
	object := c.info.Uses[s.Sel]
	if object == nil {
		return
	}
	name := object.Name()
	at, end := c.cell.offset(s.Pos()), c.cell.offset(s.End())
	before, after := "", ""
	switch {
	case strings.HasPrefix(name, "_Cvar_"):
		before, after = "(*", ")"
	case strings.HasPrefix(name, "_Cmacro_"):
		after = "()"
	case errno:
		name = "_C2func_" + strings.TrimPrefix(name, "_Cfunc_")
	}
	c.uses.add(name)
	c.edits = append(c.edits, edit{at: at, end: at, text: before}, edit{at: at, end: end, symbol: name}, edit{at: end, end: end, text: after})
}

// isVoidOfC reports whether a type is that of the results of functions that have none.
func isVoidOfC(t types.Type) bool {
	n, ok := t.(*types.Named)
	return ok && n.Obj().Name() == "_Ctype_void" && n.Obj().Pkg().Path() == mainPath
}

// isC reports whether something is selected from C.
func (cc *checkedCell) isC(s *ast.SelectorExpr) bool {
	id, ok := s.X.(*ast.Ident)
	if !ok {
		return false
	}
	p, ok := cc.info.Uses[id].(*types.PkgName)
	return ok && p.Imported().Path() == pathC
}
