package locate_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// fakePython writes a script that answers the probe as an interpreter would. It stands in for
// interpreters that no test machine has; the real ones are tested too.
func fakePython(t *testing.T, path, answer string) string {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	script := "#!/bin/sh\necho noise\ncat <<'END'\ngopy-probe:" + answer + "\nEND\n"
	require.NoError(t, os.WriteFile(path, []byte(script), 0o755))
	return path
}

func answer(fields string) string {
	return `{"implementation": "cpython", "version": [3, 12, 1], "maxsize": 9223372036854775807, "abiflags": ""` + fields + `}`
}

// realPython is an interpreter of this machine with its library, for tests that need one.
func realPython(t *testing.T) *locate.Candidate {
	t.Helper()
	report, err := locate.Find(t.Context(), locate.Options{})
	if err != nil {
		t.Skipf("this machine has no usable Python: %v", err)
	}
	return report.Chosen
}

func TestTheOrderOfPlaces(t *testing.T) {
	dir := t.TempDir()
	python := func(parts ...string) string {
		return fakePython(t, filepath.Join(append([]string{dir}, parts...)...), answer(`, "base_prefix": "/nowhere"`))
	}
	work := filepath.Join(dir, "project", "notebooks", "deep")
	require.NoError(t, os.MkdirAll(work, 0o755))
	virtual := python("virtual", "bin", "python")
	conda := python("conda", "bin", "python3")
	dot := python("project", ".venv", "bin", "python")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "project", ".venv", "pyvenv.cfg"), nil, 0o644))
	python("pyenv", "versions", "3.12.9", "bin", "python")
	python("pyenv", "versions", "3.12.10rc1", "bin", "python")
	pyenv := python("pyenv", "versions", "3.12.10", "bin", "python")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "project", ".python-version"), []byte("3.12\n"), 0o644))
	project := python("project", "environment", "bin", "python")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "project", "pyproject.toml"), nil, 0o644))
	python("home", ".asdf", "installs", "python", "3.12.3", "bin", "python")
	asdf := python("home", ".asdf", "installs", "python", "3.11.9", "bin", "python")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "project", ".tool-versions"), []byte("golang 1.26\npython 3.11.9 system # ours\n"), 0o644))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "home", ".tool-versions"), []byte("python 3.12.3\n"), 0o644))
	free := python("home", ".local", "share", "uv", "python", "cpython-3.14.0+freethreaded-linux-x86_64-gnu", "bin", "python3")
	older := python("home", ".local", "share", "uv", "python", "cpython-3.9.20-linux-x86_64-gnu", "bin", "python3")
	newer := python("home", ".local", "share", "uv", "python", "cpython-3.12.7-linux-x86_64-gnu", "bin", "python3")
	first := python("first", "python3")
	second := python("second", "python3")
	plain := python("first", "python")
	report, err := locate.Find(t.Context(), locate.Options{Dir: work, All: true, Environ: []string{
		"VIRTUAL_ENV=" + filepath.Join(dir, "virtual"), "CONDA_PREFIX=" + filepath.Join(dir, "conda"),
		"PYENV_ROOT=" + filepath.Join(dir, "pyenv"), "HOME=" + filepath.Join(dir, "home"), "UV_PROJECT_ENVIRONMENT=environment",
		"PATH=" + filepath.Join(dir, "first") + ":" + filepath.Join(dir, "second") + ":" + filepath.Join(dir, "first") + ":/usr/bin:/bin",
	}})
	if err != nil {
		require.ErrorAs(t, err, new(*locate.NotFoundError))
	}
	var got []string
	for _, c := range report.Candidates {
		if strings.HasPrefix(c.Path, dir) {
			got = append(got, c.Source+" "+c.Path)
		}
	}
	assert.Equal(t, []string{
		"VIRTUAL_ENV " + virtual, "CONDA_PREFIX " + conda, ".venv " + dot, "UV_PROJECT_ENVIRONMENT " + project,
		"pyenv " + pyenv, "asdf " + asdf, "PATH " + first, "PATH " + second, "PATH " + plain, "uv " + newer, "uv " + older, "uv " + free,
	}, got)
}

func TestTheTableOfCandidates(t *testing.T) {
	r := &locate.Report{Candidates: []*locate.Candidate{
		{Source: "VIRTUAL_ENV", Path: "/gone/bin/python", Reason: "there is no such file"},
		{Source: ".venv", Path: "/a/.venv/bin/python", Python: &locate.Python{Version: [3]int{3, 12, 1}}, Library: "/lib/libpython3.12.so.1.0"},
		{Source: "PATH", Path: "/b/python3", Reason: "it has no library", Remedy: "install it"},
	}}
	r.Chosen = r.Candidates[1]
	assert.Equal(t, "  /gone/bin/python (VIRTUAL_ENV): there is no such file\n"+
		"* /a/.venv/bin/python (.venv): 3.12.1, /lib/libpython3.12.so.1.0\n"+
		"  /b/python3 (PATH): it has no library; to mend it: install it\n", r.String())
}

