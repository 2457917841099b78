package pygen_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/internal/venv"
	"github.com/gopy-kernel/gopy-kernel/interpreter/pygen"
)

// TestAnotherVersionIsReadAgain upgrades a module as pip does: the files may be the same, what pip says of
// them is not.
func TestAnotherVersionIsReadAgain(t *testing.T) {
	s := newShelf(t)
	write(t, s.folder, "things.py", "def part(): pass\n")
	write(t, s.folder, "things-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: things\nVersion: 1.0\n")
	first, read := s.get("things")
	assert.True(t, read)
	assert.Contains(t, text(t, first.File), "from Python's things 1.0.")

	require.NoError(t, os.RemoveAll(filepath.Join(s.folder, "things-1.0.dist-info")))
	write(t, s.folder, "things-2.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: things\nVersion: 2.0\n")
	second, read := s.get("things")
	assert.True(t, read, "the module has another version")
	assert.Contains(t, text(t, second.File), "from Python's things 2.0.")
	_, read = s.get("things")
	assert.False(t, read)
}

// TestVersionsOfNumpy changes the environment, from one with numpy 1 to one with numpy 2 and back.
func TestVersionsOfNumpy(t *testing.T) {
	pythons := []string{venv.Installed(t, "numpy-1"), venv.Installed(t, "science")}
	var python string
	store, err := pygen.NewStore(pygen.StoreConfig{
		Dir: t.TempDir(), Folder: t.TempDir(), Python: func(context.Context) (string, error) { return python, nil },
	})
	require.NoError(t, err)
	get := func(which int) (source string, read bool) {
		python = pythons[which]
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		p, err := store.Package(ctx, "numpy", func() { read = true })
		require.NoError(t, err)
		return text(t, p.File), read
	}
	old, _ := get(0)
	assert.Contains(t, old, "from Python's numpy 1.26.4.")
	assert.Contains(t, old, "\nfunc Cumproduct(", "numpy 2 has it no more")
	young, read := get(1)
	assert.True(t, read)
	assert.Contains(t, young, "from Python's numpy 2.")
	assert.NotContains(t, young, "\nfunc Cumproduct(")
	again, read := get(0)
	assert.False(t, read, "both are kept")
	assert.Equal(t, old, again)
}

// TestTheSecondTimeNoPythonRuns counts how often Python is started, by a program that stands in its place.
func TestTheSecondTimeNoPythonRuns(t *testing.T) {
	dir := t.TempDir()
	runs := filepath.Join(dir, "runs")
	counting := filepath.Join(dir, "python")
	script := "#!/bin/sh\necho run >> '" + runs + "'\nexec '" + kerneltest.Python(t) + "' \"$@\"\n"
	require.NoError(t, os.WriteFile(counting, []byte(script), 0o755))
	modules := []string{"math", "json", "re", "datetime"}
	folder := t.TempDir()
	for round := range 2 {
		// Another store on the same folder is what the next kernel has.
		store, err := pygen.NewStore(pygen.StoreConfig{
			Dir: filepath.Join(dir, "packages"), Folder: folder,
			Python: func(context.Context) (string, error) { return counting, nil },
		})
		require.NoError(t, err)
		for _, module := range modules {
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			_, err := store.Package(ctx, module, func() {})
			require.NoError(t, err)
		}
		assert.Equal(t, len(modules), strings.Count(text(t, runs), "run"), "after round %d", round+1)
	}
}

func text(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(data)
}
