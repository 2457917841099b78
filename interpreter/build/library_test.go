package build

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/image"
)

// compilePackages compiles packages of a module that has the given files, and lists those that the worker
// does not hold.
func compilePackages(t *testing.T, w *Workspace, files map[string]string) []Compiled {
	t.Helper()
	dir := t.TempDir()
	files["go.mod"] = "module example.com/m\n\ngo 1.26\n"
	for name, text := range files {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	}
	args := append([]string{"list", "-export", "-deps", "-json=ImportPath,Name,Export,Imports,Dir", "-overlay=" + w.Overlay()}, LibraryFlags()...)
	cmd := exec.CommandContext(t.Context(), w.toolchain.Go, append(args, "./...")...)
	cmd.Dir, cmd.Env = dir, w.toolchain.Env
	out, err := cmd.Output()
	require.NoError(t, withStderr(err))
	var found []Compiled
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p struct {
			ImportPath, Name, Export, Dir string
			Imports                       []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return found
		}
		require.NoError(t, err)
		if !w.Holds(p.ImportPath) {
			found = append(found, Compiled{Path: p.ImportPath, Name: p.Name, ID: filepath.Base(p.Export), Archive: p.Export, Dir: p.Dir, Imports: p.Imports})
		}
	}
}

// twoPackages are packages of which one imports the other. Their code is new each time.
func twoPackages() map[string]string {
	return map[string]string{
		"a/a.go": fmt.Sprintf(`package a

import "fmt"

const Text = %q

type T struct{ N int }

func (t T) String() string { return fmt.Sprint(t.N) }

var V = &T{1}

func F() int { return G() }

//go:noinline
func G() int { return g() }

func g() int

func Missing() int { return missing() }
`, rand.Text()),
		"a/a_amd64.s": "#include \"textflag.h\"\n\nTEXT ·g(SB), NOSPLIT, $0-8\n\tMOVQ $7, ret+0(FP)\n\tRET\n",
		"a/link.go":   "package a\n\nimport _ \"unsafe\"\n\n//go:linkname missing runtime.neverThere\nfunc missing() int\n",
		"b/b.go":      "package b\n\nimport \"example.com/m/a\"\n\nvar S = []a.T{{2}}\n\nfunc F() int { return a.F() + S[0].N }\n",
	}
}

func TestLibrary(t *testing.T) {
	w := open(t)
	packages := compilePackages(t, w, twoPackages())
	require.Len(t, packages, 2)
	one, err := w.Library(t.Context(), packages[:1], nil)
	require.NoError(t, err)
	defer one.Close()
	two, err := w.Library(t.Context(), packages[1:], []*Library{one})
	require.NoError(t, err)
	defer two.Close()
	assert.Empty(t, one.Needs)
	assert.Equal(t, []string{one.ID}, two.Needs)
	assert.Equal(t, []LibraryPackage{{Path: "example.com/m/b", Name: "b", ID: packages[1].ID, Dir: packages[1].Dir}}, two.Packages)

	again, err := w.Library(t.Context(), packages[:1], nil)
	require.NoError(t, err)
	defer again.Close()
	assert.Equal(t, one.ID, again.ID)
	both, err := w.Library(t.Context(), packages, nil)
	require.NoError(t, err)
	defer both.Close()
	assert.NotEqual(t, one.ID, both.ID)
	assert.Empty(t, both.Needs)

	pkg, err := w.NewImporter(token.NewFileSet(), func() []*Library { return []*Library{one, two} }).Import("example.com/m/b")
	require.NoError(t, err)
	assert.NotNil(t, pkg.Scope().Lookup("F"))
	testUnitWithLibraries(t, w, one, two)
}

func testUnitWithLibraries(t *testing.T, w *Workspace, one, two *Library) {
	u := unit("func init() { println(b.F(), b.S[0].String()) }", "example.com/m/b")
	u.Libraries = []*Library{one, two}
	object, err := w.Build(t.Context(), u)
	require.NoError(t, err)
	assert.Equal(t, []string{one.Path(), two.Path()}, object.Needs)
	data, err := os.ReadFile(object.Path)
	require.NoError(t, err)
	i, err := image.Parse(data)
	require.NoError(t, err)
	assert.Equal(t, []string{one.ID, two.ID}, i.Units)
	assert.Less(t, len(data), 100_000, "nothing of the libraries is in it")

	u = unit("func init() { println(1) }")
	u.Libraries = []*Library{one, two}
	object, err = w.Build(t.Context(), u)
	require.NoError(t, err)
	assert.Empty(t, object.Needs, "it imports neither")
}

// The bodies of generic functions are compiled where they are called, and lead to types of the package that they are
// of, which a library keeps all.
func TestLibraryThatCallsGenericFunctions(t *testing.T) {
	w := open(t)
	packages := compilePackages(t, w, map[string]string{"generics/generics.go": fmt.Sprintf(`package generics

import (
	"cmp"
	"iter"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"unique"
	"weak"
)

const Text = %q

type T struct {
	text string
	next atomic.Pointer[T]
}

func F(t *T) (string, bool) {
	runtime.AddCleanup(t, func(text string) { println(text) }, Text)
	runtime.AddCleanup(t, func(p *int) { *p++ }, new(int))
	next, stop := iter.Pull(maps.Keys(map[string]*T{t.text: t}))
	defer stop()
	key, _ := next()
	all := slices.SortedFunc(slices.Values([]*T{t}), func(a, b *T) int { return cmp.Compare(a.text, b.text) })
	once := sync.OnceValues(func() (weak.Pointer[T], *T) { return weak.Make(t), t.next.Load() })
	p, _ := once()
	return unique.Make(key).Value() + reflect.TypeFor[T]().Name(), p.Value() == all[0]
}
`, rand.Text())})
	_, err := w.Library(t.Context(), packages, nil)
	require.NoError(t, err)
}

