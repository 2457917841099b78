package interpreter_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/goproxytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newProxySession makes a session that fetches modules from a proxy of its own, which has what is in
// modules/testdata/proxy. No network is needed.
func newProxySession(t *testing.T, dir string, settings ...string) *session {
	t.Helper()
	proxy := goproxytest.NewTestServer(t, filepath.Join("modules", "testdata", "proxy"), "")
	env := []string{"GOPROXY=" + proxy.URL, "GOSUMDB=off", "GOMODCACHE=" + t.TempDir(), "GOFLAGS=-modcacherw", "GOWORK=", "GOENV=off"}
	return newModuleSession(t, dir, append(env, settings...)...)
}

// fetching runs a cell that must not fail, and says what it showed and told.
func (s *session) fetching(source string) (shown, told string) {
	s.t.Helper()
	out, failed := s.runLong(source)
	if failed != nil {
		s.t.Fatalf("cell failed:\n%s\n%s", source, strings.Join(failed.Traceback, "\n"))
	}
	return out.String(), out.said.String()
}

// failing runs a cell that must fail, and says how.
func (s *session) failing(source string) string {
	s.t.Helper()
	_, failed := s.runLong(source)
	require.NotNil(s.t, failed, source)
	return withoutColours(strings.Join(failed.Traceback, "\n"))
}

func TestImportFetches(t *testing.T) {
	s := newProxySession(t, t.TempDir())
	shown, told := s.fetching("import \"example.com/geometry\"\narea := geometry.Area(3)\ngeometry.Version")
	assert.Equal(t, "[v1.1.0]\n", shown)
	assert.Contains(t, told, "downloading example.com/geometry v1.1.0\n")
	assert.Regexp(t, `\rcompiled 1 package *\n$`, told)

	shown, told = s.fetching("import \"example.com/geometry/solid\"\nsolid.Volume(2) + area")
	assert.Equal(t, "[17]\n", shown)
	assert.NotContains(t, told, "downloading")

	shown, told = s.fetching("import \"example.com/geometry\"\ngeometry.Area(5)")
	assert.Equal(t, "[25]\n", shown)
	assert.Empty(t, told, "what is there is not looked for again")
}

func TestGetPins(t *testing.T) {
	s := newProxySession(t, t.TempDir())
	s.fetching("%get example.com/geometry@v1.0.0")
	shown, _ := s.fetching("import \"example.com/geometry\"\ngeometry.Version")
	assert.Equal(t, "[v1.0.0]\n", shown)
}

func TestVersionOfLoadedModule(t *testing.T) {
	s := newProxySession(t, t.TempDir())
	s.fetching("%get example.com/geometry@v1.0.0\nimport \"example.com/geometry\"\nside := 2.0\ngeometry.Area(side)")
	pid := s.worker.PID()
	failed := s.failing("side++\n%get example.com/geometry@v1.1.0")
	assert.Contains(t, failed, "In[2]:2:1: could not get example.com/geometry: example.com/geometry v1.0.0 is loaded, and v1.1.0 is wanted")
	assert.Contains(t, failed, "%restart")
	assert.Contains(t, failed, "%get example.com/geometry@v1.1.0\n      | ^", "the line is quoted as it was written")
	shown, _ := s.fetching("fmt.Sprint(side, geometry.Version)")
	assert.Equal(t, "[2v1.0.0]\n", shown, "nothing of the cell was done")

	out := &patientOutput{answer: "y\n"}
	require.Nil(t, s.executeInto("%get example.com/geometry@v1.1.0\ngeometry.Version", out))
	assert.Contains(t, out.asked, "v1.0.0 is loaded, and v1.1.0 is wanted")
	assert.Contains(t, out.said.String(), "The worker was restarted. Lost: side.")
	assert.Equal(t, "[v1.1.0]\n", out.String())
	assert.NotEqual(t, pid, s.worker.PID())
}

// TestLoadedVersionIsHeld imports what needs a newer version of a module than is loaded.
func TestLoadedVersionIsHeld(t *testing.T) {
	s := newProxySession(t, t.TempDir())
	s.fetching("%get example.com/geometry@v1.0.0\nimport \"example.com/geometry\"\nside := 2.0\ngeometry.Area(side)")
	shown, told := s.fetching("import \"example.com/drawing\"\nfmt.Sprint(drawing.Geometry(), side)")
	assert.Equal(t, "[v1.0.02]\n", shown)
	assert.Contains(t, told, "note: example.com/geometry stays at v1.0.0, which is loaded; v1.1.0 is asked for now, and taken after %restart\n")

	_, told = s.fetching("%restart")
	assert.Contains(t, told, "Lost: side.")
	shown, _ = s.fetching("drawing.Geometry() + geometry.Version")
	assert.Equal(t, "[v1.1.0v1.1.0]\n", shown)

	// A package that the loaded version does not have cannot be had.
	s = newProxySession(t, t.TempDir())
	s.fetching("%get example.com/geometry@v1.0.0\nimport \"example.com/geometry\"\ngeometry.Version")
	assert.Contains(t, s.failing("import \"example.com/geometry/solid\""), "v1.0.0 is loaded, and v1.1.0 is wanted")
}

