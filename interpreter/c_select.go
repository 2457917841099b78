package interpreter

import (
	"go/ast"
	"go/token"
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

// argumentOfC visits an argument of a C function. A pointer is looked at on its way: it must not lead to memory of
// Go's that has other such pointers in it.
func (c *collector) argumentOfC(e ast.Expr) {
	pointer, look := c.pointerIn(e)
	if pointer == nil {
		c.collect(e)
		return
	}
	from, to := c.cell.offset(pointer.Pos()), c.cell.offset(pointer.End())
	c.edits = append(c.edits, edit{at: from, end: from, path: cellPackage, text: look})
	c.collect(e)
	c.edits = append(c.edits, edit{at: to, end: to, text: ")"})
}

// pointerIn is what has to be looked at of an argument, and by what; nil if nothing has. Of what is the address of
// something that thing alone is looked at, else the whole that the pointer leads to, as in code that the cgo tool
// writes.
func (cc *checkedCell) pointerIn(e ast.Expr) (pointer ast.Expr, look string) {
	if tv := cc.info.Types[e]; tv.Type == nil || tv.IsNil() || !leadsToPointers(tv.Type, true) {
		return nil, ""
	}
	inner := ast.Unparen(e)
	for {
		conversion, ok := inner.(*ast.CallExpr)
		if !ok || len(conversion.Args) != 1 || !cc.info.Types[conversion.Fun].IsType() {
			break
		}
		inner = ast.Unparen(conversion.Args[0])
	}
	address, ok := inner.(*ast.UnaryExpr)
	switch {
	case !ok || address.Op != token.AND:
		return e, ".CPointer("
	case !leadsToPointers(cc.info.TypeOf(inner), true):
		return nil, ""
	}
	return inner, ".CAddress("
}

// leadsToPointers reports whether memory that a value leads to may have pointers in it.
func leadsToPointers(t types.Type, top bool) bool {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return t.Kind() == types.UnsafePointer || t.Kind() == types.String
	case *types.Pointer:
		return !top || leadsToPointers(t.Elem(), false)
	case *types.Array:
		return leadsToPointers(t.Elem(), top)
	case *types.Struct:
		for f := range t.Fields() {
			if leadsToPointers(f.Type(), top) {
				return true
			}
		}
		return false
	}
	return true
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