func TestWhatIsNamedIsNotReplaced(t *testing.T) {
	bad := filepath.Join(t.TempDir(), "python3")
	for name, o := range map[string]locate.Options{
		"option":      {Python: bad},
		"GOPY_PYTHON": {Environ: []string{"GOPY_PYTHON=" + bad, "PATH=/usr/bin:/bin"}},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := locate.Find(t.Context(), o)
			var missing *locate.NotFoundError
			require.ErrorAs(t, err, &missing)
			require.Len(t, report.Candidates, 1)
			assert.Equal(t, "there is no such file", report.Candidates[0].Reason)
			assert.Equal(t, fmt.Sprintf("no usable Python among the 1 that were tried:\n  %s (%s): there is no such file", bad, name), err.Error())
		})
	}
}

func TestRefusals(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the names of libraries are those of Linux")
	}
	dir := t.TempDir()
	pyenv := filepath.Join(dir, ".pyenv", "versions", "3.12.1")
	write := func(path, text string) string {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o755))
		return path
	}
	conda := filepath.Join(dir, "conda")
	require.NoError(t, os.MkdirAll(filepath.Join(conda, "conda-meta"), 0o755))
	write(filepath.Join(dir, "broken", "lib", "libpython3.12.so.1.0"), "no library")
	for _, test := range []struct {
		name, python, reason, remedy string
	}{
		{"Python 2", fakePython(t, filepath.Join(dir, "2"), `{"implementation": "cpython", "version": [2, 7, 18]}`),
			"its version is 2.7.18; versions 3.9 to 3.14 are supported", ""},
		{"too new", fakePython(t, filepath.Join(dir, "15"), `{"implementation": "cpython", "version": [3, 15, 0]}`),
			"its version is 3.15.0; versions 3.9 to 3.14 are supported", ""},
		{"PyPy", fakePython(t, filepath.Join(dir, "pypy"), `{"implementation": "pypy", "version": [3, 10, 0]}`),
			"it is pypy, and only CPython can be embedded", ""},
		{"32 bits", fakePython(t, filepath.Join(dir, "32"), `{"implementation": "cpython", "version": [3, 10, 0], "maxsize": 2147483647}`),
			"it is a 32-bit program", ""},
		{"pyenv without a library", fakePython(t, filepath.Join(pyenv, "bin", "python"),
			answer(`, "soname": "libpython3.12.a", "base_prefix": "`+pyenv+`"`)),
			"Python 3.12.1 comes without its shared library, libpython3.12.so.1.0",
			"PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force 3.12.1"},
		{"conda", fakePython(t, filepath.Join(conda, "bin", "python"), answer(`, "base_prefix": "`+conda+`"`)),
			"comes without its shared library", "conda install --force-reinstall python=3.12"},
		{"broken library", fakePython(t, filepath.Join(dir, "broken", "bin", "python"), answer(`, "base_prefix": "`+dir+`/broken"`)),
			"libpython3.12.so.1.0 was refused: it is not a shared library of this system", "build Python 3.12.1 again with ./configure --enable-shared"},
		{"no Python", write(filepath.Join(dir, "other"), "#!/bin/sh\necho hello\n"), "it runs, but it is no Python that we know", ""},
		{"nonsense", fakePython(t, filepath.Join(dir, "nonsense"), "{"), "its answer makes no sense", ""},
		{"failing", write(filepath.Join(dir, "failing"), "#!/bin/sh\necho first >&2\necho broken >&2\nexit 3\n"), "it does not run: exit status 3: broken", ""},
		{"not executable", func() string {
			path := write(filepath.Join(dir, "plain"), "text")
			require.NoError(t, os.Chmod(path, 0o644))
			return path
		}(), "it does not run", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			report, err := locate.Find(t.Context(), locate.Options{Python: test.python})
			require.Error(t, err)
			require.Len(t, report.Candidates, 1)
			c := report.Candidates[0]
			assert.False(t, c.Usable())
			assert.Contains(t, c.Reason, test.reason)
			assert.Equal(t, test.remedy, c.Remedy)
			assert.Contains(t, err.Error(), test.reason)
			assert.Contains(t, err.Error(), test.remedy)
		})
	}
}

func TestRemedies(t *testing.T) {
	debian := "build Python 3.11.2 again with ./configure --enable-shared"
	if _, err := os.Stat("/etc/debian_version"); err == nil {
		debian = "sudo apt install libpython3.11"
	}
	for _, test := range []struct{ base, want string }{
		{"/home/ann/.pyenv/versions/3.11.2", "PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force 3.11.2"},
		{"/home/ann/.local/share/uv/python/cpython-3.11.2-linux-x86_64-gnu", "uv python install --reinstall 3.11"},
		{"/opt/python", "build Python 3.11.2 again with ./configure --enable-shared"},
		{"/usr", debian},
	} {
		t.Run(test.base, func(t *testing.T) {
			p := &locate.Python{Version: [3]int{3, 11, 2}, BasePrefix: test.base}
			assert.Equal(t, test.want, locate.LibraryRemedy(p))
		})
	}
}

