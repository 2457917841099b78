package pybridge_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
	"github.com/stretchr/testify/require"
)

// TestEveryPython runs the tests of this package with every Python that this machine has, each in a
// process of its own. A version that the machine has not, or not with its shared library, is skipped
// by name.
func TestEveryPython(t *testing.T) {
	if os.Getenv("GOPY_TEST_MATRIX") != "" {
		t.Skip("this is a run for one version")
	}
	if testing.Short() {
		t.Skip("the tests of all versions take half a minute")
	}
	found := pythonsOfThisMachine(t)
	for minor := 9; minor <= 14; minor++ {
		version := fmt.Sprintf("3.%d", minor)
		t.Run(version, func(t *testing.T) {
			if len(found[version]) == 0 {
				t.Skipf("this machine has no Python %s", version)
			}
			for _, c := range found[version] {
				t.Run(filepath.ToSlash(c.Path), func(t *testing.T) { runTestsWith(t, c) })
			}
		})
	}
}

func pythonsOfThisMachine(t *testing.T) map[string][]*locate.Candidate {
	t.Helper()
	root := os.Getenv("PYENV_ROOT")
	if root == "" {
		root = filepath.Join(os.Getenv("HOME"), ".pyenv")
	}
	paths, err := filepath.Glob(filepath.Join(root, "versions", "3.*", "bin", "python3"))
	require.NoError(t, err)
	found := map[string][]*locate.Candidate{}
	for _, path := range append(paths, "/usr/bin/python3") {
		report, _ := locate.Find(t.Context(), locate.Options{Python: path}) // the reason is in the report
		if c := report.Candidates[0]; c.Python != nil {
			found[c.Python.Short()] = append(found[c.Python.Short()], c)
		}
	}
	return found
}

func runTestsWith(t *testing.T, c *locate.Candidate) {
	t.Helper()
	if !c.Usable() {
		t.Skipf("%s: %s (%s)", c.Path, c.Reason, c.Remedy)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.short", "-test.v")
	cmd.Env = append(os.Environ(), "GOPY_TEST_MATRIX=1", "GOPY_PYTHON="+c.Path, "GORACE=atexit_sleep_ms=0")
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "Python of this run: "+c.Python.VersionText()+"\n")
	t.Logf("%d tests passed, %d were skipped", bytes.Count(out, []byte("--- PASS")), bytes.Count(out, []byte("--- SKIP")))
}

func TestPythonOfThisRun(t *testing.T) {
	version := as[string](t, "__import__('platform').python_version()")
	require.Equal(t, rt.Info().Python.VersionText(), version)
	fmt.Printf("Python of this run: %s\n", version)
}