func TestLibraryExports(t *testing.T) {
	w := open(t)
	l, err := w.Library(t.Context(), compilePackages(t, w, twoPackages()), nil)
	require.NoError(t, err)
	defer l.Close()
	tests := map[string]struct {
		reference reference
		want      string
	}{
		"a function":                {reference{"example.com/m/a.F", true}, "example.com/m/a.F.abiinternal"},
		"one in assembly":           {reference{"example.com/m/a.g", false}, "example.com/m/a.g.abi0"},
		"its wrapper":               {reference{"example.com/m/a.g", true}, "example.com/m/a.g.abiinternal"},
		"a variable":                {reference{"example.com/m/a.V", false}, "example.com/m/a.V"},
		"a method":                  {reference{"example.com/m/a.T.String", true}, "example.com/m/a.T.String.abiinternal"},
		"a type":                    {reference{"type:example.com/m/a.T", false}, mangle("type:example.com/m/a.T")},
		"a type of the other":       {reference{"type:[]example.com/m/a.T", false}, mangle("type:[]example.com/m/a.T")},
		"nothing":                   {reference{"example.com/m/a.No", true}, ""},
		"the wrong convention":      {reference{"example.com/m/a.V", true}, ""},
		"a function of the runtime": {reference{"runtime.mallocgc", true}, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d, ok := l.exports.find(test.reference)
			assert.Equal(t, test.want != "", ok)
			assert.Equal(t, test.want, d.name)
		})
	}
	d, ok := l.exports.find(reference{name: "type:*example.com/m/a.T"})
	require.True(t, ok)
	r := l.exports.descriptor(d)
	assert.Len(t, r.content, int(d.size))
	assert.NotEmpty(t, r.mask)
	require.NotEmpty(t, r.leads)
	assert.Equal(t, mangle("type:example.com/m/a.T"), r.leads[0].name)
}

func TestBrokenLibraryIsMadeAnew(t *testing.T) {
	w := open(t)
	packages := compilePackages(t, w, twoPackages())
	l, err := w.Library(t.Context(), packages, nil)
	require.NoError(t, err)
	require.NoError(t, l.Close())
	require.NoError(t, os.RemoveAll(filepath.Dir(l.Path())))
	l, err = w.Library(t.Context(), packages, nil)
	require.NoError(t, err)
	require.NoError(t, l.Close())
	assert.FileExists(t, l.Path())

	_, err = openExports(packages[0].Archive)
	require.ErrorContains(t, err, "no list of symbols")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = w.Library(cancelled, compilePackages(t, w, twoPackages()), nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestNeeded(t *testing.T) {
	library := func(id string, needs ...string) *Library {
		return &Library{ID: id, Needs: needs, Packages: []LibraryPackage{{Path: id + "/p"}}}
	}
	all := []*Library{library("a"), library("b", "a"), library("c"), library("d", "a", "b")}
	tests := map[string]struct {
		imports []string
		want    []string
	}{
		"none":            {[]string{"fmt"}, nil},
		"one":             {[]string{"c/p"}, []string{"c"}},
		"what it needs":   {[]string{"d/p"}, []string{"a", "b", "d"}},
		"in their order":  {[]string{"d/p", "c/p"}, []string{"a", "b", "c", "d"}},
		"each only once":  {[]string{"a/p", "b/p"}, []string{"a", "b"}},
		"the first alone": {[]string{"a/p"}, []string{"a"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, l := range (Unit{Imports: test.imports, Libraries: all}).needed(nil) {
				got = append(got, l.ID)
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// TestLibraryOfSource compiles a package that no module has.
func TestLibraryOfSource(t *testing.T) {
	w := open(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "doubles.go")
	source := func(text string) Compiled {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
		return Compiled{Path: "our/doubles", Name: "doubles", ID: text, Dir: dir, Files: []string{file}}
	}
	l, err := w.Library(t.Context(), []Compiled{source("package doubles\n\nimport \"fmt\"\n\nfunc F(x any) string { return fmt.Sprint(x, x) }\n")}, nil)
	require.NoError(t, err)
	defer l.Close()
	fset := token.NewFileSet()
	pkg, err := w.NewImporter(fset, func() []*Library { return []*Library{l} }).Import("our/doubles")
	require.NoError(t, err)
	assert.Equal(t, file, fset.Position(pkg.Scope().Lookup("F").Pos()).Filename, "that is where its documentation stands")
	u := unit("func init() { println(doubles.F(1)) }", "our/doubles")
	u.Libraries = []*Library{l}
	_, err = w.Build(t.Context(), u)
	require.NoError(t, err)

	_, err = w.Library(t.Context(), []Compiled{source("package doubles\n\nvar n int = \"two\"\n")}, nil)
	require.ErrorContains(t, err, "compiling our/doubles: ")
	var wrong *CompileError
	require.ErrorAs(t, err, &wrong)
}
