package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A layout is how a kind of installation lays out its files, made of the Python of this run, in a folder.
type layout struct {
	t    *testing.T
	dir  string
	base *locate.Python
	lib  string
}

// A place is where a layout's Python is to be found.
type place struct {
	from   string   // folder where the search begins
	env    []string // on top of an environment that leads to no Python but the system's
	source string   // how it is found
	prefix string
	base   string // base prefix; empty for the prefix
	lib    string // folder of the library
	cpp    string // the C++ library that is in memory; empty for none
}

// TestLayouts lays out installations as their makers do, finds the Python in each as a program would, and runs it: its
// own packages, the standard library with its parts in C, and a child process of it.
func TestLayouts(t *testing.T) {
	if testing.Short() {
		t.Skip("each layout takes a part of a second")
	}
	if runtime.GOOS != "linux" {
		t.Skip("the layouts are those of Linux")
	}
	for _, test := range []struct {
		name string
		make func(l *layout) place
	}{
		{"venv, from a folder below", venvLayout},
		{"venv of copies, active", copiesLayout},
		{"conda, active", condaLayout},
		{"uv, a project", uvProjectLayout},
		{"uv, a project with its environment elsewhere", uvElsewhereLayout},
		{"uv, no environment", uvManagedLayout},
		{"pyenv", pyenvLayout},
		{"pyenv, the shim alone", shimLayout},
		{"asdf", asdfLayout},
		{"named by its folder", namedLayout},
	} {
		t.Run(test.name, func(t *testing.T) {
			info := rt.Info()
			l := &layout{t: t, dir: t.TempDir(), base: info.Python, lib: info.Library}
			p := test.make(l)
			if p.base == "" {
				p.base = p.prefix
			}
			l.mark(p.prefix)
			want := []string{"source " + p.source, "prefix " + p.prefix, "base " + p.base,
				"library " + filepath.Join(p.lib, filepath.Base(l.lib)), "marker " + p.prefix, "child " + p.prefix, "parts 3.0 2.5 4", "C++ [" + p.cpp + "]"}
			assert.Equal(t, want, startIn(t, p))
		})
	}
}

// startIn starts Python in a process of its own, as a program in that place would, and returns what it says of itself.
func startIn(t *testing.T, p place) []string {
	t.Helper()
	env := []string{"GOPY_TEST_DIR=" + p.from, "PATH=/usr/bin:/bin", "HOME=/nowhere"}
	for _, name := range []string{"GOPY_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX", "PYENV_ROOT", "PYENV_VERSION", "UV_PROJECT_ENVIRONMENT",
		"UV_PYTHON_INSTALL_DIR", "XDG_DATA_HOME", "ASDF_DATA_DIR", "ASDF_PYTHON_VERSION"} {
		env = append(env, name+"=")
	}
	out, errs, code := scenario(t, "layout", append(env, p.env...)...)
	require.Zero(t, code, errs)
	return lines(out)
}

func layoutScenario() error {
	if err := os.Chdir(os.Getenv("GOPY_TEST_DIR")); err != nil {
		return err
	}
	r, err := open()
	if err != nil {
		return err
	}
	fmt.Println("source", r.Info().Source)
	report, err := pybridge.Candidates(context.Background())
	if err != nil {
		return err
	}
	if report.Chosen.Path != r.Info().Path { // though the environment of Python is active by now
		return fmt.Errorf("%s runs, and this is what is found:\n%s", r.Info().Path, report)
	}
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return err
	}
	libraries := mapped(string(maps), "/libpython")
	if len(libraries) != 1 {
		return fmt.Errorf("not one libpython is in memory: %v", libraries)
	}
	if err := r.Set("library", libraries[0]); err != nil {
		return err
	}
	err = r.Exec(`
import sys, subprocess, math, decimal, ctypes
print("prefix", sys.prefix)
print("base", sys.base_prefix)
print("library", library)
try:
    import gopy_marker
    print("marker", gopy_marker.where)
except ImportError as e:
    print("marker", e)
print("child", subprocess.run([sys.executable, "-c", "import sys; print(sys.prefix)"], capture_output=True, text=True, check=True).stdout.strip())
print("parts", math.sqrt(9), decimal.Decimal("2.50").normalize(), ctypes.sizeof(ctypes.c_int), flush=True)
`)
	fmt.Println("C++", mapped(string(maps), "/libstdc++"))
	return err
}

