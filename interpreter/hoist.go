package interpreter

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// Variables that are declared at the top level of a cell live on, and functions of the same cell
// may use them. So they are variables of the package: `x := f()` among the statements becomes
// `var x = f()` beside the functions for the type-checker, and `*ǃǃx = f()` in its place when the
// code is generated.
//
// Yet statements run one after the other, and a name may be declared twice in a cell or mean a
// variable of an earlier cell until it is declared. Each declaration of a name in a cell is a
// version of it. The last has the plain name, which functions and later cells see; earlier ones are
// called xǃ1, xǃ2, and the variable of an earlier cell, or a package, xǃ0 where it is used before a
// declaration.

// A hoisted cell is one whose variables were lifted out of its statements.
type hoisted struct {
	cell *parsedCell
	// isPackage reports whether a name may be that of a package, where it is nothing else.
	isPackage func(name string) bool
	specs     []ast.Decl // of the variables
	body      []ast.Stmt // what is left
	// declares holds, for each statement, the variables that it declares or assigns anew, by the names of their versions.
	declares [][]*ast.Ident
	earlier  map[string]string // xǃ0 to x: variables of earlier cells that are used before they are declared anew
	// leads are the functions of earlier cells that lead to variables which the cell declares anew, functionsBefore
	// those that it uses before (by the name fǃ01), in the order namedBefore, and before their declarations.
	leads           map[string][]string
	functionsBefore map[string]usedBefore
	namedBefore     []string
	before          []*declaration
	tops            map[*object]bool
	errs            []error
}

// object is what the parser binds a name to. go/types cannot say it here: a cell is type-checked only
// after its variables were lifted out.
//
//lint:ignore SA1019 keys of composite literals, which the parser gets wrong, declare nothing.
type object = ast.Object

// oldVersion is what a variable of an earlier cell is called in a cell that declares it anew.
func oldVersion(name string) string { return name + build.Marker + "0" }

// hoist lifts the variables out of a cell. The session says which names are variables already.
func hoist(c *parsedCell, session *names, isPackage func(name string) bool) *hoisted {
	h := &hoisted{cell: c, isPackage: isPackage, earlier: map[string]string{}, functionsBefore: map[string]usedBefore{}, tops: map[*object]bool{}}
	last := h.countVersions()
	version := map[string]int{}
	name := func(of string) string {
		if n := version[of]; n > 0 && n < last[of] {
			return fmt.Sprintf("%s%s%d", of, build.Marker, n)
		}
		return of
	}
	c.inOrder = c.hasStatements() || len(c.inline.timed) > 0 || h.usesItself(session)
	if !c.inOrder {
		h.liftDeclarations()
		return h
	}
	h.findLeads(session, last)
	for k, s := range c.statements {
		declared := map[*ast.Ident]bool{}
		for _, id := range topNames(s) {
			declared[id] = true
		}
		h.nameUses(s, declared, version, last, name, session)
		h.liftStatement(k, s, version, name)
	}
	h.declareBefore(session)
	return h
}

// usesItself reports whether a variable gets its value from what the session has under its name. No Go
// file has that, and so the cell is taken for statements.
func (h *hoisted) usesItself(session *names) bool {
	used := false
	for _, s := range h.cell.statements {
		for _, spec := range s.(*ast.DeclStmt).Decl.(*ast.GenDecl).Specs {
			names := newSet()
			for _, id := range spec.(*ast.ValueSpec).Names {
				names.add(id.Name)
			}
			for _, v := range spec.(*ast.ValueSpec).Values {
				inspectFree(v, func(id *ast.Ident) {
					used = used || id.Obj == nil && names.has[id.Name] && session.kind(id.Name) != noName
				})
			}
		}
	}
	return used
}

// liftDeclarations lifts the variables of a cell that has declarations only: they are as in a Go file.
func (h *hoisted) liftDeclarations() {
	for _, s := range h.cell.statements {
		h.specs = append(h.specs, s.(*ast.DeclStmt).Decl)
		h.declares = append(h.declares, withoutBlank(topNames(s)))
	}
}

// topNames are the identifiers that a top-level statement declares.
func topNames(s ast.Stmt) []*ast.Ident {
	var ids []*ast.Ident
	switch s := s.(type) {
	case *ast.AssignStmt:
		if s.Tok != token.DEFINE {
			return nil
		}
		for _, e := range s.Lhs {
			if id, ok := e.(*ast.Ident); ok {
				ids = append(ids, id)
			}
		}
	case *ast.DeclStmt:
		for _, spec := range s.Decl.(*ast.GenDecl).Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				ids = append(ids, v.Names...)
			}
		}
	}
	return ids
}

