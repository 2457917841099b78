package modules

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// countGo puts a program in the place of the go command that notes what it is called for.
func (d *desk) countGo() (calls func() []string) {
	d.t.Helper()
	path, err := exec.LookPath("go")
	require.NoError(d.t, err)
	dir := d.t.TempDir()
	log := filepath.Join(dir, "log")
	script := "#!/bin/sh\necho \"$1\" >>" + log + "\nexec " + path + " \"$@\"\n"
	d.config.Go = filepath.Join(dir, "go")
	require.NoError(d.t, os.WriteFile(d.config.Go, []byte(script), 0o755))
	return func() []string {
		text, err := os.ReadFile(log)
		require.NoError(d.t, err)
		require.NoError(d.t, os.Remove(log))
		return strings.Fields(string(text))
	}
}

func TestCache(t *testing.T) {
	d := newDesk(t, nil)
	calls := d.countGo()
	d.config.Cache = filepath.Join(t.TempDir(), "cache")
	requests := []Request{
		{Get: []string{"example.com/geometry@v1.0.0"}, Import: []string{"example.com/geometry"}},
		imports("example.com/geometry", "example.com/shapes"),
	}
	notebook := func() (all [][]string) {
		d.open()
		for _, r := range requests {
			_, names := d.resolve(r)
			all = append(all, names)
		}
		return all
	}
	first := notebook()
	assert.Contains(t, calls(), "get")
	assert.Equal(t, first, notebook())
	assert.Equal(t, []string{"env", "env"}, calls(), "only where the notebook is has to be known")

	// What comes after something that was in the cache goes on from there.
	_, names := d.resolve(imports("example.com/geometry", "example.com/drawing"))
	assert.Equal(t, []string{geometry11, drawing}, names)
	assert.Contains(t, calls(), "get")

	// Another session has used a newer version: this one has to be able to, too.
	requests = requests[1:]
	d.config.Versions = filepath.Join(t.TempDir(), "versions.json")
	first = notebook()
	calls()
	require.NoError(t, os.WriteFile(d.config.Versions, []byte(`{"example.com/geometry": "v1.0.0"}`), 0o644))
	assert.NotEqual(t, first, notebook())
	assert.Contains(t, calls(), "get")
	notebook()
	assert.Equal(t, []string{"env"}, calls())

	// What was compiled may be gone.
	found, _ := d.resolve(requests[0])
	require.NoError(t, os.Remove(found.Packages[0].Export))
	calls()
	notebook()
	assert.Contains(t, calls(), "list")
}

func TestCacheIsNotForWhatMayChange(t *testing.T) {
	d := newDesk(t, usersModule)
	calls := d.countGo()
	d.config.Cache = filepath.Join(t.TempDir(), "cache")
	for _, r := range []Request{imports("./inner"), imports("example.com/user/inner")} {
		for range 2 {
			d.open()
			d.resolve(r)
			assert.Contains(t, calls(), "list")
		}
	}
}