// mapped returns the files with this in their names that a process has in its memory.
func mapped(maps, name string) []string {
	found := []string{}
	for line := range strings.Lines(maps) {
		at := strings.IndexByte(line, '/')
		if path := strings.TrimSpace(line[max(at, 0):]); strings.Contains(path, name) && !slices.Contains(found, path) {
			found = append(found, path)
		}
	}
	return found
}

func venvLayout(l *layout) place {
	venv := filepath.Join(l.dir, "project", ".venv")
	l.run(l.base.Executable, "-m", "venv", "--without-pip", venv)
	return place{from: l.folder("project", "notebooks", "deep"), source: ".venv", prefix: venv, base: l.base.BasePrefix, lib: filepath.Dir(l.lib)}
}

func copiesLayout(l *layout) place {
	venv := filepath.Join(l.dir, "environment")
	l.run(l.base.Executable, "-m", "venv", "--without-pip", "--copies", venv)
	return place{from: l.dir, env: []string{"VIRTUAL_ENV=" + venv}, source: "VIRTUAL_ENV", prefix: venv, base: l.base.BasePrefix, lib: filepath.Dir(l.lib)}
}

// conda copies a whole Python into each environment, whose own idea of where its library is comes from another machine. Its
// C++ library has to be there before packages of it ask the system for one.
func condaLayout(l *layout) place {
	prefix := l.relocated("miniconda3", "envs", "work")
	l.write("", "miniconda3", "envs", "work", "conda-meta", "history")
	cpp := filepath.Join(prefix, "lib", "libstdc++.so.6")
	l.copy(resolved(l.t, l.run("gcc", "-print-file-name=libstdc++.so.6")), cpp)
	return place{from: l.dir, env: []string{"CONDA_PREFIX=" + prefix}, source: "CONDA_PREFIX", prefix: prefix, lib: filepath.Join(prefix, "lib"), cpp: cpp}
}

// uvManaged lays out a Python as uv installs it, and returns its prefix and the home that it is found in.
func (l *layout) uvManaged() (prefix, home string) {
	name := "cpython-" + l.base.VersionText() + "-linux-x86_64-gnu"
	prefix = l.relocated("home", ".local", "share", "uv", "python", name)
	require.NoError(l.t, os.Symlink(name, filepath.Join(filepath.Dir(prefix), "cpython-"+l.base.Short()+"-linux-x86_64-gnu")))
	return prefix, filepath.Join(l.dir, "home")
}

// uvVenv lays out an environment as uv does, which has no module venv make it.
func (l *layout) uvVenv(managed string, parts ...string) (prefix string) {
	prefix = l.folder(parts...)
	l.write(fmt.Sprintf("home = %s/bin\nimplementation = CPython\nuv = 0.9.13\nversion_info = %s\ninclude-system-site-packages = false\nprompt = project\n",
		managed, l.base.VersionText()), append(parts, "pyvenv.cfg")...)
	bin := l.folder(append(parts, "bin")...)
	require.NoError(l.t, os.Symlink(filepath.Join(managed, "bin", "python"+l.base.Short()), filepath.Join(bin, "python")))
	require.NoError(l.t, os.Symlink("python", filepath.Join(bin, "python3")))
	l.folder(append(parts, "lib", "python"+l.base.Short(), "site-packages")...)
	return prefix
}

func uvProjectLayout(l *layout) place {
	managed, home := l.uvManaged()
	l.write("[project]\nname = 'project'\n", "project", "pyproject.toml")
	venv := l.uvVenv(managed, "project", ".venv")
	return place{from: l.folder("project", "src"), env: []string{"HOME=" + home}, source: ".venv", prefix: venv, base: managed, lib: filepath.Join(managed, "lib")}
}

