package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	dir := t.TempDir()
	text, err := os.ReadFile("testdata/sort.go")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "sort.go"), text, 0o644))
	out := new(bytes.Buffer)
	require.NoError(t, run(ctx, []string{"-programs", dir, "-rounds", "1"}, out, io.Discard))
	require.Regexp(t, `(?m)^ +sort +\d+\.\d +\d+\.\d +\d+\.\d\d$`, out.String())
}

func TestPlugins(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	t.Chdir(filepath.Join("..", ".."))
	out := new(bytes.Buffer)
	require.NoError(t, run(ctx, []string{"-plugins", "-rounds", "2", "-only", "expression"}, out, io.Discard))
	require.Regexp(t, `(?m)^ +expression( +\d+){2} +\d+\.\d( +\d+){2}( +-?\d+){2}$`, out.String())
}

func TestCells(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	defer cancel()
	out := new(bytes.Buffer)
	require.NoError(t, run(ctx, []string{"-cells", "2", "-runs", "20"}, out, io.Discard))
	for _, row := range []string{"new: no package", "new: network", "the same again", "the same in the next session", "new: with 2,000 lines declared"} {
		require.Regexp(t, `(?m)^ *`+row+` +\d+\.\d +\d+\.\d$`, out.String())
	}
	require.Regexp(t, `memory after 20 runs of one cell +[+-]\d+ kB`, out.String())
}

func TestRunFails(t *testing.T) {
	require.ErrorContains(t, run(context.Background(), []string{"-programs", t.TempDir()}, io.Discard, io.Discard), "no programs")
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "bad.go"), []byte("package main\nfunc work() any { return x }\n"), 0o644))
	require.ErrorContains(t, run(t.Context(), []string{"-programs", dir}, io.Discard, io.Discard), "undefined: x")
}
