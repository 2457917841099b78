package doctor

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

func TestImportPackages(t *testing.T) {
	python := kerneltest.Python(t)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"numpy.py":      "print('gopy-doctor is not this')\n__version__ = '9.8.7'\n",
		"matplotlib.py": "raise OSError('no library\\nat all')\n",
		"pandas.py":     "import no_such_module_at_all\n",
	} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644))
	}
	t.Setenv("PYTHONPATH", dir)
	t.Setenv("PYTHONHOME", "/nowhere")
	found, err := importPackages(testContext(t), python)
	require.NoError(t, err)
	assert.Equal(t, map[string]module{
		"numpy":      {Version: "9.8.7"},
		"matplotlib": {Error: "no library"},
		"pandas":     {Error: "No module named 'no_such_module_at_all'"},
	}, found)

	c := Check{State: OK}
	c.examinePackages(testContext(t), &locate.Candidate{Path: python, Python: &locate.Python{Prefix: "/opt"}})
	assert.Equal(t, Note, c.State)
	assert.Contains(t, c.Facts, Fact{"numpy", "9.8.7"})
	assert.Contains(t, c.Facts, Fact{"matplotlib", "it is there and cannot be imported: no library"})
	assert.Empty(t, c.Remedy, "installing it again may not help")
}

func TestMissingPackages(t *testing.T) {
	python := kerneltest.Python(t)
	c := Check{State: OK}
	venv := filepath.Join(t.TempDir(), "venv")
	out, err := runPython(t, python, "-m", "venv", "--without-pip", venv)
	require.NoError(t, err, out)
	path := filepath.Join(venv, "bin", "python")
	c.examinePackages(testContext(t), &locate.Candidate{Path: path, Python: &locate.Python{Prefix: venv}})
	assert.Equal(t, Note, c.State)
	assert.Equal(t, path+" -m pip install numpy matplotlib pandas", c.Remedy)
	assert.Contains(t, c.Facts, Fact{"pandas", "not installed"})
}

func TestBrokenPython(t *testing.T) {
	c := Check{State: OK}
	c.examinePackages(testContext(t), &locate.Candidate{Path: filepath.Join(t.TempDir(), "python"), Python: &locate.Python{}})
	assert.Equal(t, Note, c.State)
	require.Len(t, c.Facts, 1)
	assert.Contains(t, c.Facts[0].Text, "importing them: ")
}

// TestCheckPython has a Python that was chosen and one that was refused.
func TestCheckPython(t *testing.T) {
	python := kerneltest.Python(t)
	report, err := locate.Find(testContext(t), locate.Options{Python: python})
	if err != nil {
		t.Skip("this Python cannot be embedded:", err)
	}
	c, pythons := checkPython(testContext(t), locate.Options{Python: python})
	assert.NotEqual(t, Missing, c.State)
	assert.Contains(t, c.Found, report.Chosen.Python.VersionText())
	assert.Contains(t, c.Facts, Fact{"libpython", report.Chosen.Library})
	require.Len(t, pythons, 1)

	broken := filepath.Join(t.TempDir(), "python")
	require.NoError(t, os.WriteFile(broken, []byte("#!/bin/sh\nexit 3\n"), 0o755))
	c, pythons = checkPython(testContext(t), locate.Options{Python: broken})
	assert.Equal(t, Missing, c.State)
	assert.Equal(t, "none that can be embedded", c.Found)
	assert.Contains(t, c.Remedy, "GOPY_PYTHON")
	assert.Contains(t, c.Facts[0].Text, broken+" (option): it does not run")
	assert.Empty(t, pythons)
}
func runPython(t *testing.T, python string, args ...string) (string, error) {
	t.Helper()
	out, err := exec.CommandContext(testContext(t), python, args...).CombinedOutput()
	return string(out), err
}
