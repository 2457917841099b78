package pybridge_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestComingFromPy4cl holds the table for those who come from py4cl against what is there: every symbol has
// a row, and the tests of a row exist and use the names of Go that stand in it.
func TestComingFromPy4cl(t *testing.T) {
	rows := comingRows(t)
	functions := testFunctions(t)
	described := map[string]bool{}
	for _, row := range rows {
		for _, symbol := range quoted(row.lisp) {
			described[symbol] = true
		}
		tests := quoted(row.tests)
		require.NotEmpty(t, tests, "%s has no test", row.lisp)
		used := map[string]bool{}
		for _, test := range tests {
			require.Contains(t, functions, test, "the test of %s", row.lisp)
			namesUsed(functions, test, used, map[string]bool{})
		}
		names := goNames(t, row.golang)
		require.NotEmpty(t, names, "%s has no call in Go", row.lisp)
		for _, name := range names {
			assert.True(t, used[name], "the test of %s does not use %s", row.lisp, name)
		}
	}
	for _, symbol := range py4clSymbols(t) {
		assert.True(t, described[symbol], "%s has no row", symbol)
	}
}

type comingRow struct{ lisp, golang, tests string }

func comingRows(t *testing.T) (rows []comingRow) {
	t.Helper()
	text, err := os.ReadFile("COMING-FROM-PY4CL.md")
	require.NoError(t, err)
	for _, line := range strings.Split(string(text), "\n") {
		cells := strings.Split(strings.Trim(line, "|"), " | ")
		if !strings.HasPrefix(line, "| ") || len(cells) != 3 || strings.Contains(line, "| Lisp |") {
			continue
		}
		rows = append(rows, comingRow{cells[0], cells[1], cells[2]})
	}
	require.Greater(t, len(rows), 50)
	return rows
}

var code = regexp.MustCompile("`([^`]+)`")

func quoted(text string) (found []string) {
	for _, match := range code.FindAllStringSubmatch(text, -1) {
		found = append(found, match[1])
	}
	return found
}

// goNames are the exported names in the expressions of a cell.
func goNames(t *testing.T, text string) (names []string) {
	t.Helper()
	for _, source := range quoted(text) {
		if strings.Contains(source, " \"py/") || source == "nil" {
			continue // an import, and what has no name
		}
		expr, err := parser.ParseExpr(source)
		require.NoError(t, err, "%s", source)
		ast.Inspect(expr, func(n ast.Node) bool {
			if id, is := n.(*ast.Ident); is && id.IsExported() {
				names = append(names, id.Name)
			}
			return true
		})
	}
	return names
}

func testFunctions(t *testing.T) map[string]*ast.FuncDecl {
	t.Helper()
	files, err := filepath.Glob("*_test.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	found := map[string]*ast.FuncDecl{}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		require.NoError(t, err)
		for _, d := range parsed.Decls {
			for name, run := range scenarioFunctions(d) {
				found["scenario "+name] = run
			}
			if f, is := d.(*ast.FuncDecl); is && f.Body != nil {
				found[keyOf(f)] = f
			}
		}
	}
	return found
}

// keyOf is the name of a function; that of a type's methods is that of the type, for what makes a value of
// a type may call them.
func keyOf(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	t := f.Recv.List[0].Type
	if star, is := t.(*ast.StarExpr); is {
		t = star.X
	}
	id, _ := t.(*ast.Ident)
	if id == nil {
		return "method " + f.Name.Name
	}
	return "method " + id.Name + "." + f.Name.Name
}

// scenarioFunctions takes what the table of scenarios names, as functions that do nothing else.
func scenarioFunctions(d ast.Decl) map[string]*ast.FuncDecl {
	found := map[string]*ast.FuncDecl{}
	ast.Inspect(d, func(n ast.Node) bool {
		spec, is := n.(*ast.ValueSpec)
		if !is || spec.Names[0].Name != "scenarios" {
			return true
		}
		for _, entry := range spec.Values[0].(*ast.CompositeLit).Elts {
			pair := entry.(*ast.KeyValueExpr)
			name := strings.Trim(pair.Key.(*ast.BasicLit).Value, `"`)
			found[name] = &ast.FuncDecl{Name: ast.NewIdent(name), Type: &ast.FuncType{}, Body: &ast.BlockStmt{List: []ast.Stmt{&ast.ExprStmt{X: pair.Value}}}}
		}
		return false
	})
	return found
}

// namesUsed collects the names in a function and in those of this package that it uses.
func namesUsed(functions map[string]*ast.FuncDecl, name string, used, seen map[string]bool) {
	f := functions[name]
	if f == nil || seen[name] {
		return
	}
	seen[name] = true
	ast.Inspect(f, func(n ast.Node) bool {
		if id, is := n.(*ast.Ident); is {
			used[id.Name] = true
			namesUsed(functions, id.Name, used, seen)
			for name := range functions {
				if strings.HasPrefix(name, "method "+id.Name+".") {
					namesUsed(functions, name, used, seen)
				}
			}
		}
		if text, is := n.(*ast.BasicLit); is && text.Kind == token.STRING {
			namesUsed(functions, "scenario "+strings.Trim(text.Value, `"`), used, seen)
		}
		return true
	})
}

func py4clSymbols(t *testing.T) (symbols []string) {
	t.Helper()
	text, err := os.ReadFile("testdata/py4cl-symbols.txt")
	require.NoError(t, err)
	for _, line := range lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			symbols = append(symbols, line)
		}
	}
	require.Greater(t, len(symbols), 100)
	return symbols
}