// TestTypesAreShared lets cells and libraries bring the same types and itabs, in all orders.
func TestTypesAreShared(t *testing.T) {
	s := newProxySession(t, t.TempDir())
	s.fetching(`import "example.com/shapes"
squares := any([]shapes.Square{{1}})
drawers := any(map[shapes.Square][]shapes.Shape{})
named := any(shapes.Square{2}).(fmt.Stringer)
first := shapes.New(3)`)
	shown, _ := s.fetching(`import "example.com/shapes/report"
fmt.Println(report.KnowsSlice(squares), report.KnowsMap(drawers), report.Same(named), named == report.Named)
fmt.Println(reflect.TypeOf(squares) == reflect.SliceOf(reflect.TypeFor[shapes.Square]()), report.Made() == shapes.Made())`)
	assert.Equal(t, "true true true true\ntrue true\n", shown)
	shown, _ = s.fetching(`type framed struct{ shapes.Shape }
shapes.Each([]shapes.Shape{first, framed{first}}, func(s shapes.Shape) { fmt.Print(s.Area(), " ") })
area := shapes.Shape.Area
fmt.Printf("%T %T %v %d\n", first, framed{}, area(framed{first}), report.Made())`)
	assert.Equal(t, "9 9 shapes.Square main.framed 9 4\n", shown)
}

func TestLibraryThatPanics(t *testing.T) {
	s := newProxySession(t, t.TempDir())
	for range 2 {
		assert.Contains(t, s.failing("import \"example.com/shapes/failing\"\nfailing.F()"), "panic in an init function: no configuration")
	}
	shown, _ := s.fetching("import \"example.com/shapes\"\nshapes.Square{2}.Area()")
	assert.Equal(t, "[4]\n", shown)
}

// TestLibrariesAfterCrash has libraries in a worker that replaces one that was killed.
func TestLibrariesAfterCrash(t *testing.T) {
	s := newProxySession(t, t.TempDir())
	s.fetching("import \"example.com/shapes\"\nimport \"example.com/shapes/report\"\ns := shapes.Square{2}\nreport.Same(s)")
	require.NoError(t, syscall.Kill(s.worker.PID(), syscall.SIGKILL))
	for {
		if _, failed := s.runLong("1"); failed == nil {
			break // it was noticed that the worker has gone
		}
	}
	shown, _ := s.fetching("s := shapes.Square{2}\nreport.Same(s)")
	assert.Equal(t, "[true]\n", shown)
}

func TestFolderBesideNotebook(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) {
		require.NoError(t, os.MkdirAll(filepath.Join(dir, "count"), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "count", "count.go"), []byte(text), 0o644))
	}
	write("package count\n\nimport \"example.com/geometry\"\n\nfunc Next() string { return geometry.Version }\n")
	s := newProxySession(t, dir)
	shown, _ := s.fetching("import \"./count\"\nx := 1\ncount.Next()")
	assert.Equal(t, "[v1.1.0]\n", shown)
	shown, _ = s.fetching("count.Next()")
	assert.Equal(t, "[v1.1.0]\n", shown)

	write("package count\n\nfunc Next() string { return \"mended\" }\n")
	assert.Contains(t, s.failing("import \"./count\"\ncount.Next()"), "local/count has changed since it was loaded")
	_, told := s.fetching("%restart")
	assert.Contains(t, told, "Lost: x.")
	shown, _ = s.fetching("count.Next()")
	assert.Equal(t, "[mended]\n", shown)
}

func TestModuleBesideNotebook(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":                  "module example.com/user\n\ngo 1.26\n\nrequire example.com/geometry v1.0.0\n",
		"internal/inner/inner.go": "package inner\n\nimport \"example.com/geometry\"\n\nvar Version = geometry.Version\n",
		"notebooks/keep":          "",
	} {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755))
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	s := newProxySession(t, filepath.Join(dir, "notebooks"))
	shown, _ := s.fetching("import \"example.com/user/internal/inner\"\nimport \"example.com/geometry\"\ninner.Version + geometry.Version")
	assert.Equal(t, "[v1.0.0v1.0.0]\n", shown)
	text, err := os.ReadFile(filepath.Join(dir, "go.mod"))
	require.NoError(t, err)
	assert.Contains(t, string(text), "geometry v1.0.0\n", "the user's module is as it was")
	assert.NoFileExists(t, filepath.Join(dir, "go.sum"))
}

