package kerneltest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// Python returns the Python to test with: the one that the environment variable GOPY_TEST_PYTHON
// names, or that of the .venv folder here or above. If there is none, or it cannot import the
// modules, the test is skipped and says why.
func Python(t testing.TB, modules ...string) string {
	t.Helper()
	python := os.Getenv("GOPY_TEST_PYTHON")
	if python == "" {
		python = venvAbove(t)
	}
	if python == "" {
		t.Skip("no Python: neither GOPY_TEST_PYTHON nor a folder .venv here or above")
	}
	for _, module := range modules {
		if out, err := exec.Command(python, "-c", "import "+module).CombinedOutput(); err != nil {
			t.Skipf("%s cannot import %s: %v\n%s", python, module, err, out)
		}
	}
	return python
}

func venvAbove(t testing.TB) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		python := filepath.Join(dir, ".venv", "bin", "python")
		if _, err := os.Stat(python); err == nil {
			return python
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
