package build

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestLook(t *testing.T) {
	c := Config{Dir: t.TempDir(), Version: "1", Sources: fstest.MapFS{"a.go": {Data: []byte("package a")}}}
	s, err := Look(c)
	require.NoError(t, err)
	assert.Equal(t, State{Base: c.Dir}, s, "without a toolchain")

	c.Toolchain = &Toolchain{Version: "go1.26.8"}
	s, err = Look(c)
	require.NoError(t, err)
	assert.NotEmpty(t, s.Dir)
	assert.NoDirExists(t, s.Dir, "looking changes nothing")
	assert.Zero(t, s.Made, "nothing is there")

	id, err := c.id()
	require.NoError(t, err)
	for name, test := range map[string]struct {
		id   string
		made bool
	}{"another kernel's": {"0", false}, "complete": {id, true}} {
		t.Run(name, func(t *testing.T) {
			text, err := json.Marshal(manifest{ID: test.id})
			require.NoError(t, err)
			require.NoError(t, os.MkdirAll(s.Dir, 0o755))
			require.NoError(t, os.WriteFile(manifestFile(s.Dir), text, 0o644))
			s, err := Look(c)
			require.NoError(t, err)
			assert.Equal(t, test.made, !s.Made.IsZero())
			if test.made {
				assert.WithinDuration(t, time.Now(), s.Made, time.Hour)
			}
		})
	}
}

func TestTooOld(t *testing.T) {
	for said, want := range map[string]bool{
		"go1.26.8": false, "go1.26": false, "go1.26rc1": false, "go1.27.1 X:nodwarf5": false, "devel go1.28-0123abc Mon": false,
		"go1.25.9": true, "go1.9": true, "": true, "devel +0123abc": true,
	} {
		assert.Equal(t, want, tooOld(said), "%q", said)
	}
}

func TestTooNew(t *testing.T) {
	for said, want := range map[string]bool{
		"go1.26.9": false, "go1.26rc1": false, "go1.25.1": false, "go1.27.0": true, "go1.27rc1": true, "go1.30.1 X:nodwarf5": true, "": false,
	} {
		assert.Equal(t, want, tooNew(said, "go1.26.8"), "%q", said)
	}
	assert.False(t, tooNew("go1.27.3", "go1.27.1"))
	assert.False(t, tooNew("go1.27.3", "devel go1.28-0123abc Mon"))
	assert.True(t, tooNew("devel go1.28-0123abc Mon", "go1.27.3"))
}

// TestGoInModuleCache is for a Go that the go command has fetched: files below the module cache cannot be overlaid.
func TestGoInModuleCache(t *testing.T) {
	cache, dir := t.TempDir(), t.TempDir()
	root := filepath.Join(cache, "golang.org", "toolchain@v0.0.1-go1.26.9.linux-amd64")
	require.NoError(t, os.MkdirAll(filepath.Join(root, "bin"), 0o755))
	fetched := &Toolchain{Go: filepath.Join(root, "bin", "go"), GOROOT: root, Version: "go1.26.9", Env: []string{"GOROOT=" + root}, moduleCache: cache}
	for range 2 { // the link stays
		moved, err := fetched.outOfModuleCache(dir)
		require.NoError(t, err)
		assert.Equal(t, filepath.Join(dir, "go1.26.9"), moved.GOROOT)
		assert.Equal(t, filepath.Join(dir, "go1.26.9", "bin", "go"), moved.Go)
		assert.Equal(t, "GOROOT="+moved.GOROOT, moved.Env[len(moved.Env)-1])
		there, err := filepath.EvalSymlinks(moved.GOROOT)
		require.NoError(t, err)
		assert.Equal(t, root, there)
	}
	assert.Equal(t, []string{"GOROOT=" + root}, fetched.Env, "the toolchain that was found is as it was")

	installed := &Toolchain{GOROOT: filepath.Join(t.TempDir(), "go"), moduleCache: cache}
	same, err := installed.outOfModuleCache(dir)
	require.NoError(t, err)
	assert.Same(t, installed, same)
}
