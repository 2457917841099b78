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
// callables that it has.
var reachable = map[string]int{
	"numpy": 400, "pandas": 90, "matplotlib.pyplot": 200, "math": 45, "json": 6, "re": 10, "datetime": 6,

	// scipy's own are in its submodules. What it has for Cython alone has none.
	"scipy": 1, "scipy.cluster": 1, "scipy.cluster.hierarchy": 35, "scipy.cluster.vq": 10, "scipy.constants": 8, "scipy.datasets": 4,
	"scipy.differentiate": 3, "scipy.fft": 35, "scipy.fftpack": 25, "scipy.integrate": 30, "scipy.interpolate": 50, "scipy.io": 10,
	"scipy.io.arff": 4, "scipy.io.matlab": 10, "scipy.io.wavfile": 3, "scipy.linalg": 80, "scipy.linalg.blas": 140,
	"scipy.linalg.interpolative": 8, "scipy.linalg.lapack": 600, "scipy.ndimage": 70, "scipy.odr": 10, "scipy.optimize": 60,
	"scipy.optimize.elementwise": 3, "scipy.signal": 150, "scipy.signal.windows": 25, "scipy.sparse": 45, "scipy.sparse.csgraph": 20,
	"scipy.sparse.linalg": 35, "scipy.spatial": 15, "scipy.spatial.distance": 30, "scipy.spatial.transform": 3, "scipy.special": 300,
	"scipy.special.cython_special": 150, "scipy.stats": 200, "scipy.stats.contingency": 6, "scipy.stats.distributions": 200,
	"scipy.stats.mstats": 60, "scipy.stats.qmc": 8, "scipy.stats.sampling": 6,
}

// compile compiles packages without putting functions in the place of their calls, which takes half the time.
const compile = "-gcflags=example.com/generated/...=-l"

// TestEveryCallableIsReachable holds packages against what dir and inspect list in Python: each public callable has one
// function that calls it, with its name in Python in the comment. The packages are compiled, and a program
// calls functions of eight.
func TestEveryCallableIsReachable(t *testing.T) {
	python := venv.Installed(t, "science")
	listed := callables(t, python)
	needSubmodules(t, python)
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
	goCommand(t, dir, "build", compile, "./...")
	want, err := os.ReadFile("testdata/eight.golden")
	require.NoError(t, err)
	assert.Equal(t, string(want), goCommand(t, dir, "run", compile, "."))
}

// needSubmodules fails when scipy has a submodule that is not held against.
func needSubmodules(t *testing.T, python string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, python, "-c", "import scipy; print(*scipy.submodules)").Output()
	require.NoError(t, err)
	submodules := strings.Fields(string(out))
	require.NotEmpty(t, submodules)
	for _, name := range submodules {
		if name != "misc" { // which went away
			assert.Contains(t, reachable, "scipy."+name)
		}
	}
}

// callables are the public callables of the modules as Python lists them, but for those that a module has imported
// from typing for its own annotations, or from anywhere else for itself where __all__ says what it offers.
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
		declares := false
		for _, c := range found {
			declares = declares || c.Declared
		}
		for name, c := range found {
			foreign := c.Origin == "typing" || declares && c.Origin != "" && topOf(c.Origin) != topOf(module)
			if c.Declared || !foreign {
				names[module] = append(names[module], name)
			}
		}
	}
	return names
}

func topOf(module string) string {
	top, _, _ := strings.Cut(module, ".")
	return top
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
