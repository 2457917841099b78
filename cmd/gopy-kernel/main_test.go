package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	// The race detector lets each program wait for a second before it ends.
	if err := os.Setenv("GORACE", "atexit_sleep_ms=0 "+os.Getenv("GORACE")); err != nil {
		panic(err)
	}
	testscript.Main(m, map[string]func(){"gopy-kernel": main})
}

// TestScripts runs the scripts in testdata/script, each of which calls the program as a user does.
// They find PROGRAM, the path of the program, GO, that of the go command, and PYTHON, that of a
// Python with Jupyter, if there is one.
func TestScripts(t *testing.T) {
	program, err := exec.LookPath("gopy-kernel")
	require.NoError(t, err)
	goCommand, err := exec.LookPath("go")
	require.NoError(t, err)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			home := filepath.Join(e.WorkDir, "home")
			e.Vars = append(e.Vars, "HOME="+home, "PROGRAM="+program, "GO="+goCommand, "PYTHON="+python(t), "GORACE="+os.Getenv("GORACE"))
			return os.Mkdir(home, 0o755)
		},
		Condition: func(name string) (bool, error) {
			switch name {
			case "root": // may write everywhere
				return os.Geteuid() == 0, nil
			case "python":
				return python(t) != "", nil
			case "jupyter":
				return python(t) != "" && exec.Command(python(t), "-c", "import jupyter_client").Run() == nil, nil
			case "namespaces": // files of the system can be hidden from a program
				return exec.Command("unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt").Run() == nil, nil
			}
			return false, &usageError{text: "no condition " + name}
		},
	})
}

// python is that of GOPY_TEST_PYTHON or of the .venv folder here or above; empty if there is none.
// It is not kerneltest.Python, which skips the whole test: most scripts need no Python.
func python(t *testing.T) string {
	if path := os.Getenv("GOPY_TEST_PYTHON"); path != "" {
		return path
	}
	dir, err := os.Getwd()
	require.NoError(t, err)
	for {
		path := filepath.Join(dir, ".venv", "bin", "python")
		if _, err := os.Stat(path); err == nil {
			return path
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
		dir = filepath.Dir(dir)
	}
}
