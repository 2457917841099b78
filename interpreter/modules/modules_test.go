package modules

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/goproxytest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A desk is a notebook's folder and a session, with a proxy that has the modules of testdata/proxy.
type desk struct {
	t       *testing.T
	dir     string
	config  Config
	session *Session
	told    []string
}

// newDesk fills the notebook's folder with files, and sets up the environment: settings are added to it.
func newDesk(t *testing.T, files map[string]string, settings ...string) *desk {
	t.Helper()
	proxy := goproxytest.NewTestServer(t, filepath.Join("testdata", "proxy"), "")
	base := t.TempDir()
	d := &desk{t: t, dir: filepath.Join(base, "notebook")}
	d.write("", files)
	d.config = Config{
		Go: "go", Dir: d.dir, State: base, Versions: filepath.Join(base, "versions.json"),
		Env: append(os.Environ(), append([]string{
			"GOPROXY=" + proxy.URL, "GOSUMDB=off", "GOMODCACHE=" + filepath.Join(base, "cache"), "GOFLAGS=-modcacherw",
			"GOTOOLCHAIN=local", "GOWORK=", "GOENV=off",
		}, settings...)...),
	}
	d.open()
	return d
}

func (d *desk) open() {
	d.t.Helper()
	session, err := New(d.config)
	require.NoError(d.t, err)
	d.session = session
	d.t.Cleanup(func() { assert.NoError(d.t, session.Close()) })
}

func (d *desk) write(folder string, files map[string]string) {
	d.t.Helper()
	require.NoError(d.t, os.MkdirAll(d.dir, 0o755))
	for name, text := range files {
		path := filepath.Join(d.dir, folder, name)
		require.NoError(d.t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(d.t, os.WriteFile(path, []byte(text), 0o644))
	}
}

func (d *desk) try(r Request) (*Found, error) {
	d.t.Helper()
	ctx, cancel := context.WithTimeout(d.t.Context(), 2*time.Minute)
	defer cancel()
	d.told = nil
	return d.session.Resolve(ctx, r, func(verb, what string) { d.told = append(d.told, verb+" "+what) })
}

// resolve keeps what it finds, and says what modules the packages are of, in order.
func (d *desk) resolve(r Request) (*Found, []string) {
	d.t.Helper()
	found, err := d.try(r)
	require.NoError(d.t, err)
	require.NoError(d.t, found.Keep())
	var names []string
	for _, p := range found.Packages {
		if !p.Standard {
			assert.FileExists(d.t, p.Export)
			names = append(names, p.String())
		}
	}
	return found, names
}

// files are all files in the notebook's folder, with their texts.
func (d *desk) files() map[string]string {
	d.t.Helper()
	files := map[string]string{}
	require.NoError(d.t, filepath.WalkDir(d.dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		files[path] = string(text)
		return err
	}))
	return files
}

const (
	geometry10 = "example.com/geometry v1.0.0"
	geometry11 = "example.com/geometry v1.1.0"
	drawing    = "example.com/drawing v0.3.0"
)

func imports(paths ...string) Request { return Request{Import: paths} }

func TestFetchesTheNewest(t *testing.T) {
	d := newDesk(t, nil)
	found, names := d.resolve(imports("example.com/geometry"))
	assert.Equal(t, []string{geometry11}, names)
	assert.Equal(t, "geometry", found.Packages[len(found.Packages)-1].Name)
	assert.Contains(t, d.told, "downloading "+geometry11)
	assert.Contains(t, d.told, "compiling example.com/geometry")
	assert.Empty(t, d.files(), "nothing is written beside the notebook")

	_, names = d.resolve(imports("example.com/geometry", "example.com/geometry/solid"))
	assert.Equal(t, []string{geometry11, geometry11}, names)
	assert.NotContains(t, strings.Join(d.told, "\n"), "downloading")
}