func uvElsewhereLayout(l *layout) place {
	managed, home := l.uvManaged()
	l.write("[project]\nname = 'project'\n", "project", "pyproject.toml")
	venv := l.uvVenv(managed, "project", "environment")
	return place{from: l.folder("project", "src"), env: []string{"HOME=" + home, "UV_PROJECT_ENVIRONMENT=environment"},
		source: "UV_PROJECT_ENVIRONMENT", prefix: venv, base: managed, lib: filepath.Join(managed, "lib")}
}

func uvManagedLayout(l *layout) place {
	managed, home := l.uvManaged()
	return place{from: l.dir, env: []string{"HOME=" + home, "PATH=/nowhere"}, source: "uv", prefix: managed, lib: filepath.Join(managed, "lib")}
}

func pyenvLayout(l *layout) place {
	prefix := l.relocated("pyenv", "versions", l.base.VersionText())
	l.write(l.base.Short()+"\n", "project", ".python-version")
	return place{from: l.folder("project", "notebooks"), env: []string{"PYENV_ROOT=" + filepath.Join(l.dir, "pyenv")}, source: "pyenv",
		prefix: prefix, lib: filepath.Join(prefix, "lib")}
}

// shimLayout has pyenv's scripts on PATH and nothing else that leads to its folder.
func shimLayout(l *layout) place {
	prefix := l.relocated("pyenv", "versions", l.base.VersionText())
	root := filepath.Join(l.dir, "pyenv")
	l.write(l.base.VersionText()+"\n", "pyenv", "version")
	shim := l.write(fmt.Sprintf("#!/usr/bin/env bash\nset -e\nprogram=\"${0##*/}\"\nexport PYENV_ROOT=%q\nexec \"$PYENV_ROOT/versions/$(cat \"$PYENV_ROOT/version\")/bin/$program\" \"$@\"\n", root),
		"pyenv", "shims", "python3")
	require.NoError(l.t, os.Chmod(shim, 0o755))
	return place{from: l.dir, env: []string{"PATH=" + filepath.Dir(shim) + ":/usr/bin:/bin"}, source: "PATH", prefix: prefix, lib: filepath.Join(prefix, "lib")}
}

func asdfLayout(l *layout) place {
	prefix := l.relocated("home", ".asdf", "installs", "python", l.base.VersionText())
	l.write("golang 1.26\npython "+l.base.VersionText()+"\n", "project", ".tool-versions")
	return place{from: l.folder("project"), env: []string{"HOME=" + filepath.Join(l.dir, "home")}, source: "asdf", prefix: prefix, lib: filepath.Join(prefix, "lib")}
}

func namedLayout(l *layout) place {
	prefix := l.relocated("opt", "a python é")
	return place{from: l.dir, env: []string{"GOPY_PYTHON=" + prefix}, source: "GOPY_PYTHON", prefix: prefix, lib: filepath.Join(prefix, "lib")}
}

// relocated lays out a whole Python in a folder, as those that are copied from the machine where they were built: the program
// and the library are files there, the standard library is there by links, and packages have a folder of their own.
func (l *layout) relocated(parts ...string) (prefix string) {
	prefix = l.folder(parts...)
	version := "python" + l.base.Short() + l.base.ABIFlags
	bin := l.folder(append(parts, "bin")...)
	l.copy(resolved(l.t, l.base.BaseExecutable), filepath.Join(bin, version))
	for _, name := range []string{"python3", "python"} {
		require.NoError(l.t, os.Symlink(version, filepath.Join(bin, name)))
	}
	l.folder(append(parts, "lib", version, "site-packages")...)
	l.copy(resolved(l.t, l.lib), filepath.Join(prefix, "lib", filepath.Base(l.lib)))
	stdlib := as[string](l.t, "__import__('sysconfig').get_path('stdlib')")
	entries, err := os.ReadDir(stdlib)
	require.NoError(l.t, err)
	for _, e := range entries {
		if name := e.Name(); name != "site-packages" && name != "dist-packages" {
			require.NoError(l.t, os.Symlink(filepath.Join(stdlib, name), filepath.Join(prefix, "lib", version, name)))
		}
	}
	return prefix
}

