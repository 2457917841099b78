package pybridge_test

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/venv"
)

// Libraries of Go that share memory with ones of Python are tested in modules of their own, which are run here:
// gonum's matrices, which take seconds to build, and arrow-go's records, which take half a minute.

func TestGonum(t *testing.T) {
	if testing.Short() {
		t.Skip("gonum takes a while to build")
	}
	needNumpy(t)
	testModule(t, "gonum", rt.Info().Python.Executable, "TestDenseIsAnArray", "TestArrayIsADense")
}

func TestArrowGo(t *testing.T) {
	testModule(t, "arrow", venv.Installed(t, "science"), "TestFramesAreRecords", "TestFramesAreRecords/pyarrow",
		"TestFramesAreRecords/polars", "TestFramesAreRecords/pandas", "TestNothingIsCopied")
}

// testModule runs the tests of a module in the folder test.
func testModule(t *testing.T, name, python string, passed ...string) {
	t.Helper()
	run := func(args ...string) (string, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, "go", args...)
		cmd.Dir = "../test/" + name
		cmd.Env = append(os.Environ(), "GOPY_PYTHON="+python)
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := run("list", "-deps", "-test", "./..."); err != nil {
		t.Skipf("what the module %s requires cannot be had: %s", name, out)
	}
	out, err := run("test", "-count=1", "-v", "./...")
	require.NoError(t, err, out)
	for _, test := range passed {
		require.Contains(t, out, "--- PASS: "+test+" (")
	}
}