func TestGetPins(t *testing.T) {
	d := newDesk(t, nil)
	_, names := d.resolve(Request{Get: []string{"example.com/geometry@v1.0.0"}, Import: []string{"example.com/geometry"}})
	assert.Equal(t, []string{geometry10}, names)
	_, names = d.resolve(imports("example.com/geometry"))
	assert.Equal(t, []string{geometry10}, names)

	// What drawing needs comes before what was asked for first.
	_, names = d.resolve(imports("example.com/geometry", "example.com/drawing"))
	assert.Equal(t, []string{geometry11, drawing}, names)
}

func TestWhatIsNotKeptIsForgotten(t *testing.T) {
	d := newDesk(t, nil)
	d.resolve(Request{Get: []string{"example.com/geometry@v1.0.0"}})
	_, err := d.try(Request{Get: []string{"example.com/geometry@latest"}})
	require.NoError(t, err)
	_, names := d.resolve(imports("example.com/geometry"))
	assert.Equal(t, []string{geometry10}, names)
}

func TestNextSessionTakesTheSameVersion(t *testing.T) {
	d := newDesk(t, nil)
	d.resolve(Request{Get: []string{"example.com/geometry@v1.0.0"}, Import: []string{"example.com/geometry"}})
	require.NoError(t, d.session.Close())
	d.config.Env = append(d.config.Env, "GOPROXY=off") // what was downloaded is enough
	d.open()
	_, names := d.resolve(imports("example.com/geometry"))
	assert.Equal(t, []string{geometry10}, names)
}

func TestRememberedVersionThatDoesNotDo(t *testing.T) {
	d := newDesk(t, nil)
	require.NoError(t, os.WriteFile(d.config.Versions, []byte(`{"example.com/geometry": "v1.0.0"}`), 0o644))
	_, names := d.resolve(imports("example.com/geometry/solid"))
	assert.Equal(t, []string{geometry11, geometry11}, names)
}

var usersModule = map[string]string{
	"go.mod":         "module example.com/user\n\ngo 1.26\n\nrequire example.com/geometry v1.0.0\n",
	"go.sum":         "",
	"inner/inner.go": "package inner\n\nimport \"example.com/geometry\"\n\nvar Version = geometry.Version\n",
}

func TestUsersModule(t *testing.T) {
	d := newDesk(t, usersModule)
	before := d.files()
	found, names := d.resolve(imports("./inner", "example.com/geometry"))
	assert.Equal(t, []string{geometry10, "example.com/user/inner"}, names)
	assert.Equal(t, map[string]string{"./inner": "example.com/user/inner"}, found.Paths)

	// What it does not require is fetched for the session.
	_, names = d.resolve(imports("example.com/user/inner", "example.com/drawing"))
	assert.Equal(t, []string{geometry11, "example.com/user/inner", drawing}, names)
	assert.Equal(t, before, d.files())

	// When the user changes the module, that counts.
	d.write("", map[string]string{"go.mod": before[filepath.Join(d.dir, "go.mod")] + "\nrequire example.com/drawing v0.3.0\n"})
	_, names = d.resolve(imports("example.com/drawing"))
	assert.Equal(t, []string{geometry11, drawing}, names)
}

func TestUsersModuleAbove(t *testing.T) {
	d := newDesk(t, usersModule)
	d.config.Dir = filepath.Join(d.dir, "inner")
	d.open()
	_, names := d.resolve(imports("."))
	assert.Equal(t, []string{geometry10, "example.com/user/inner"}, names)
}

func TestWorkspace(t *testing.T) {
	d := newDesk(t, map[string]string{
		"go.work":    "go 1.26\n\nuse ./one\nuse ./two\n",
		"one/go.mod": "module example.com/one\n\ngo 1.26\n", "one/one.go": "package one\n\nimport \"example.com/two\"\n\nvar Two = two.Two\n",
		"two/go.mod": "module example.com/two\n\ngo 1.26\n", "two/two.go": "package two\n\nconst Two = 2\n",
	})
	before := d.files()
	_, names := d.resolve(imports("example.com/one"))
	assert.Equal(t, []string{"example.com/two", "example.com/one"}, names)
	_, names = d.resolve(imports("example.com/one", "example.com/geometry"))
	assert.Equal(t, []string{"example.com/two", "example.com/one", geometry11}, names)
	_, names = d.resolve(imports("example.com/geometry", "example.com/drawing"))
	assert.Equal(t, []string{geometry11, drawing}, names)
	assert.Equal(t, before, d.files())
}

