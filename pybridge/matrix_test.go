package pybridge_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/internal/venv"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
	"github.com/stretchr/testify/assert"
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
				t.Run(filepath.ToSlash(c.Path), func(t *testing.T) {
					if !c.Usable() {
						t.Skipf("%s: %s (%s)", c.Path, c.Reason, c.Remedy)
					}
					out := runTestsWith(t, c.Path)
					require.Contains(t, out, "Python of this run: "+c.Python.VersionText()+"\n")
				})
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

// TestEveryNumpy runs the tests of this package in environments without numpy, with numpy 1, and with numpy 2 and
// what exchanges arrays and tables with it: jax through DLPack, pandas, polars and pyarrow through Arrow.
func TestEveryNumpy(t *testing.T) {
	if os.Getenv("GOPY_TEST_MATRIX") != "" {
		t.Skip("this is a run for one version")
	}
	lacks := func(module string) string { return "this Python has no " + module + ":" }
	for _, test := range []struct {
		name   string
		python func(t *testing.T) string
		numpy  string   // the beginning of its version
		passed []string // tests that must not be skipped
		lacks  []string // modules that tests are skipped for the want of
	}{
		{"none", func(t *testing.T) string { return venv.Empty(t, filepath.Join(t.TempDir(), "bare é 変 (1)")) }, "none",
			[]string{"TestWithoutNumpySlicesAreMemoryviews", "TestTablesGoThroughPython"}, []string{"numpy", "pandas"}},
		{"numpy 1", func(t *testing.T) string { return venv.Installed(t, "numpy-1") }, "1.26.",
			[]string{"TestSlicesAreArraysOverTheSameMemory", "TestTensorsShareMemory", "TestRecordsAreStructs", "TestNumpyScalarsOfEveryType",
				"TestFramesOfPandas", "TestA43Ufuncs", "TestA46TypesOfArraysAreKept"}, []string{"jax", "polars"}},
		{"numpy 2", func(t *testing.T) string { return venv.Installed(t, "science") }, "2.",
			[]string{"TestSlicesAreArraysOverTheSameMemory", "TestTensorsShareMemory", "TestTensorsOfJax", "TestArraysOfJaxShareMemory", "TestFramesOfPandas",
				"TestFramesOfPolars", "TestTablesOfPyarrow", "TestStreamsOfNanoarrow", "TestJoblibStartsTheRealPython"}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := runTestsWith(t, test.python(t))
			require.Contains(t, out, "numpy of this run: "+test.numpy)
			for _, name := range test.passed {
				assert.Contains(t, out, "\n--- PASS: "+name+" (")
			}
			for _, module := range test.lacks {
				assert.Contains(t, out, lacks(module))
			}
			if !slices.Contains(test.lacks, "numpy") {
				assert.NotContains(t, out, lacks("numpy"))
			}
		})
	}
}

// runTestsWith runs the tests of this package, but for those that take long, with another Python, and returns what
// they print.
func runTestsWith(t *testing.T, python string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, os.Args[0], "-test.short", "-test.v")
	cmd.Env = append(os.Environ(), "GOPY_TEST_MATRIX=1", "GOPY_PYTHON="+python, "GORACE=atexit_sleep_ms=0")
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.ENOEXEC) {
		t.Skip("an emulator runs this program, and the system cannot start it")
	}
	require.NoError(t, err, "%s", out)
	t.Logf("%d tests passed, %d were skipped", bytes.Count(out, []byte("--- PASS")), bytes.Count(out, []byte("--- SKIP")))
	return string(out)
}

func TestPythonOfThisRun(t *testing.T) {
	version := as[string](t, "__import__('platform').python_version()")
	require.Equal(t, rt.Info().Python.VersionText(), version)
	fmt.Printf("Python of this run: %s\n", version)
	execute(t, `
import importlib.metadata
try: numpy_version = importlib.metadata.version("numpy")
except importlib.metadata.PackageNotFoundError: numpy_version = "none"
`)
	fmt.Printf("numpy of this run: %s\n", as[string](t, "numpy_version"))
}
