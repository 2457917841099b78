package pygen_test

import (
	"context"
	"errors"
	"flag"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter/pygen"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/pybridge/py"
)

var update = flag.Bool("update", false, "write the golden files")

// inspect asks the Python of the tests for a module.
func inspect(t *testing.T, module string) (*pygen.Module, error) {
	t.Helper()
	python := kerneltest.Python(t)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	return pygen.Inspect(ctx, pygen.Query{Python: python, Module: module, Dir: "testdata"})
}

func source(t *testing.T, module string, o pygen.Options) string {
	t.Helper()
	m, err := inspect(t, module)
	require.NoError(t, err)
	text, err := m.Source(o)
	require.NoError(t, err)
	return string(text)
}

func TestGolden(t *testing.T) {
	tests := map[string]pygen.Options{
		"shapes.golden":        {},
		"shapes_errors.golden": {Package: "figures", Errors: true},
	}
	for name, options := range tests {
		t.Run(name, func(t *testing.T) {
			got := source(t, "shapes", options)
			path := filepath.Join("testdata", name)
			if *update {
				require.NoError(t, os.WriteFile(path, []byte(got), 0o644))
			}
			want, err := os.ReadFile(path)
			require.NoError(t, err)
			assert.Equal(t, string(want), got)
		})
	}
}

func TestSkipped(t *testing.T) {
	m, err := inspect(t, "shapes")
	require.NoError(t, err)
	assert.Equal(t, []pygen.Skipped{{Name: "gone", Reason: "AttributeError: gone was removed in 1.1"}}, m.Skipped)
}

// TestMembers is about what belongs to a module that says so itself, and about enumerations.
func TestMembers(t *testing.T) {
	m, err := inspect(t, "colours")
	require.NoError(t, err)
	var names []string
	for _, member := range m.Members {
		names = append(names, strings.TrimPrefix(member.Of+"."+member.Name, "."))
	}
	assert.Equal(t, []string{"Colour", "Colour.DARK_RED", "Colour.RED", "Square", "fill", "json", "red"}, names)
	file, err := filepath.Abs("testdata/colours.py")
	require.NoError(t, err)
	assert.Equal(t, []string{file}, m.Files)
}

// TestStubs is about a module that says in a file of stubs what its functions return, and about classes that are hard to
// ask.
func TestStubs(t *testing.T) {
	m, err := inspect(t, "stubbed")
	require.NoError(t, err)
	assert.Empty(t, m.Skipped)
	results := map[string]string{}
	for _, member := range m.Members {
		results[member.Name] = member.Result
		for _, inner := range member.Members {
			results[member.Name+"."+inner.Name] = inner.Result
		}
	}
	tests := map[string]string{
		"pack": "Box", "count": "Box", "split": "", "either": "", "maybe": "Lid", "ring": "", "made": "",
		"Box.fill": "Box", "Box.weigh": "", "Box.copy": "Box", "Lid.shut": "Box", "Lid.copy": "Box", "Lid.fill": "", "Shut.lid": "Lid",
	}
	for name, want := range tests {
		got, found := results[name]
		assert.True(t, found, name)
		assert.Equal(t, want, got, name)
	}
}

// modules are those whose packages have to compile. Functions and methods that each must have follow.
var modules = map[string][]string{
	"math":              {"Sqrt(args ...any) *", "Pi() *", "Hypot("},
	"json":              {"Loads(", "NewJSONDecodeError(", "(x JSONDecoder) Decode_("},
	"re":                {"Match(args ...any) Match_", "NewMatch(", "IGNORECASE() RegexFlag", "Compile(args ...any) Pattern", "(x Pattern) Finditer("},
	"datetime":          {"NewDatetime(", "DatetimeNow(args ...any) Datetime", "(x Datetime) Date(args ...any) Date", "TimezoneUtc() Timezone"},
	"numpy":             {"Linspace(", "NewFloat64(", "Add(", "Linalg(", "R(", "Newaxis(", "Zeros(args ...any) Ndarray", "(x Ndarray) Reshape(args ...any) Ndarray", "(x Ndarray) Shape() *"},
	"numpy.linalg":      {"Norm(", "NewLinAlgError("},
	"pandas":            {"NewDataFrame(args ...any) DataFrame", "DataFrameFromDict(args ...any) DataFrame", "ReadCsv(", "(x DataFrame) Describe(args ...any) DataFrame", "(x DataFrame) Columns(", "(x DataFrame) Index_(", "(x Series) ToFrame(args ...any) DataFrame", "AsSeries("},
	"matplotlib.pyplot": {"Plot(", "Figure(args ...any) Figure_", "NewFigure(", "Gca(args ...any) Axes_", "(x Axes_) SetTitle(", "RcParams("},
	"scipy.stats":       {"Norm(", "Linregress("},
	"os":                {"Getpid(", "Path("},
	"io":                {"Open(", "(x StringIO) Close(args ...any)"},
	"builtins":          {"Len(", "NewRange(", "Print(", "True(", "(x Dict) Items("},
}

// TestPackagesCompile writes packages of real modules, of those that are installed, and lets the go command
// vet them: as other programs would use them, in a module of their own.
func TestPackagesCompile(t *testing.T) {
	dir := module(t)
	for name, functions := range modules {
		m, err := inspect(t, name)
		if absent, ok := errors.AsType[*pygen.ImportError](err); ok && absent.Absent {
			t.Logf("without %s, which is not installed", name)
			continue
		}
		require.NoError(t, err)
		for face, options := range map[string]pygen.Options{"panics": {}, "errors": {Errors: true}} {
			text, err := m.Source(options)
			require.NoError(t, err)
			formatted, err := format.Source(text)
			require.NoError(t, err)
			assert.Equal(t, string(formatted), string(text), "%s is not as gofmt has it", name)
			for _, f := range functions {
				if options.Errors { // the results are others
					f = f[:strings.LastIndexByte(f, '(')+1]
				}
				assert.True(t, strings.Contains(string(text), "\nfunc "+f), "%s has no %s", name, f)
			}
			write(t, dir, face+"/"+name+"/module.go", string(text))
		}
	}
	goCommand(t, dir, "vet", "./...")
}