func TestVendor(t *testing.T) {
	d := newDesk(t, map[string]string{
		"go.mod":             "module example.com/user\n\ngo 1.26\n\nrequire example.com/geometry v1.0.0\n",
		"vendor/modules.txt": "# example.com/geometry v1.0.0\n## explicit\nexample.com/geometry\n",
		"vendor/example.com/geometry/geometry.go": "package geometry\n\nconst Version = \"mended by the user\"\n",
	}, "GOPROXY=off")
	found, names := d.resolve(imports("example.com/geometry"))
	assert.Equal(t, []string{geometry10}, names)
	assert.Contains(t, found.Packages[len(found.Packages)-1].Dir, "vendor")

	_, err := d.try(imports("example.com/drawing"))
	require.ErrorContains(t, err, "go mod vendor")
	_, err = d.try(Request{Get: []string{"example.com/geometry@v1.1.0"}})
	require.ErrorContains(t, err, "go mod vendor")
}

func TestFoldersWithoutModule(t *testing.T) {
	d := newDesk(t, map[string]string{
		"shapes/shapes.go":    "package shapes\n\nimport \"example.com/geometry\"\n\nvar Version = geometry.Version\n",
		"other/go.mod":        "module example.com/other\n",
		"other/deep/deep.go":  "package deep\n\nconst Depth = 3\n",
		"notebooks/plot/p.go": "package plot\n",
	})
	d.config.Dir = filepath.Join(d.dir, "notebooks")
	d.open()
	before := d.files()
	found, names := d.resolve(imports("./plot", "../shapes", "../other/deep", "example.com/geometry"))
	assert.Equal(t, map[string]string{"./plot": "local/plot", "../shapes": "local/up/shapes", "../other/deep": "example.com/other/deep"}, found.Paths)
	assert.ElementsMatch(t, []string{"local/plot", geometry11, "local/up/shapes", "example.com/other/deep"}, names)
	assert.Equal(t, before, d.files())
	for _, p := range found.Packages {
		assert.Equal(t, !strings.Contains(p.ImportPath, "geometry"), p.Local() || p.Standard, p.ImportPath)
	}

	d.write("", map[string]string{"shapes/go.mod": "module example.com/shapes\n\nrequire example.com/geometry v1.0.0\n"})
	found, _ = d.resolve(imports("../shapes"))
	assert.Equal(t, map[string]string{"../shapes": "example.com/shapes"}, found.Paths)
}

// TestIDs has a package whose source changes: the compiled package must be another one then.
func TestIDs(t *testing.T) {
	d := newDesk(t, map[string]string{"shapes/shapes.go": "package shapes\n\nfunc F() int { return 1 }\n"})
	id := func() string {
		found, _ := d.resolve(imports("./shapes"))
		return found.Packages[len(found.Packages)-1].ID()
	}
	first := id()
	assert.Equal(t, first, id())
	d.write("", map[string]string{"shapes/shapes.go": "package shapes\n\nfunc F() int { return 2 }\n"})
	assert.NotEqual(t, first, id())
}

