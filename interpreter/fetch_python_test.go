package interpreter_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// newPackagesSession makes a session with a Python module of its own, beside which the worker runs.
func newPackagesSession(t *testing.T, module string) (s *session, folder string) {
	t.Helper()
	folder = t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "gadgets.py"), []byte(module), 0o644))
	s = newSessionConfig(t, func(*build.Workspace) interpreter.Config {
		return interpreter.Config{Python: pythonPackages(t.TempDir(), folder)}
	})
	needPython(t, s)
	s.must("py.Import(\"sys\").Attr(\"path\").Method(\"insert\", 0, `" + folder + "`);")
	return s, folder
}

const gadgets = `"""Gadgets."""

__version__ = "1"


def turn_on(gadget, *, speed=1):
    """Turn a gadget on.

    It stays on.
    """
    return f"{gadget} at {speed}"


class Lamp:
    """A lamp."""
`

func TestPythonPackageIsOrdinaryGo(t *testing.T) {
	s, _ := newPackagesSession(t, gadgets)
	shown := s.must("import \"py/gadgets\"\ngadgets.TurnOn(\"fan\", py.Kw{\"speed\": 2})")
	assert.Equal(t, "['fan at 2']\n", shown)
	assert.Equal(t, "['fan at 1']\n", s.must(`gadgets.TurnOn("fan")`), "the import holds in later cells")

	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	code := "gadgets.Tu"
	completion, err := s.interpreter.Complete(ctx, code, len(code))
	require.NoError(t, err)
	require.Len(t, completion.Items, 1)
	assert.Equal(t, "TurnOn", completion.Items[0].Text[strings.LastIndexByte(completion.Items[0].Text, '.')+1:])
	assert.Contains(t, completion.Items[0].Signature, "func TurnOn(args ...any) *py.Object")

	assert.Equal(t, []string{"py/gadgets"}, texts(s.complete(t, "import \"py/gad|\"")))
	assert.Contains(t, texts(s.complete(t, "import \"py/json/|\"")), "py/json/decoder")

	bundle, found, err := s.interpreter.Inspect(ctx, "gadgets.TurnOn", len("gadgets.TurnOn"), 0)
	require.NoError(t, err)
	require.True(t, found)
	text := withoutColours(plainText(bundle))
	assert.Contains(t, text, "TurnOn calls gadgets.turn_on. Turn a gadget on.")
	assert.Contains(t, text, "turn_on(gadget, *, speed=1)")
	assert.Contains(t, text, "It stays on.")
}

// TestPythonPackageIsReadAgain changes a module. The running Python has the old one, and so has the session.
func TestPythonPackageIsReadAgain(t *testing.T) {
	s, folder := newPackagesSession(t, gadgets)
	s.must("import \"py/gadgets\"\ngadgets.TurnOn(1);")
	changed := strings.NewReplacer("turn_on", "turn_off", `"1"`, `"2"`).Replace(gadgets)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "gadgets.py"), []byte(changed), 0o644))
	s.must("import \"py/gadgets\"\ngadgets.TurnOn(1);")
	s.must(`py.Import("importlib").Method("reload", gadgets.Module());`)
	assert.Equal(t, "['fan at 1']\n", s.must(`gadgets.Module().Method("turn_off", "fan")`), "what is put into the module is seen")

	s.must("%restart\npy.Import(\"sys\").Attr(\"path\").Method(\"insert\", 0, `" + folder + "`);")
	assert.Equal(t, "['fan at 1']\n", s.must(`gadgets.TurnOff("fan")`))
	_, failed := s.run("gadgets.TurnOn(1)")
	require.NotNil(t, failed)
	assert.Contains(t, failed.Value, "undefined: gadgets.TurnOn")

	require.NoError(t, os.Remove(filepath.Join(folder, "gadgets.py")))
	shown := s.must("%restart\nn := 1\nn")
	assert.Contains(t, shown, "note: py/gadgets could not be looked for again: ")
	assert.Contains(t, shown, "[1]\n", "a cell that does not need it runs")
}

func TestPythonPackageErrors(t *testing.T) {
	s, _ := newPackagesSession(t, "import nosuchmodule\n")
	tests := map[string]struct {
		path string
		want []string
	}{
		"not installed":     {"py/nosuchmodule", []string{"has no module nosuchmodule\nInstall it with: ", "install nosuchmodule"}},
		"no such submodule": {"py/json/nosuch", []string{"has no module json.nosuch\nCheck the last part of the name"}},
		"fails":             {"py/gadgets", []string{"Python cannot import gadgets: ModuleNotFoundError: No module named 'nosuchmodule'", "install nosuchmodule"}},
		"dots":              {"py/os.path", []string{`write it as "py/os/path"`}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			_, failed := s.run("import \"" + test.path + "\"")
			require.NotNil(t, failed)
			text := withoutColours(strings.Join(failed.Traceback, "\n"))
			assert.Contains(t, text, ":1:8: could not import "+test.path+": ")
			for _, want := range test.want {
				assert.Contains(t, text, want)
			}
		})
	}
}
