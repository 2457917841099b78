package venv

import (
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/stretchr/testify/require"
)

//go:embed requirements/*.txt
var requirements embed.FS

// patience is how long pip may take, with downloads of some hundred megabytes.
const patience = 10 * time.Minute

// keep is how long an environment stays that no test uses any more.
const keep = 14 * 24 * time.Hour

// Installed returns the Python of an environment with the packages of a list, "numpy-1" or "science". The test is
// skipped if it asks for short tests, if there is no Python, if the package index cannot be reached, and if the list has
// nothing for this version of Python.
func Installed(t testing.TB, list string) (python string) {
	t.Helper()
	if testing.Short() {
		t.Skip("environments take half a minute to make")
	}
	base := kerneltest.Python(t)
	pins, err := requirements.ReadFile("requirements/" + list + ".txt")
	require.NoError(t, err)
	cache, err := os.UserCacheDir()
	require.NoError(t, err)
	parent := filepath.Join(cache, "gopy-kernel", "test-environments")
	dir := filepath.Join(parent, list+"-"+key(t, base, pins))
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, os.MkdirAll(parent, 0o755))
	defer lock(ctx, t, dir+".lock")()
	finished := filepath.Join(dir, "finished")
	if _, err := os.Stat(finished); err != nil {
		prune(t, parent)
		install(ctx, t, base, dir, pins)
		require.NoError(t, os.WriteFile(finished, nil, 0o644))
	}
	now := time.Now()
	require.NoError(t, os.Chtimes(finished, now, now)) // of its last use
	python = filepath.Join(dir, "bin", "python")
	if run(ctx, t, python, "-c", "import importlib.metadata; importlib.metadata.version('numpy')") != nil {
		t.Skipf("the list %s has no packages for the version of %s", list, base)
	}
	return python
}

// Empty makes an environment without packages, pip included, in a folder that does not exist yet, and returns its Python.
func Empty(t testing.TB, dir string) (python string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	require.NoError(t, run(ctx, t, kerneltest.Python(t), "-m", "venv", "--without-pip", dir))
	return filepath.Join(dir, "bin", "python")
}

// key depends on what decides which packages are installed, and where the environment's links lead.
func key(t testing.TB, base string, pins []byte) string {
	t.Helper()
	said, err := exec.CommandContext(t.Context(), base, "-c", "import sys; print(sys.version, sys.base_prefix)").Output()
	require.NoError(t, err)
	sum := sha256.Sum256(append(said, pins...))
	return hex.EncodeToString(sum[:6])
}

// lock returns when nobody else has the lock; what it returns gives the lock up.
func lock(ctx context.Context, t testing.TB, path string) (unlock func()) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	require.NoError(t, err)
	locked := make(chan error, 1)
	go func() { // which ends with the lock, or with the test program
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		for errors.Is(err, syscall.EINTR) {
			err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX)
		}
		locked <- err
	}()
	select {
	case err := <-locked:
		require.NoError(t, err)
	case <-ctx.Done():
		require.NoError(t, ctx.Err(), "another program has held %s all the time", path)
	}
	return func() { _ = f.Close() }
}

// install makes the environment anew: what is there was left by one that did not come to its end.
func install(ctx context.Context, t testing.TB, base, dir string, pins []byte) {
	t.Helper()
	require.NoError(t, run(ctx, t, base, "-m", "venv", "--clear", dir))
	list := filepath.Join(dir, "requirements.txt")
	require.NoError(t, os.WriteFile(list, pins, 0o644))
	err := run(ctx, t, filepath.Join(dir, "bin", "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
		"--no-compile", "--only-binary=:all:", "--requirement", list)
	if err != nil && strings.Contains(err.Error(), "Retrying (Retry(") {
		t.Skipf("the package index cannot be reached: %v", err)
	}
	require.NoError(t, err)
}

// prune removes environments of other lists, or of other versions, that were not used for long.
func prune(t testing.TB, parent string) {
	t.Helper()
	environments, err := filepath.Glob(filepath.Join(parent, "*", "finished"))
	require.NoError(t, err)
	for _, finished := range environments {
		if info, err := os.Stat(finished); err == nil && time.Since(info.ModTime()) > keep {
			require.NoError(t, os.RemoveAll(filepath.Dir(finished)))
		}
	}
}

// run runs a Python. The error has what it printed.
func run(ctx context.Context, t testing.TB, python string, args ...string) error {
	t.Helper()
	cmd := exec.CommandContext(ctx, python, args...)
	cmd.WaitDelay = time.Second
	if out, err := cmd.CombinedOutput(); err != nil {
		return errors.Join(err, ctx.Err(), errors.New(string(out)))
	}
	return nil
}