func TestImportErrors(t *testing.T) {
	tests := map[string]struct {
		cell     string
		settings []string
		want     []string
	}{
		"no such module": {"x := 1\nimport \"example.com/nowhere\"", nil, []string{"In[1]:2:8: could not import example.com/nowhere: ", "Check the spelling of the path.", "GOPRIVATE"}},
		"in a group":     {"import (\n\t\"fmt\"\n\tn \"example.com/nowhere\"\n)", nil, []string{"In[1]:3:4: could not import example.com/nowhere"}},
		"offline":        {"import \"example.com/geometry\"", []string{"GOPROXY=http://127.0.0.1:1"}, []string{"could not import example.com/geometry: ", "no connection"}},
		"no such std":    {"import \"nowhere\"", nil, []string{"could not import nowhere: package nowhere is not in std"}},
		"no folder":      {"import \"./nowhere\"", nil, []string{"could not import ./nowhere: there is no folder"}},
		"a broken one":   {"import \"example.com/broken\"", nil, []string{"could not import example.com/broken: ", "no number"}},
		"newer Go":       {"import \"example.com/future\"", nil, []string{"Install Go 1.99"}},
		"no version":     {"%get example.com/geometry@v9.0.0", nil, []string{"In[1]:1:1: could not get example.com/geometry@v9.0.0: "}},
		"get nothing":    {"%get", nil, []string{"In[1]:1:1: %get MODULE@VERSION"}},
		"no command":     {"x := 1\n%fly high", nil, []string{"In[1]:2:1: there is no %fly; %help lists what there is"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newProxySession(t, t.TempDir(), test.settings...)
			failed := s.failing(test.cell)
			for _, want := range test.want {
				assert.Contains(t, failed, want)
			}
			assert.Contains(t, s.failing("x"), "undefined: x", "nothing of the cell was run")
		})
	}
}

func TestEditorServicesOfModules(t *testing.T) {
	s := newProxySession(t, t.TempDir())
	s.fetching("import \"example.com/geometry\"\ngeometry.Version")
	code := "geometry.A"
	completion, err := s.interpreter.Complete(t.Context(), code, len(code))
	require.NoError(t, err)
	require.Len(t, completion.Items, 1)
	assert.Equal(t, "Area", completion.Items[0].Text)
	code = "import \"example."
	completion, err = s.interpreter.Complete(t.Context(), code, len(code))
	require.NoError(t, err)
	require.NotEmpty(t, completion.Items)
	assert.Contains(t, completion.Items[0].Text, "example.com/geometry")
	found, ok, err := s.interpreter.Inspect(t.Context(), "geometry.Area", 12, 0)
	require.NoError(t, err)
	require.True(t, ok)
	assert.Contains(t, plainText(found), "Area is that of a square.")
}

// TestModuleWithC calls C code and lets it call Go, also where that panics, and on many threads.
func TestModuleWithC(t *testing.T) {
	s := newProxySession(t, t.TempDir())
	shown, _ := s.fetching(`import "example.com/native"
fmt.Println(native.Add(2, 3), native.Count(), native.Twice(4), native.Root(2) == math.Sqrt2, native.Copy("gopher"))`)
	assert.Equal(t, "5 4 80 true gopher\n", shown)
	shown, _ = s.fetching(`native.Factor = 7
func() {
	defer func() { fmt.Println(recover()) }()
	native.Twice(-1)
}()
native.Apply(3) + native.Count()`)
	assert.Equal(t, "-1 is negative\n[25]\n", shown)
	shown, _ = s.fetching(`var wg sync.WaitGroup
var sum atomic.Int64
for i := range 100 {
	wg.Go(func() { runtime.LockOSThread(); sum.Add(int64(native.Twice(i))) })
}
wg.Wait()
runtime.GC()
sum.Load()`)
	assert.Equal(t, "[69300]\n", shown)
	pid := s.worker.PID()
	assert.Contains(t, s.failing("native.Twice(-2)"), "panic: -2 is negative")
	assert.Equal(t, pid, s.worker.PID())
}

func TestModuleWithCPlusPlus(t *testing.T) {
	if _, err := exec.LookPath("g++"); err != nil {
		t.Skip("there is no g++")
	}
	s := newProxySession(t, t.TempDir())
	shown, _ := s.fetching("import \"example.com/native/cpp\"\nfmt.Println(cpp.Total(4), cpp.Total(11))")
	assert.Equal(t, "10 -66\n", shown)
}

// TestInterruptedFetch has a proxy that never answers.
func TestInterruptedFetch(t *testing.T) {
	asked, end := make(chan struct{}, 10), make(chan struct{})
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-end
	}))
	t.Cleanup(func() { close(end); proxy.Close() })
	s := newProxySession(t, t.TempDir(), "GOPROXY="+proxy.URL)
	s.must("x := 1")
	failed := make(chan string)
	go func() {
		_, err := s.runLong("x++\nimport \"example.com/geometry\"\ngeometry.Version")
		failed <- err.Name
	}()
	<-asked
	s.interpreter.Interrupt()
	select {
	case name := <-failed:
		assert.Equal(t, "interrupt", name)
	case <-time.After(time.Minute):
		t.Fatal("the cell goes on after an interrupt")
	}
	assert.Equal(t, "[1]\n", s.must("x"), "nothing of the cell was run")
}
