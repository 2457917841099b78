package interpreter_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/display"
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
    """A lamp.

    It shines.
    """

    def __init__(self, watts=60):
        self.watts = watts

    def dim(self, *, by=0.5) -> "Lamp":
        """Make a weaker lamp."""
        return Lamp(self.watts * by)

    @property
    def warm(self) -> bool:
        """Whether one should not touch it."""
        return self.watts > 50

    def _repr_html_(self):
        return f"<b>{self.watts} W</b>"
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

// bundles keeps results in all their forms.
type bundles struct {
	output
	results []display.Bundle
}

func (b *bundles) Result(result display.Bundle) { b.results = append(b.results, result) }

// TestPythonClassIsAType has an instance shown, completed and inspected.
func TestPythonClassIsAType(t *testing.T) {
	s, _ := newPackagesSession(t, gadgets)
	s.must("import \"py/gadgets\"\nlamp := gadgets.NewLamp(100)")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	shown := &bundles{}
	failed := s.interpreter.Execute(ctx, interpreter.Cell{Source: "lamp.Dim(py.Kw{\"by\": 0.25})", Count: 50}, shown)
	require.Nil(t, failed)
	require.Len(t, shown.results, 1)
	assert.Equal(t, `"<b>25.0 W</b>"`, fmt.Sprintf("%s", shown.results[0].Data["text/html"]))
	assert.Equal(t, "True false gadgets.Lamp\n", s.must(`fmt.Printf("%v %v %T\n", lamp.Warm(), py.As[bool](lamp.Dim().Dim().Warm()), lamp.Dim())`))
	assert.Contains(t, s.must("%vars"), "gadgets.Lamp")

	names := texts(s.complete(t, "lamp.|"))
	require.Greater(t, len(names), 3)
	assert.Subset(t, names, []string{"Dim", "Warm", "Attr"})
	assert.Less(t, slices.Index(names, "Dim"), slices.Index(names, "Attr"), "what the class has comes before what all objects have")
	assert.Equal(t, []string{"AsLamp", "Lamp", "NewLamp"}, slices.DeleteFunc(texts(s.complete(t, "gadgets.|")), func(name string) bool { return !strings.Contains(name, "Lamp") }))

	for subject, want := range map[string][]string{
		"lamp.Dim":        {"func (x gadgets.Lamp) Dim(args ...any) gadgets.Lamp", "Dim calls gadgets.Lamp.dim. Make a weaker lamp.", "Lamp.dim(*, by=0.5) -> Lamp"},
		"lamp.Warm":       {"Warm returns gadgets.Lamp.warm, of type bool. Whether one should not touch it."},
		"gadgets.Lamp":    {"type Lamp struct", "Lamp is a gadgets.Lamp. A lamp.", "It shines.", "Dim(args ...any)"},
		"gadgets.NewLamp": {"func NewLamp(args ...any) gadgets.Lamp", "Lamp(watts=60)"},
	} {
		bundle, found, err := s.interpreter.Inspect(ctx, subject, len(subject), 0)
		require.NoError(t, err)
		require.True(t, found, subject)
		for _, text := range want {
			assert.Contains(t, withoutColours(plainText(bundle)), text, subject)
		}
	}
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
