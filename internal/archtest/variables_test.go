package archtest

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// variables finds package variables that change: those that are assigned to, and those whose type is
// made to change.
func (c *checker) variables(folder string, f *file, info *types.Info) {
	for _, d := range f.syntax.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, s := range g.Specs {
				c.declared(folder, s.(*ast.ValueSpec), info)
			}
		}
	}
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		for _, target := range targets(n) {
			c.changed(folder, target, info)
		}
		return true
	})
}

// targets are the expressions that a node changes, or gives others to change.
func targets(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		if n.Tok == token.ASSIGN {
			return []ast.Expr{n.Key, n.Value}
		}
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			return []ast.Expr{n.X}
		}
	case *ast.CallExpr:
		if id, ok := n.Fun.(*ast.Ident); ok && len(n.Args) > 0 && (id.Name == "delete" || id.Name == "clear" || id.Name == "copy") {
			return n.Args[:1]
		}
	}
	return nil
}

func (c *checker) changed(folder string, target ast.Expr, info *types.Info) {
	if target == nil {
		return
	}
	id := root(target, info)
	if id == nil {
		return
	}
	switch v := info.Uses[id].(type) {
	case *types.PkgName:
		c.report(target.Pos(), "changes a variable of package %s", v.Imported().Path())
	case *types.Var:
		if v.Parent() == v.Pkg().Scope() && !c.excepted(c.changing, folder+": "+v.Name()) {
			c.report(target.Pos(), "changes the package variable %s", v.Name())
		}
	}
}

// root is the name that an expression begins with: x of x.f[i]. For a name of another package, it is
// that of the package.
func root(e ast.Expr, info *types.Info) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.SliceExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

// declared reports variables of types that are there to change: those of package sync, channels, and
// what holds one.
func (c *checker) declared(folder string, s *ast.ValueSpec, info *types.Info) {
	expressions := s.Values
	if s.Type != nil {
		expressions = []ast.Expr{s.Type}
	}
	for _, e := range expressions {
		if !c.changes(folder, e, info, nil) {
			continue
		}
		for _, name := range s.Names {
			if !c.excepted(c.changing, folder+": "+name.Name) {
				c.report(name.Pos(), "the package variable %s is of a type that is there to change", name.Name)
			}
		}
	}
}

// changes reports whether a type, or the type that an initial value is written with, is or holds
// something that changes. Types of other packages are unknown but for those of package sync.
func (c *checker) changes(folder string, e ast.Expr, info *types.Info, seen []types.Object) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncType, *ast.FuncLit, *ast.InterfaceType:
			return false // what a function holds while it runs is its own
		case *ast.ChanType:
			found = true
		case *ast.SelectorExpr:
			found = found || below(imported(n.X, info), "sync")
		case *ast.Ident:
			if spec := c.declaration(folder, info.Uses[n]); spec != nil && !slices.Contains(seen, info.Uses[n]) {
				found = found || c.changes(folder, spec.Type, info, append(seen, info.Uses[n]))
			}
		}
		return !found
	})
	return found
}

// declaration finds where a folder declares a type.
func (c *checker) declaration(folder string, o types.Object) *ast.TypeSpec {
	name, ok := o.(*types.TypeName)
	if !ok || name.Pkg() == nil || name.Parent() != name.Pkg().Scope() {
		return nil
	}
	for _, f := range c.folders[folder] {
		for _, d := range f.syntax.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.TYPE {
				continue
			}
			for _, s := range g.Specs {
				if spec := s.(*ast.TypeSpec); spec.Name.Name == name.Name() {
					return spec
				}
			}
		}
	}
	return nil
}