// mark puts a module among the packages of an environment, which Debian's Python has in folders of another name.
func (l *layout) mark(prefix string) {
	l.t.Helper()
	packages := l.run(filepath.Join(prefix, "bin", "python"), "-I", "-c", "import site; print(site.getsitepackages()[0])")
	require.NoError(l.t, os.MkdirAll(packages, 0o755))
	require.NoError(l.t, os.WriteFile(filepath.Join(packages, "gopy_marker.py"), fmt.Appendf(nil, "where = %q\n", prefix), 0o644))
}

func (l *layout) folder(parts ...string) string {
	dir := filepath.Join(append([]string{l.dir}, parts...)...)
	require.NoError(l.t, os.MkdirAll(dir, 0o755))
	return dir
}

func (l *layout) write(text string, parts ...string) string {
	path := filepath.Join(append([]string{l.dir}, parts...)...)
	require.NoError(l.t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(l.t, os.WriteFile(path, []byte(text), 0o644))
	return path
}

func (l *layout) run(program string, args ...string) string {
	l.t.Helper()
	out, err := exec.CommandContext(l.t.Context(), program, args...).CombinedOutput()
	require.NoError(l.t, err, "%s", out)
	return strings.TrimSpace(string(out))
}

// copy makes a file of its own: a link would lead Python back to where it comes from.
func (l *layout) copy(from, to string) {
	l.t.Helper()
	in, err := os.Open(from)
	require.NoError(l.t, err)
	defer in.Close()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_WRONLY|os.O_EXCL, 0o755)
	require.NoError(l.t, err)
	_, err = io.Copy(out, in)
	require.NoError(l.t, errors.Join(err, out.Close()))
}

func resolved(t *testing.T, path string) string {
	t.Helper()
	target, err := filepath.EvalSymlinks(path)
	require.NoError(t, err)
	return target
}

// TestPythonOfDebian is about a library that stands in a folder for the kind of machine, away from the program.
func TestPythonOfDebian(t *testing.T) {
	if _, err := os.Stat("/etc/debian_version"); err != nil {
		t.Skip("this is no Debian")
	}
	report, err := locate.Find(t.Context(), locate.Options{Python: "/usr/bin/python3"})
	if err != nil {
		t.Skipf("Debian's own Python is not installed with its library: %v", err)
	}
	python := report.Chosen.Python
	assert.Contains(t, report.Chosen.Library, "/"+python.Multiarch+"/")
	got := startIn(t, place{from: t.TempDir(), source: "PATH"})
	assert.Equal(t, []string{"source PATH", "prefix /usr", "base /usr"}, got[:3])
	assert.Equal(t, "library "+resolved(t, report.Chosen.Library), got[3])
	assert.Equal(t, []string{"child /usr", "parts 3.0 2.5 4", "C++ []"}, got[5:])
}

// TestShimOfPyenv takes the real script of this machine.
func TestShimOfPyenv(t *testing.T) {
	root := os.Getenv("PYENV_ROOT")
	if root == "" {
		root = filepath.Join(os.Getenv("HOME"), ".pyenv")
	}
	shim := filepath.Join(root, "shims", "python3")
	report, err := locate.Find(t.Context(), locate.Options{Python: shim})
	if err != nil {
		t.Skipf("this machine has no pyenv with a Python that has its library: %v", err)
	}
	prefix := report.Chosen.Python.Prefix
	assert.Equal(t, filepath.Join(root, "versions"), filepath.Dir(prefix))
	got := startIn(t, place{from: t.TempDir(), env: []string{"PATH=" + filepath.Dir(shim) + ":" + filepath.Join(root, "bin") + ":/usr/bin:/bin", "PYENV_ROOT=" + root}})
	assert.Equal(t, []string{"prefix " + prefix, "base " + prefix}, got[1:3])
	assert.Equal(t, "library "+resolved(t, report.Chosen.Library), got[3])
}