// countVersions finds how many versions each name has in the cell, and the parser's objects of them.
func (h *hoisted) countVersions() map[string]int {
	last := map[string]int{}
	for _, s := range h.cell.statements {
		for _, id := range newVersions(s, last) {
			last[id.Name]++
			h.tops[id.Obj] = true
		}
	}
	return last
}

// newVersions are the identifiers of which a statement makes a new version. As in any Go function,
// := assigns to the variables that this cell has declared already, if it declares others; a cell may
// also declare all of them anew.
func newVersions(s ast.Stmt, declared map[string]int) []*ast.Ident {
	ids := topNames(s)
	if _, ok := s.(*ast.AssignStmt); !ok {
		return withoutBlank(ids)
	}
	var fresh []*ast.Ident
	for _, id := range withoutBlank(ids) {
		if declared[id.Name] == 0 {
			fresh = append(fresh, id)
		}
	}
	if len(fresh) == 0 {
		return withoutBlank(ids)
	}
	return fresh
}

func withoutBlank(ids []*ast.Ident) []*ast.Ident {
	var kept []*ast.Ident
	for _, id := range ids {
		if id.Name != "_" {
			kept = append(kept, id)
		}
	}
	return kept
}

// nameUses gives the uses of hoisted variables in a statement the names of the versions that stand
// before it.
func (h *hoisted) nameUses(s ast.Stmt, declared map[*ast.Ident]bool, version, last map[string]int, name func(string) string, session *names) {
	inspectFree(s, func(id *ast.Ident) {
		switch {
		case id.Obj == nil && len(h.leads[id.Name]) > 0:
			id.Name = h.nameBefore(id.Name, func(variable string) string {
				if version[variable] == 0 {
					return oldVersion(variable)
				}
				return name(variable)
			})
		case declared[id] || last[id.Name] == 0:
		case h.tops[id.Obj]:
			id.Name = name(id.Name)
		case id.Obj != nil || version[id.Name] > 0:
		case session.kind(id.Name) == variableName:
			old := oldVersion(id.Name)
			h.earlier[old] = id.Name
			id.Name = old
		case session.kind(id.Name) != noName || predeclared(id.Name):
		case h.isPackage(id.Name):
			id.Name = oldVersion(id.Name)
		default:
			h.errs = append(h.errs, h.cell.fail(h.cell.offset(id.Pos()), "undefined: "+id.Name))
		}
	})
}

// inspectFree calls f with the identifiers in a node that may be names of the package: not with
// those behind a dot.
func inspectFree(n ast.Node, f func(*ast.Ident)) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			inspectFree(n.X, f)
			return false
		case *ast.Ident:
			f(n)
		}
		return true
	})
}

// liftStatement makes declarations of a statement that declares variables, or keeps it.
func (h *hoisted) liftStatement(k int, s ast.Stmt, version map[string]int, name func(string) string) {
	ids := topNames(s)
	h.declares = append(h.declares, withoutBlank(ids))
	if len(ids) == 0 {
		h.body = append(h.body, s)
		return
	}
	fresh := map[*ast.Ident]bool{}
	for _, id := range newVersions(s, version) {
		fresh[id] = true
		version[id.Name]++
	}
	for _, id := range withoutBlank(ids) {
		id.Name = name(id.Name)
	}
	switch s := s.(type) {
	case *ast.DeclStmt:
		h.specs = append(h.specs, s.Decl)
	case *ast.AssignStmt:
		h.liftDefine(k, s, fresh)
	}
}

// liftDefine makes `var x, y = f()` of `x, y := f()`. A variable that is assigned and not declared
// gets its value by way of another, so that the type-checker sees whether it fits.
func (h *hoisted) liftDefine(k int, s *ast.AssignStmt, fresh map[*ast.Ident]bool) {
	spec := &ast.ValueSpec{Values: s.Rhs}
	for i, e := range s.Lhs {
		id, ok := e.(*ast.Ident)
		switch {
		case !ok:
			h.errs = append(h.errs, h.cell.fail(h.cell.offset(e.Pos()), fmt.Sprintf("non-name %s on left side of :=", types.ExprString(e))))
			continue
		case fresh[id] || id.Name == "_":
			spec.Names = append(spec.Names, id)
			continue
		}
		by := &ast.Ident{NamePos: id.Pos(), Name: fmt.Sprintf("%sassigned_%d_%d", build.Marker, k, i)}
		spec.Names = append(spec.Names, by)
		h.body = append(h.body, &ast.AssignStmt{Lhs: []ast.Expr{id}, TokPos: s.TokPos, Tok: token.ASSIGN, Rhs: []ast.Expr{&ast.Ident{NamePos: id.Pos(), Name: by.Name}}})
	}
	h.specs = append(h.specs, &ast.GenDecl{TokPos: s.Pos(), Tok: token.VAR, Specs: []ast.Spec{spec}})
}