func TestAVenvWhosePythonIsGone(t *testing.T) {
	venv := filepath.Join(t.TempDir(), ".venv")
	require.NoError(t, os.MkdirAll(filepath.Join(venv, "bin"), 0o755))
	require.NoError(t, os.Symlink("/nowhere/bin/python3", filepath.Join(venv, "bin", "python")))
	require.NoError(t, os.WriteFile(filepath.Join(venv, "pyvenv.cfg"), []byte("version = 3.9\nhome = /nowhere/bin\n"), 0o644))
	report, err := locate.Find(t.Context(), locate.Options{Python: venv})
	require.Error(t, err)
	assert.Equal(t, "the Python that this environment was made from, in /nowhere/bin, is gone", report.Candidates[0].Reason)
	assert.Equal(t, "python3 -m venv --clear "+venv, report.Candidates[0].Remedy)
}

func TestAVenvOfARealPython(t *testing.T) {
	base := realPython(t)
	venv := filepath.Join(t.TempDir(), "with space é")
	out, err := exec.CommandContext(t.Context(), base.Python.Executable, "-m", "venv", "--without-pip", venv).CombinedOutput()
	if err != nil {
		t.Skipf("this Python makes no environments: %s", out)
	}
	report, err := locate.Find(t.Context(), locate.Options{Environ: append(os.Environ(), "GOPY_PYTHON="+venv, "PYTHONHOME=/nowhere")})
	require.NoError(t, err)
	c := report.Chosen
	assert.True(t, c.Python.IsVenv())
	assert.Equal(t, venv, c.Python.Prefix)
	assert.Equal(t, base.Python.BasePrefix, c.Python.BasePrefix)
	assert.Equal(t, base.Library, c.Library)
	assert.Equal(t, filepath.Join(venv, "bin", "python"), c.Python.Executable)
}

func TestARealPythonIsFoundByNameAndByFolder(t *testing.T) {
	base := realPython(t).Python
	for _, named := range []string{base.Executable, filepath.Dir(filepath.Dir(base.Executable)), filepath.Base(base.Executable)} {
		environ := append(os.Environ(), "PATH="+filepath.Dir(base.Executable))
		report, err := locate.Find(t.Context(), locate.Options{Python: named, Environ: environ})
		require.NoError(t, err, named)
		assert.Equal(t, base.Prefix, report.Chosen.Python.Prefix, named)
	}
}

func TestTheCache(t *testing.T) {
	base := realPython(t)
	cache := filepath.Join(t.TempDir(), "folder", "pythons.json")
	find := func(environ ...string) (*locate.Candidate, error) {
		report, err := locate.Find(t.Context(), locate.Options{Python: base.Python.Executable, CacheFile: cache, Environ: environ})
		return report.Candidates[0], err
	}
	first, err := find()
	require.NoError(t, err)
	text, err := os.ReadFile(cache)
	require.NoError(t, err)
	// An answer that only the cache can give shows that it was asked.
	changed := strings.ReplaceAll(string(text), `"implementation":"cpython"`, `"implementation":"cached"`)
	require.NotEqual(t, string(text), changed)
	require.NoError(t, os.WriteFile(cache, []byte(changed), 0o644))
	second, err := find()
	require.Error(t, err)
	assert.Equal(t, "cached", second.Python.Implementation)
	require.NoError(t, os.WriteFile(cache, []byte("{broken"), 0o644))
	third, err := find()
	require.NoError(t, err)
	assert.Equal(t, first.Python, third.Python)
}

func TestScriptsAreNotCached(t *testing.T) {
	dir := t.TempDir()
	shim := fakePython(t, filepath.Join(dir, "python3"), answer(`, "base_prefix": "/nowhere"`))
	cache := filepath.Join(dir, "cache.json")
	_, err := locate.Find(t.Context(), locate.Options{Python: shim, CacheFile: cache})
	require.Error(t, err)
	assert.NoFileExists(t, cache)
}

func TestNothingAtAll(t *testing.T) {
	if _, err := os.Stat("/usr/bin/python3"); err == nil {
		t.Log("the system has a Python, which is found where nothing else is")
	}
	report, err := locate.Find(t.Context(), locate.Options{Dir: t.TempDir(), Environ: []string{"PATH=" + t.TempDir(), "HOME=" + t.TempDir()}})
	for _, c := range report.Candidates {
		assert.Equal(t, "system", c.Source)
	}
	if len(report.Candidates) == 0 {
		assert.ErrorContains(t, err, "no Python was found")
	}
}

func TestTheContextEndsTheSearch(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := locate.Find(ctx, locate.Options{Dir: t.TempDir()})
	assert.True(t, errors.Is(err, context.Canceled) || errors.As(err, new(*locate.NotFoundError)), "%v", err)
}

func ExampleFind() {
	report, err := locate.Find(context.Background(), locate.Options{All: true})
	for _, c := range report.Candidates {
		if c.Usable() {
			fmt.Println(c.Source, c.Path, c.Python.VersionText(), c.Library)
		} else {
			fmt.Println(c.Source, c.Path, c.Reason, c.Remedy)
		}
	}
	if err != nil {
		fmt.Println(err)
	}
}