func TestErrors(t *testing.T) {
	tests := map[string]struct {
		request  Request
		settings []string
		want     []string
	}{
		"no such module":   {imports("example.com/nowhere"), nil, []string{"example.com/nowhere: ", "Check the spelling", "GOPRIVATE=example.com/nowhere"}},
		"one of several":   {imports("example.com/geometry", "example.com/nowhere"), nil, []string{"example.com/nowhere: "}},
		"no such package":  {imports("example.com/geometry/flat"), nil, []string{"example.com/geometry", "does not contain package example.com/geometry/flat", "last part"}},
		"no such version":  {Request{Get: []string{"example.com/geometry@v7.0.0"}}, nil, []string{"example.com/geometry@v7.0.0: ", "Check the spelling"}},
		"not in std":       {imports("foo/bar"), nil, []string{"foo/bar: package foo/bar is not in std", "dot in it"}},
		"a program":        {Request{Get: []string{"example.com/geometry@v1.0.0"}, Import: []string{"example.com/geometry/cmd/measure"}}, nil, []string{"it is a program"}},
		"newer Go":         {imports("example.com/future"), nil, []string{"example.com/future", "Install Go 1.99", "%get example.com/future@VERSION"}},
		"does not compile": {imports("example.com/broken"), nil, []string{"example.com/broken", "no number"}},
		"proxy off":        {imports("example.com/geometry"), []string{"GOPROXY=off"}, []string{"example.com/geometry: ", "GOPROXY is off"}},
		"no connection":    {imports("example.com/geometry"), []string{"GOPROXY=http://127.0.0.1:1"}, []string{"example.com/geometry: ", "no connection"}},
		"no such folder":   {imports("./shapes"), nil, []string{"./shapes: there is no folder"}},
		"an empty folder":  {imports("."), nil, []string{"no Go files"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t, nil, test.settings...)
			_, err := d.try(test.request)
			var known *Error
			require.ErrorAs(t, err, &known)
			for _, want := range test.want {
				assert.Contains(t, err.Error(), want)
			}
			left, err := filepath.Glob(filepath.Join(d.config.State, "gopy-session-*", "*", "go.mod"))
			require.NoError(t, err)
			assert.Empty(t, left, "a failed attempt leaves nothing")
		})
	}
}

// TestPrivateModule has a module in a git repository that only the user's settings lead to.
func TestPrivateModule(t *testing.T) {
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("there is no git")
	}
	repository := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.org/team/secret.git\n\ngo 1.26\n", "secret.go": "package secret\n\nconst Word = \"sesame\"\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(repository, name), []byte(text), 0o644))
	}
	for _, args := range [][]string{{"init", "-q"}, {"add", "."}, {"-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-q", "-m", "first"}, {"tag", "v1.2.3"}} {
		cmd := exec.Command("git", args...)
		cmd.Dir = repository
		said, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", said)
	}
	git := []string{"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url." + repository + ".insteadOf", "GIT_CONFIG_VALUE_0=https://example.org/team/secret", "GIT_ALLOW_PROTOCOL=file:https"}

	d := newDesk(t, nil, append(git, "GOPRIVATE=example.org/team")...)
	_, names := d.resolve(imports("example.org/team/secret.git"))
	assert.Equal(t, []string{"example.org/team/secret.git v1.2.3"}, names)

	d = newDesk(t, nil, git...)
	_, err := d.try(imports("example.org/team/secret.git"))
	require.ErrorContains(t, err, "GOPRIVATE=example.org/team")
}

func TestInterrupted(t *testing.T) {
	d := newDesk(t, nil)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := d.session.Resolve(ctx, imports("example.com/geometry"), nil)
	require.ErrorIs(t, err, context.Canceled)
}

func TestKeptFlags(t *testing.T) {
	assert.Equal(t, "-mod=vendor -modcacherw", keptFlags("-race -mod=vendor -tags=x -modcacherw -modfile=other.mod"))
}

func TestConfig(t *testing.T) {
	_, err := New(Config{Go: "go"})
	require.ErrorContains(t, err, "notebook's folder")
}

// TestSessionRequiresNothingOfOurs: what the kernel is built of must not be in the user's build, where its
// versions would count.
func TestSessionRequiresNothingOfOurs(t *testing.T) {
	d := newDesk(t, nil)
	d.resolve(imports("example.com/geometry"))
	found := 0
	require.NoError(t, filepath.WalkDir(d.config.State, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.Name() != "go.mod" || strings.Contains(path, d.dir) || strings.Contains(path, string(filepath.Separator)+"cache"+string(filepath.Separator)) {
			return err
		}
		found++
		text, err := os.ReadFile(path)
		assert.Contains(t, string(text), "example.com/geometry")
		assert.NotContains(t, string(text), "gopy-kernel/gopy-kernel")
		assert.NotContains(t, string(text), "zmq")
		return err
	}))
	require.NotZero(t, found)
}