// TestObjectNames holds the names that classes leave to objects against what objects have.
func TestObjectNames(t *testing.T) {
	for _, object := range []reflect.Type{reflect.TypeFor[*py.Object](), reflect.TypeFor[*pybridge.Object]()} {
		for m := range object.Methods() {
			p := &pygen.Module{Name: "holders", Members: []pygen.Member{{Name: "Holder", Kind: pygen.Class, Own: true, Members: []pygen.Member{{Name: m.Name, Kind: pygen.Function}}}}}
			source, err := p.Source(pygen.Options{})
			require.NoError(t, err)
			want := m.Name + "_("
			if m.Name == "Close" {
				want = "Close("
			}
			assert.Contains(t, string(source), "func (x Holder) "+want)
		}
	}
}

// TestPackagesRun calls the functions of packages.
func TestPackagesRun(t *testing.T) {
	dir := module(t)
	write(t, dir, "math/module.go", source(t, "math", pygen.Options{}))
	write(t, dir, "re/module.go", source(t, "re", pygen.Options{}))
	write(t, dir, "datetime/module.go", source(t, "datetime", pygen.Options{Errors: true}))
	main, err := os.ReadFile("testdata/run.go.txt")
	require.NoError(t, err)
	write(t, dir, "main.go", string(main))
	assert.Equal(t, "3 3.141592653589793\n1999-12-31 9999-12-31\nFriday 2000-01-01 31\nwant datetime.Timedelta, got date\nValueError: month must be in 1..12\n2 [0 1] a1b\nTypeError\n", goCommand(t, dir, "run", "."))
}

// module makes the folder of a module that requires ours.
func module(t *testing.T) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	dir := t.TempDir()
	write(t, dir, "go.mod", "module example.com/generated\n\ngo 1.26\n\nrequire github.com/gopy-kernel/gopy-kernel v0.0.0\n\nreplace github.com/gopy-kernel/gopy-kernel => "+root+"\n")
	return dir
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	path := filepath.Join(dir, filepath.FromSlash(name))
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

func goCommand(t *testing.T, dir string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off", "GOPY_PYTHON="+kerneltest.Python(t))
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, stderr.String())
	return string(out)
}

func TestErrors(t *testing.T) {
	python := kerneltest.Python(t)
	tests := map[string]struct {
		module string
		want   []string
		not    string
	}{
		"not installed":     {"nosuchmodule", []string{python + " has no module nosuchmodule\nInstall it with: ", "install nosuchmodule"}, ""},
		"another name":      {"fitz", []string{"install pymupdf"}, ""},
		"no such submodule": {"json.nosuch", []string{"has no module json.nosuch", "help(\"json\")"}, "install"},
		"not a package":     {"nosuchmodule.linalg", []string{"has no module nosuchmodule, which nosuchmodule.linalg would be in", "install nosuchmodule"}, ""},
		"fails":             {"failing", []string{"Python cannot import failing: ZeroDivisionError", "failing.py\", line 3", "1 / 0"}, "nstall"},
		"needs another":     {"needy", []string{"Python cannot import needy: ModuleNotFoundError", "No module named 'nosuchmodule'", "install nosuchmodule"}, ""},
		"exits":             {"leaving", []string{"Python cannot import leaving: SystemExit: 3"}, ""},
		"no name":           {"a/b", []string{`"a/b" is no name of a Python module`}, ""},
		"an option":         {"-m", []string{`"-m" is no name`}, ""},
		"empty":             {"", []string{`"" is no name`}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := inspect(t, test.module)
			require.Error(t, err)
			for _, want := range test.want {
				assert.Contains(t, err.Error(), want)
			}
			if test.not != "" {
				assert.NotContains(t, err.Error(), test.not)
			}
		})
	}
}

func TestNoPython(t *testing.T) {
	_, err := pygen.Inspect(t.Context(), pygen.Query{Python: "/no/such/python", Module: "math"})
	require.ErrorIs(t, err, os.ErrNotExist)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = pygen.Inspect(ctx, pygen.Query{Python: kerneltest.Python(t), Module: "math"})
	require.ErrorIs(t, err, context.Canceled)
}

func TestImportPaths(t *testing.T) {
	assert.Equal(t, "py/matplotlib/pyplot", pygen.ImportPath("matplotlib.pyplot"))
	name, ok := pygen.ModuleOf("py/matplotlib/pyplot")
	assert.True(t, ok)
	assert.Equal(t, "matplotlib.pyplot", name)
	_, ok = pygen.ModuleOf("python/numpy")
	assert.False(t, ok)
}

func TestPackageNames(t *testing.T) {
	tests := map[string]string{
		"numpy": "numpy", "matplotlib.pyplot": "pyplot", "my_module": "my_module", "pkg.select": "select_",
		"pkg.type": "type_", "main": "main_", "pkg.2d": "python2d_", "_": "__", "pkg.变": "变",
	}
	for module, want := range tests {
		assert.Equal(t, want, pygen.PackageName(module), module)
	}
	_, err := (&pygen.Module{Name: "shapes"}).Source(pygen.Options{Package: "2d"})
	require.ErrorContains(t, err, `"2d" is no name of a Go package`)
}
