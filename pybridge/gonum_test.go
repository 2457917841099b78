package pybridge_test

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The tests of gonum's matrices are a module of their own, which is run here.
func TestGonum(t *testing.T) {
	if testing.Short() {
		t.Skip("gonum takes a while to build")
	}
	needNumpy(t)
	run := func(args ...string) (string, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir = "../test/gonum"
		cmd.Env = append(os.Environ(), "GOPY_PYTHON="+rt.Info().Python.Executable)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run("mod", "download"); err != nil {
		t.Skipf("gonum cannot be had: %s", out)
	}
	out, err := run("test", "-count=1", "-v", "./...")
	require.NoError(t, err, out)
	require.Contains(t, out, "--- PASS: TestDenseIsAnArray")
	require.Contains(t, out, "--- PASS: TestArrayIsADense")
}
