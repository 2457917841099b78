package install_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/install"
)

// setenv gives the test these of Jupyter's and Python's variables and no others.
func setenv(t *testing.T, variables map[string]string) {
	t.Helper()
	for _, name := range []string{"HOME", "JUPYTER_DATA_DIR", "JUPYTER_PATH", "JUPYTER_PLATFORM_DIRS", "XDG_DATA_HOME", "VIRTUAL_ENV", "CONDA_PREFIX"} {
		t.Setenv(name, variables[name])
		if _, set := variables[name]; !set {
			require.NoError(t, os.Unsetenv(name))
		}
	}
}

func TestUserKernels(t *testing.T) {
	byHome := map[string]string{"linux": "/home/u/.local/share/jupyter/kernels", "darwin": "/home/u/Library/Jupyter/kernels"}
	byPlatform := map[string]string{"linux": byHome["linux"], "darwin": "/home/u/Library/Application Support/Jupyter/kernels"}
	byXDG := map[string]string{"linux": "/xdg/jupyter/kernels", "darwin": byHome["darwin"]}
	if byHome[runtime.GOOS] == "" {
		t.Skip("the rules of this system are not known here")
	}
	tests := map[string]struct {
		env  map[string]string
		want string
	}{
		"home":               {map[string]string{"HOME": "/home/u"}, byHome[runtime.GOOS]},
		"platform's folders": {map[string]string{"HOME": "/home/u", "JUPYTER_PLATFORM_DIRS": "1"}, byPlatform[runtime.GOOS]},
		"not the platform's": {map[string]string{"HOME": "/home/u", "JUPYTER_PLATFORM_DIRS": "False"}, byHome[runtime.GOOS]},
		"XDG":                {map[string]string{"HOME": "/home/u", "XDG_DATA_HOME": "/xdg"}, byXDG[runtime.GOOS]},
		"named":              {map[string]string{"HOME": "/home/u", "XDG_DATA_HOME": "/xdg", "JUPYTER_DATA_DIR": "/data"}, "/data/kernels"},
		"named without home": {map[string]string{"JUPYTER_DATA_DIR": "/data"}, "/data/kernels"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			setenv(t, test.env)
			got, err := install.UserKernels()
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func TestRuntime(t *testing.T) {
	setenv(t, map[string]string{"JUPYTER_DATA_DIR": "/data"})
	for named, want := range map[string]string{"": "/data/runtime", "/run/jupyter": "/run/jupyter"} {
		t.Setenv("JUPYTER_RUNTIME_DIR", named)
		got, err := install.Runtime()
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

// TestUserKernelsWithoutHome is what a service manager gives: the list of users knows the folder.
func TestUserKernelsWithoutHome(t *testing.T) {
	setenv(t, nil)
	got, err := install.UserKernels()
	require.NoError(t, err)
	assert.True(t, filepath.IsAbs(got), got)
}

func TestActivePrefix(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	venv, conda := t.TempDir(), t.TempDir()
	tests := map[string]struct {
		env        map[string]string
		want, says string
	}{
		"venv":        {map[string]string{"VIRTUAL_ENV": venv}, venv, ""},
		"conda":       {map[string]string{"CONDA_PREFIX": conda}, conda, ""},
		"the inner":   {map[string]string{"VIRTUAL_ENV": venv, "CONDA_PREFIX": conda}, venv, ""},
		"it is gone":  {map[string]string{"VIRTUAL_ENV": venv + "/gone"}, "", "VIRTUAL_ENV is " + venv + "/gone, which is no folder"},
		"no python":   {nil, "", "no Python environment is active"},
		"empty names": {map[string]string{"VIRTUAL_ENV": "", "CONDA_PREFIX": ""}, "", "use --user or --prefix"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			setenv(t, test.env)
			t.Setenv("PATH", t.TempDir())
			got, err := install.ActivePrefix(ctx)
			if test.says != "" {
				require.ErrorContains(t, err, test.says)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func TestIsEnvironment(t *testing.T) {
	dir := t.TempDir()
	assert.False(t, install.IsEnvironment(dir))
	assert.False(t, install.IsEnvironment(""))
	write(t, filepath.Join(dir, "venv", "pyvenv.cfg"), "")
	assert.True(t, install.IsEnvironment(filepath.Join(dir, "venv")))
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "conda", "conda-meta"), 0o755))
	assert.True(t, install.IsEnvironment(filepath.Join(dir, "conda")))
}

func TestSearchPath(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the user's folder is another one here")
	}
	setenv(t, map[string]string{"HOME": "/home/u", "JUPYTER_PATH": "/one:/two/"})
	assert.Equal(t, []string{
		"/one/kernels",
		"/two/kernels",
		"/home/u/.local/share/jupyter/kernels",
		"/venv/share/jupyter/kernels",
		"/usr/share/jupyter/kernels",
		"/usr/local/share/jupyter/kernels",
	}, install.SearchPath("/venv", "/usr"))
}
