package build

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestPruneObjects(t *testing.T) {
	w := &Workspace{dir: t.TempDir()}
	for n := range 10 {
		path := filepath.Join(w.dir, "cells", fmt.Sprintf("%02d", n), "object.so")
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
		require.NoError(t, os.WriteFile(path, make([]byte, 100), 0o644))
		used := time.Now().Add(time.Duration(n) * time.Hour)
		require.NoError(t, os.Chtimes(path, used, used))
	}
	w.pruneObjects(1000)
	left, err := filepath.Glob(filepath.Join(w.dir, "cells", "*", "*.so"))
	require.NoError(t, err)
	require.Len(t, left, 10, "nothing is removed before there is too much")

	w.pruneObjects(900)
	left, err = filepath.Glob(filepath.Join(w.dir, "cells", "*", "*.so"))
	require.NoError(t, err)
	require.Len(t, left, 4)
	require.Contains(t, left[0], "06", "the newest stay")
}

func TestPruneLibraries(t *testing.T) {
	w := &Workspace{dir: t.TempDir()}
	for n := range 10 {
		dir := filepath.Join(w.dir, libraries, fmt.Sprintf("%02d", n))
		require.NoError(t, os.MkdirAll(filepath.Join(dir, libraryTypes), 0o755))
		for _, name := range []string{"image", libraryTypes + "/0.x"} {
			require.NoError(t, os.WriteFile(filepath.Join(dir, name), make([]byte, 50), 0o644))
		}
		used := time.Now().Add(time.Duration(n) * time.Hour)
		require.NoError(t, os.Chtimes(dir, used, used))
	}
	left := func() []string {
		found, err := filepath.Glob(filepath.Join(w.dir, libraries, "*"))
		require.NoError(t, err)
		return found
	}
	w.pruneLibraries(1000)
	require.Len(t, left(), 10)
	w.pruneLibraries(900)
	require.Len(t, left(), 4)
	require.Contains(t, left()[0], "06", "the newest stay")
}

func TestPruneWorkspaces(t *testing.T) {
	base := t.TempDir()
	for n, name := range []string{"0.1.0-go1.26.8-aaaa", "0.1.0-go1.26.8-bbbb", "0.1.0-go1.26.8-cccc", "0.1.0-go1.26.8-dddd", "0.1.0-go1.25.1-aaaa", "0.2.0-go1.26.8-aaaa"} {
		dir := filepath.Join(base, name)
		require.NoError(t, os.Mkdir(dir, 0o755))
		made := time.Now().Add(time.Duration(n-10) * time.Hour)
		require.NoError(t, os.Chtimes(dir, made, made))
	}
	used, err := openLock(filepath.Join(base, "0.1.0-go1.26.8-aaaa", "lock"))
	require.NoError(t, err)
	require.NoError(t, used.share(t.Context()))
	defer used.Close()
	made := time.Now().Add(-20 * time.Hour)
	require.NoError(t, os.Chtimes(filepath.Join(base, "0.1.0-go1.26.8-aaaa"), made, made))

	(&Workspace{dir: filepath.Join(base, "0.1.0-go1.26.8-dddd")}).pruneWorkspaces(1)
	entries, err := os.ReadDir(base)
	require.NoError(t, err)
	var left []string
	for _, e := range entries {
		left = append(left, e.Name())
	}
	require.Equal(t, []string{
		"0.1.0-go1.25.1-aaaa", // of another Go
		"0.1.0-go1.26.8-aaaa", // in use
		"0.1.0-go1.26.8-cccc", // the newest of the others
		"0.1.0-go1.26.8-dddd", // its own
		"0.2.0-go1.26.8-aaaa", // of another kernel
	}, left)
}
