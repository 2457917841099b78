package archtest

import (
	"go/ast"
	"go/types"
	"slices"
)

// ofTheProcess are the names by which code touches its process, by import path. What only one place
// may touch is handed down from there.
var ofTheProcess = map[string][]string{
	"os":   {"Args", "Exit", "Stdin", "Stdout", "Stderr"},
	"fmt":  {"Print", "Printf", "Println", "Scan", "Scanf", "Scanln"},
	"log":  {"Print", "Printf", "Println", "Fatal", "Fatalf", "Fatalln", "Panic", "Panicf", "Panicln"},
	"flag": {"Parse", "CommandLine"},
}

// touches finds what touches the process, and init functions.
func (c *checker) touches(f *file, info *types.Info) {
	isMain := slices.Contains(c.mains, f.path)
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if d, ok := n.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "init" && !c.excepted(c.inits, f.path) {
			c.report(d.Pos(), "an init function does work that nobody asked for")
		}
		s, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		from := imported(s.X, info)
		if isMain || !slices.Contains(ofTheProcess[from], s.Sel.Name) {
			return true
		}
		name := from + "." + s.Sel.Name
		if !c.excepted(c.process, f.path+": "+name) {
			c.report(s.Pos(), "%s is for main: have it handed in", name)
		}
		return true
	})
}

// imported is the import path of the package that an expression names; empty if it names none.
func imported(e ast.Expr, info *types.Info) string {
	id, ok := e.(*ast.Ident)
	if !ok {
		return ""
	}
	p, ok := info.Uses[id].(*types.PkgName)
	if !ok {
		return ""
	}
	return p.Imported().Path()
}
