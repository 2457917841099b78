package venv_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/internal/venv"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func ask(t *testing.T, python, expression string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), python, "-c", "import sys, importlib.metadata, importlib.util; print("+expression+")").CombinedOutput()
	require.NoError(t, err, "%s", out)
	return strings.TrimSpace(string(out))
}

func TestEmpty(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "with space é")
	python := venv.Empty(t, dir)
	assert.Equal(t, dir, ask(t, python, "sys.prefix"))
	assert.Equal(t, "None", ask(t, python, "importlib.util.find_spec('pip')"))
	assert.Equal(t, "True", ask(t, python, "sys.prefix != sys.base_prefix"))
}

func TestInstalled(t *testing.T) {
	python := venv.Installed(t, "numpy-1")
	assert.Equal(t, "1.26.4", ask(t, python, "importlib.metadata.version('numpy')"))

	// What is there is not made again: a file of the first stays.
	mark := filepath.Join(filepath.Dir(python), "mark")
	require.NoError(t, os.WriteFile(mark, nil, 0o644))
	assert.Equal(t, python, venv.Installed(t, "numpy-1"))
	assert.FileExists(t, mark)
	require.NoError(t, os.Remove(mark))
}
