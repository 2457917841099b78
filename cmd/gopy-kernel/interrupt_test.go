package main

import (
	"bufio"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestInterruptedInstall ends an installation while it compiles: nothing of it stays, and an older
// kernelspec stays as it was.
func TestInterruptedInstall(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		for _, replaces := range []bool{false, true} {
			name := signal.String()
			if replaces {
				name += " when it replaces"
			}
			t.Run(name, func(t *testing.T) { testInterrupt(t, signal, replaces) })
		}
	}
}

func testInterrupt(t *testing.T, signal syscall.Signal, replaces bool) {
	dir := t.TempDir()
	kernels := filepath.Join(dir, "data", "kernels")
	environ := append(os.Environ(), "XDG_CACHE_HOME="+dir+"/cache", "GOCACHE="+dir+"/go-build", "TMPDIR="+dir+"/tmp", "JUPYTER_DATA_DIR="+dir+"/data", "GOPY_PYTHON=")
	require.NoError(t, os.Mkdir(dir+"/tmp", 0o755))
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	start := func(args ...string) *exec.Cmd {
		cmd := exec.CommandContext(ctx, "gopy-kernel", args...)
		cmd.Env = environ
		return cmd
	}
	var before []byte
	if replaces {
		require.NoError(t, start("install", "--no-build", "--display-name", "older").Run())
		before = read(t, filepath.Join(kernels, "gopy", "kernel.json"))
	}

	cmd := start("install")
	stdout, err := cmd.StdoutPipe()
	require.NoError(t, err)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	require.NoError(t, cmd.Start())
	lines := bufio.NewScanner(stdout)
	for lines.Scan() && !strings.Contains(lines.Text(), "compiling") {
	}
	require.Contains(t, lines.Text(), "compiling")
	require.NoError(t, cmd.Process.Signal(signal))
	for lines.Scan() {
		assert.NotContains(t, lines.Text(), "installed")
	}
	require.Error(t, cmd.Wait())

	assert.Equal(t, 1, cmd.ProcessState.ExitCode())
	assert.Contains(t, stderr.String(), "gopy-kernel: interrupted; nothing was installed\n")
	left, err := os.ReadDir(dir + "/tmp")
	require.NoError(t, err)
	assert.Empty(t, left, "the go command has tidied up")
	if replaces {
		assert.Equal(t, string(before), string(read(t, filepath.Join(kernels, "gopy", "kernel.json"))))
		entries, err := os.ReadDir(filepath.Join(kernels, "gopy"))
		require.NoError(t, err)
		assert.Len(t, entries, 4)
		return
	}
	assert.NoDirExists(t, filepath.Join(kernels, "gopy"))
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return text
}
