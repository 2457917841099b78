package pygen_test

import (
	"context"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/venv"
	"github.com/gopy-kernel/gopy-kernel/interpreter/pygen"
)

// reachable are the modules of which every public callable has to be in the package, each with the least number of
// callables that it has. scipy's own are in its submodules.
var reachable = map[string]int{
	"numpy": 400, "pandas": 90, "matplotlib.pyplot": 200, "math": 45, "json": 6, "re": 10, "datetime": 6,
	"scipy": 1, "scipy.linalg": 80, "scipy.optimize": 60, "scipy.special": 300, "scipy.stats": 200,
}

// TestEveryCallableIsReachable holds packages against what dir and inspect list in Python: each public callable has one
// function that calls it, with its name in Python in the comment. The packages are compiled, and a program
// calls functions of eight.
func TestEveryCallableIsReachable(t *testing.T) {
	python := venv.Installed(t, "science")
	listed := callables(t, python)
	dir := module(t)
	t.Run("modules", func(t *testing.T) {
		for name, least := range reachable {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				require.GreaterOrEqual(t, len(listed[name]), least)
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
				defer cancel()
				m, err := pygen.Inspect(ctx, pygen.Query{Python: python, Module: name, Dir: "testdata"})
				require.NoError(t, err)
				assert.Empty(t, m.Skipped)
				text, err := m.Source(pygen.Options{})
				require.NoError(t, err)
				write(t, dir, strings.ReplaceAll(name, ".", "/")+"/"+pygen.FileName, string(text))
				functions := functionsByName(t, name, string(text))
				for _, callable := range listed[name] {
					if assert.Len(t, functions[callable], 1, "functions for %s.%s", name, callable) {
						assert.Contains(t, strings.Join(strings.Fields(functions[callable][0].Doc.Text()), " "), name+"."+callable)
					}
				}
			})
		}
	})
	main, err := os.ReadFile("testdata/eight.go.txt")
	require.NoError(t, err)
	write(t, dir, "main.go", string(main))
	t.Setenv("GOPY_TEST_PYTHON", python) // which goCommand gives to the program
	goCommand(t, dir, "build", "./...")
	want, err := os.ReadFile("testdata/eight.golden")
	require.NoError(t, err)
	assert.Equal(t, string(want), goCommand(t, dir, "run", "."))
}

// callables are the public callables of the modules as Python lists them, but for those that a module has imported
// from typing for its own annotations.
func callables(t *testing.T, python string) map[string][]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	args := []string{filepath.Join("testdata", "callables.py")}
	for name := range reachable {
		args = append(args, name)
	}
	out, err := exec.CommandContext(ctx, python, args...).Output()
	require.NoError(t, err)
	var said map[string]map[string]struct {
		Origin   string
		Declared bool
	}
	require.NoError(t, json.Unmarshal(out, &said))
	names := map[string][]string{}
	for module, found := range said {
		for name, c := range found {
			if c.Declared || c.Origin != "typing" {
				names[module] = append(names[module], name)
			}
		}
	}
	return names
}

// functionsByName maps what is called in Python to the functions of a package that call it.
func functionsByName(t *testing.T, module, source string) map[string][]*ast.FuncDecl {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), module, source, parser.ParseComments)
	require.NoError(t, err)
	functions := map[string][]*ast.FuncDecl{}
	for _, decl := range file.Decls {
		f, is := decl.(*ast.FuncDecl)
		if !is || f.Recv != nil || f.Name.Name == "Module" {
			continue
		}
		if names := texts(f.Body); len(names) == 1 { // what a class has is named after the class
			functions[names[0]] = append(functions[names[0]], f)
		}
	}
	return functions
}

// texts are the texts that stand in code.
func texts(code ast.Node) []string {
	var found []string
	ast.Inspect(code, func(n ast.Node) bool {
		if literal, is := n.(*ast.BasicLit); is && literal.Kind == token.STRING {
			if text, err := strconv.Unquote(literal.Value); err == nil && !slices.Contains(found, text) {
				found = append(found, text)
			}
		}
		return true
	})
	return found
}
