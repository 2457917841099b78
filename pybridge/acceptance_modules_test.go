package pybridge_test

import (
	"math"
	"os"
	"path/filepath"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestA34Imports(t *testing.T) {
	m, err := rt.Import("math")
	require.NoError(t, err)
	cos, err := pybridge.MethodAs[float64](m, "cos", 1.25)
	require.NoError(t, err)
	assert.InDelta(t, math.Cos(1.25), cos, 1e-15)
	require.NoError(t, rt.Set("alias", m))
	assert.Equal(t, 3.0, as[float64](t, "alias.floor(3.5)"))
	require.NoError(t, rt.Reset())
	again, err := rt.Import("math")
	require.NoError(t, err)
	assert.True(t, again.Is(m), "modules outlive a reset")
	etree, err := rt.Import("xml.etree.ElementTree")
	require.NoError(t, err)
	assert.Equal(t, "xml.etree.ElementTree", must(pybridge.AttrAs[string](etree, "__name__")))
	_, err = rt.Import("no.such.module")
	assert.ErrorIs(t, err, pybridge.ModuleNotFoundError)
	t.Run("numpy", func(t *testing.T) {
		needNumpy(t)
		for _, name := range []string{"numpy", "numpy.random", "numpy.linalg", "numpy.ma.core"} {
			o, err := rt.Import(name)
			require.NoError(t, err)
			assert.Equal(t, name, must(pybridge.AttrAs[string](o, "__name__")))
		}
	})
}

func TestA35Reload(t *testing.T) {
	dir := t.TempDir()
	write := func(text string) {
		// A version of its own size: the time of a file is not fine enough to tell two of them apart.
		require.NoError(t, os.WriteFile(filepath.Join(dir, "reloaded.py"), []byte(text), 0o644))
	}
	write("version = 1\n")
	path := eval(t, "__import__('sys').path")
	_, err := path.Method("insert", 0, dir)
	require.NoError(t, err)
	defer func() { _, _ = path.Method("remove", dir) }()
	defer execute(t, "import sys\nsys.modules.pop('reloaded', None)")
	m, err := rt.Import("reloaded")
	require.NoError(t, err)
	write("version = 2 # another\n")
	same, err := rt.Import("reloaded")
	require.NoError(t, err)
	assert.True(t, same.Is(m))
	assert.Equal(t, 1, must(pybridge.AttrAs[int](same, "version")), "an import is not repeated")
	importlib, err := rt.Import("importlib")
	require.NoError(t, err)
	_, err = importlib.Method("invalidate_caches")
	require.NoError(t, err)
	_, err = importlib.Method("reload", m)
	require.NoError(t, err)
	assert.Equal(t, 2, must(pybridge.AttrAs[int](m, "version")))
	t.Run("parameters", func(t *testing.T) {
		needNumpy(t)
		signature, err := must(rt.From("numpy.linalg", "det")).Signature()
		require.NoError(t, err)
		assert.Equal(t, "(a)", signature)
	})
}

func TestA36BoundFunctions(t *testing.T) {
	sum, err := rt.Get("sum")
	require.NoError(t, err)
	both, err := rt.FromAll("fractions", "Fraction", "math")
	require.NoError(t, err)
	gcd, err := rt.From("math", "gcd")
	require.NoError(t, err)
	require.NoError(t, rt.Set("g", gcd))
	require.NoError(t, rt.Reset())
	assert.Equal(t, 6, must(pybridge.CallAs[int](sum, []any{1, 2, 3})), "still there after a reset")
	assert.Equal(t, "1/2", must(both[0].Call(1, 2)).String())
	assert.Equal(t, 4, must(pybridge.CallAs[int](gcd, 8, 12)))
	_, err = rt.Get("g")
	assert.ErrorIs(t, err, pybridge.NameError)
	divide := pybridge.Func2[int, int, int](must(rt.From("operator", "floordiv")))
	assert.Equal(t, 3, must(divide(7, 2)), "as a Go function")
}

func TestA37DefaultsKeepTheirKinds(t *testing.T) {
	execute(t, "def defaults(a=[], b=(), c=False, d=None): return [a, b, c, d]")
	f := eval(t, "defaults")
	assert.Equal(t, []any{[]any{}, pybridge.Tuple{}, false, nil}, must(pybridge.CallAs[any](f)))
	assert.Equal(t, []any{pybridge.Tuple{}, nil, []any{}, false},
		must(pybridge.CallAs[any](f, pybridge.Kw{"a": pybridge.Tuple{}, "b": nil, "c": []any{}, "d": false})))
	assert.Equal(t, "(a=[], b=(), c=False, d=None)", must(f.Signature()))
}

func TestA38Signatures(t *testing.T) {
	execute(t, `
import functools
def none(): return 'none'
def positional(a, b=2, /): return (a, b)
def rest(*args): return args
def keywords(**kwargs): return kwargs
def mixed(a, /, b, *args, c, d=4, **kwargs): return (a, b, args, c, d, kwargs)
def decorator(f):
    @functools.wraps(f)
    def wrapper(*a, **k): return f(*a, **k)
    return wrapper
@decorator
def decorated(x, y=1): return (x, y)
class Made:
    def __init__(self, x, *, y=2): self.x, self.y = x, y
`)
	for source, want := range map[string]string{
		"none": "()", "positional": "(a, b=2, /)", "rest": "(*args)", "keywords": "(**kwargs)",
		"mixed": "(a, /, b, *args, c, d=4, **kwargs)", "decorated": "(x, y=1)", "Made": "(x, *, y=2)", "max": "",
	} {
		assert.Equal(t, want, must(eval(t, source).Signature()), source)
	}
	assert.Equal(t, "none", call[string](t, "none"))
	assert.Equal(t, pybridge.Tuple{1, 2}, call[any](t, "positional", 1))
	assert.Equal(t, pybridge.Tuple{1, 5}, call[any](t, "positional", 1, 5))
	_, err := eval(t, "positional").Call(pybridge.Kw{"a": 1})
	assert.ErrorIs(t, err, pybridge.TypeError)
	assert.Equal(t, pybridge.Tuple{1, 2, 3}, call[any](t, "rest", 1, 2, 3))
	assert.Equal(t, pybridge.Dict{{"x", 1}, {"y", 2}}, call[any](t, "keywords", pybridge.Kw{"x": 1, "y": 2}))
	assert.Equal(t, pybridge.Tuple{1, 2, pybridge.Tuple{3}, 5, 4, pybridge.Dict{{"e", 6}}}, call[any](t, "mixed", 1, 2, 3, pybridge.Kw{"c": 5, "e": 6}))
	assert.Equal(t, pybridge.Tuple{1, 2, pybridge.Tuple{}, 3, 4, pybridge.Dict{}}, call[any](t, "mixed", 1, pybridge.Kw{"b": 2, "c": 3}), "by position or by name")
	_, err = eval(t, "mixed").Call(1, 2)
	assert.ErrorIs(t, err, pybridge.TypeError, "a keyword without a default is needed")
	assert.Equal(t, pybridge.Tuple{1, 1}, call[any](t, "decorated", 1))
	assert.Equal(t, 2, must(pybridge.AttrAs[int](must(eval(t, "Made").Call(1)), "y")))
	assert.Equal(t, 3, call[int](t, "max", 1, 3, 2))
	t.Run("ufuncs", func(t *testing.T) {
		needNumpy(t)
		add, err := rt.From("numpy", "add")
		require.NoError(t, err)
		assert.Equal(t, 3.0, must(pybridge.CallAs[float64](add, 1.0, 2.0)))
		assert.Equal(t, []float64{11, 2}, must(pybridge.CallAs[[]float64](add, []float64{1, 2}, 10, pybridge.Kw{"where": []bool{true, false}, "out": []float64{1, 2}})))
	})
}

func TestA39Names(t *testing.T) {
	execute(t, `
def names(A, b, *, nil=None, t=None, type=None, func=None, range=None, größe=None, **kwargs):
    return [A, b, nil, t, type, func, range, größe, kwargs]
`)
	got := call[any](t, "names", pybridge.Kw{"A": 1, "b": 2, "nil": 3, "t": 4, "type": 5, "func": 6, "range": 7, "größe": 8, "B": 9, "a": 10})
	assert.Equal(t, []any{1, 2, 3, 4, 5, 6, 7, 8, pybridge.Dict{{"B", 9}, {"a", 10}}}, got)
}

func TestA41ClassInstances(t *testing.T) {
	execute(t, "class Thing:\n    def __init__(self, value): self.value = value\ndef double(thing): return 2 * thing.value\nthing = Thing(42)")
	assert.Equal(t, 42, as[int](t, "thing.value"))
	thing := eval(t, "thing")
	assert.Equal(t, "Thing", must(pybridge.AttrAs[string](must(thing.Type()), "__name__")))
	assert.Equal(t, 42, must(pybridge.AttrAs[int](thing, "value")))
	assert.Equal(t, 84, call[int](t, "double", thing))
	assert.True(t, thing.Is(eval(t, "thing")))
	assert.False(t, thing.Is(eval(t, "Thing(42)")))
	assert.Contains(t, thing.String(), "Thing object at")
	unchanged(t, 50, func() {
		_, err := eval(t, "double").Call(eval(t, "thing"))
		require.NoError(t, err)
	})
}

type animal struct{ Name string }

func (a *animal) Speak() string { return a.Name + " makes a sound" }

type dog struct {
	animal
	Age int
}

func (d *dog) Bark() string { return d.Name + " barks" }
func (d *dog) PySetAttr(name string, value any) error {
	return &pybridge.Error{Type: "AttributeError", Message: "a dog has no " + name}
}

func TestA42GoStructs(t *testing.T) {
	opaque := &struct{ hidden int }{7}
	back, err := pybridge.CallAs[any](eval(t, "lambda v: v"), opaque)
	require.NoError(t, err)
	assert.Same(t, opaque, back)
	rex, fido := &dog{animal{"Rex"}, 3}, &dog{animal{"Fido"}, 5}
	names := pybridge.Kw{"rex": rex, "fido": fido}
	for source, want := range map[string]string{
		"rex.Name": "Rex", "rex.age": "3", "rex.bark()": "Rex barks", "rex.Speak()": "Rex makes a sound", "fido.bark()": "Fido barks",
		"rex is fido": "False", "[d.Name for d in (rex, fido)]": "['Rex', 'Fido']",
	} {
		assert.Equal(t, want, run(t, source, names), source)
	}
	require.NoError(t, rt.Exec("rex.Age = 4", names))
	assert.Equal(t, 4, rex.Age)
	rex.Name = "Max"
	assert.Equal(t, "Max barks", run(t, "rex.bark()", names))
	err = rt.Exec("rex.wings = 2", names)
	assert.ErrorIs(t, err, pybridge.AttributeError)
	assert.ErrorContains(t, err, "a dog has no wings")
	o, err := rt.Of(rex)
	require.NoError(t, err)
	require.NoError(t, o.SetAttr("Age", 9))
	assert.Equal(t, 9, rex.Age)
}
