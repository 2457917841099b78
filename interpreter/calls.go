package interpreter

import (
	"go/ast"
	"go/types"
	"slices"
)

// Code that goes on for ever comes by a loop, a goto, or a function that calls itself. The heads of loops
// and goto always look for an interrupt; functions only do so if they may be part of such a ring, for a
// look keeps the compiler from putting small functions in the place of their calls.
//
// A ring leads through declared functions alone, or through a call of which nobody knows where it leads: of
// a value, or of a method of an interface. So a declared function looks that leads to itself, and any
// function that makes an unknown call outside of its loops.

// A callGraph holds the declared functions of a cell, and of what it uses.
type callGraph map[*types.Func]*calls

// calls are what a function calls.
type calls struct {
	declared []*types.Func // that it names, be it to call them or not
	out      bool          // it calls a library
}

// calls are the functions of the cell and of what it uses. A ring of several cells is closed by the one
// that is checked, so it is enough that what that declares looks.
func (cc *checkedCell) calls() callGraph {
	if cc.graph != nil {
		return cc.graph
	}
	cc.graph = callGraph{}
	declarations := cc.cell.declarations.Decls
	for _, file := range cc.files {
		if file != nil {
			declarations = slices.Concat(declarations, file.Decls)
		}
	}
	for _, d := range declarations {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			if o, ok := cc.info.Defs[f.Name].(*types.Func); ok {
				cc.graph[o] = cc.callsIn(f.Body)
			}
		}
	}
	return cc.graph
}

func (cc *checkedCell) callsIn(body ast.Node) *calls {
	c := &calls{}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if f, ok := cc.info.Uses[n].(*types.Func); ok && f.Pkg() == cc.pkg {
				c.declared = append(c.declared, f.Origin())
			}
		case *ast.CallExpr:
			c.out = c.out || cc.isForeign(n)
		}
		return true
	})
	return c
}

// leads reports whether a function calls, directly or through others, one that is wanted.
func (g callGraph) leads(from *types.Func, wanted func(*types.Func) bool) bool {
	seen := map[*types.Func]bool{}
	var visit func(f *types.Func) bool
	visit = func(f *types.Func) bool {
		c := g[f]
		return c != nil && slices.ContainsFunc(c.declared, func(called *types.Func) bool {
			if wanted(called) {
				return true
			}
			if seen[called] {
				return false
			}
			seen[called] = true
			return visit(called)
		})
	}
	return visit(from)
}

// mayRecur reports whether a declared function may be part of a ring.
func (cc *checkedCell) mayRecur(f *ast.FuncDecl) bool {
	o, ok := cc.info.Defs[f.Name].(*types.Func)
	return ok && cc.calls().leads(o, func(called *types.Func) bool { return called == o }) || cc.callsUnknown(f.Body)
}

// callsUnknown reports whether a function, without those in it, makes a call outside of its loops of which
// nobody knows where it leads.
func (cc *checkedCell) callsUnknown(n ast.Node) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt:
			for _, part := range []ast.Node{n.Init, n.Cond, n.Post} {
				found = found || part != nil && cc.callsUnknown(part)
			}
			return false
		case *ast.RangeStmt:
			found = found || cc.isFunctionValue(n.X) || cc.callsUnknown(n.X)
			return false
		case *ast.CallExpr:
			found = found || cc.isUnknown(n)
		}
		return !found
	})
	return found
}

func (cc *checkedCell) isFunctionValue(e ast.Expr) bool {
	t := cc.info.TypeOf(e)
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// isUnknown reports whether a call is one of a value, or of a method of an interface.
func (cc *checkedCell) isUnknown(call *ast.CallExpr) bool {
	fun := ast.Unparen(call.Fun)
	if tv := cc.info.Types[fun]; tv.IsType() || tv.IsBuiltin() {
		return false
	}
	switch x := fun.(type) {
	case *ast.FuncLit:
		return false
	case *ast.SelectorExpr:
		if cc.isC(x) {
			return false
		}
	}
	f := cc.callee(call)
	return f == nil || f.Signature().Recv() != nil && types.IsInterface(f.Signature().Recv().Type())
}

// callee is the function or method that a call names, or nil.
func (cc *checkedCell) callee(call *ast.CallExpr) *types.Func {
	fun := ast.Unparen(call.Fun)
	switch x := fun.(type) {
	case *ast.IndexExpr:
		fun = x.X
	case *ast.IndexListExpr:
		fun = x.X
	}
	var id *ast.Ident
	switch x := fun.(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	f, _ := cc.info.Uses[id].(*types.Func)
	return f
}

// What a library takes long for must not be stored when it comes back after the cell has been interrupted:
// the next cell may have stored something else meanwhile. So the value of such a call is looked at on its
// way to a variable. That of a function value is not: it is mostly one of a cell, and small, and the look
// would keep the compiler from putting it in the place of its call.

// atOnce are packages whose functions take no time.
var atOnce = []string{"math", "math/bits", "math/cmplx", "sync/atomic", "unsafe"}

// keptCall is the call that makes the value of an assignment and may take long; nil if there is none.
func (cc *checkedCell) keptCall(values []ast.Expr) *ast.CallExpr {
	if len(values) != 1 {
		return nil
	}
	call, ok := ast.Unparen(values[0]).(*ast.CallExpr)
	if !ok || !cc.takesLong(call) {
		return nil
	}
	if _, ok := keeps[cc.results(call)]; !ok {
		return nil
	}
	return call
}

// keeps are the functions that take values of calls, by how many these are.
var keeps = map[int]string{1: ".Kept(", 2: ".Kept2(", 3: ".Kept3("}

// embedding is the type of a call's value if it is a package's struct with something embedded. For such a type
// argument the compiler writes all the methods of what is embedded anew: for a class of pandas that takes 10 ms.
func (cc *checkedCell) embedding(call *ast.CallExpr) *types.TypeName {
	named, ok := types.Unalias(cc.info.TypeOf(call)).(*types.Named)
	if !ok || named.TypeArgs().Len() > 0 {
		return nil
	}
	o := named.Obj()
	if o.Pkg() == nil || o.Pkg() == cc.pkg || !o.Exported() || o.Parent() != o.Pkg().Scope() {
		return nil // it cannot be named, or is the cell's own
	}
	if s, ok := named.Underlying().(*types.Struct); ok {
		for f := range s.Fields() {
			if f.Embedded() {
				return o
			}
		}
	}
	return nil
}

func (cc *checkedCell) results(call *ast.CallExpr) int {
	switch t := cc.info.TypeOf(call).(type) {
	case nil:
		return 0
	case *types.Tuple:
		return t.Len()
	}
	return 1
}

// takesLong reports whether a call may lead out of the cells' code, for long.
func (cc *checkedCell) takesLong(call *ast.CallExpr) bool {
	if cc.isForeign(call) {
		return true
	}
	f := cc.callee(call)
	if f == nil || f.Pkg() != cc.pkg {
		return false
	}
	graph := cc.calls()
	out := func(f *types.Func) bool { return graph[f] != nil && graph[f].out }
	return out(f.Origin()) || graph.leads(f.Origin(), out)
}

// isForeign reports whether a call is one of a function of a library that may take time. C is none: what
// it returns need not be a value.
func (cc *checkedCell) isForeign(call *ast.CallExpr) bool {
	f := cc.callee(call)
	return f != nil && f.Pkg() != nil && f.Pkg() != cc.pkg && !slices.Contains(atOnce, f.Pkg().Path())
}
