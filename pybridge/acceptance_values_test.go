package pybridge_test

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestA11InfinitiesAndNaN(t *testing.T) {
	same := eval(t, "lambda v: v")
	for _, x := range []float64{math.Inf(1), math.Inf(-1), math.NaN(), math.Copysign(0, -1), math.MaxFloat64, math.SmallestNonzeroFloat64} {
		got, err := pybridge.CallAs[float64](same, x)
		require.NoError(t, err)
		assert.Equal(t, math.Float64bits(x), math.Float64bits(got), "%v", x)
		if small := float32(x); float64(small) == x || math.IsNaN(x) {
			single, err := pybridge.CallAs[float32](same, small)
			require.NoError(t, err)
			assert.Equal(t, fmt.Sprint(small), fmt.Sprint(single))
		}
	}
	for source, want := range map[string]float64{"float('inf')": math.Inf(1), "-float('inf')": math.Inf(-1), "-0.0": math.Copysign(0, -1)} {
		assert.Equal(t, math.Float64bits(want), math.Float64bits(as[float64](t, source)), source)
	}
	assert.True(t, math.IsNaN(as[any](t, "float('nan')").(float64)))
	t.Run("numpy", func(t *testing.T) {
		needNumpy(t)
		execute(t, "import numpy")
		assert.Equal(t, float32(math.Inf(1)), as[float32](t, "numpy.float32('inf')"))
		assert.True(t, math.IsNaN(as[float64](t, "numpy.float64('nan')")))
		got := call[[]float32](t, "lambda a: a", []float32{float32(math.Inf(-1)), 1})
		assert.Equal(t, []float32{float32(math.Inf(-1)), 1}, got)
	})
}

func TestA12Texts(t *testing.T) {
	for source, want := range map[string]string{
		`'a "quoted" text'`: `a "quoted" text`, `"it's"`: "it's", `'line\nnext'`: "line\nnext", `'a\r\nb'`: "a\r\nb", `'Ƃ'`: "Ƃ", `u'Ƃ'`: "Ƃ",
		`'%s ~a {} {{'`: "%s ~a {} {{", `'\0x'`: "\x00x", `'😀'`: "😀", `'\ud800'`: "\xed\xa0\x80", `'x' * 2**20`: strings.Repeat("x", 1<<20),
	} {
		assert.Equal(t, want, as[string](t, source))
		assert.True(t, call[bool](t, "lambda s: s == "+source, want), source)
	}
	assert.Equal(t, map[string]int{"Ƃ": 1}, as[map[string]int](t, "{'Ƃ': 1}"))
	formatted, err := pybridge.MethodAs[string](eval(t, "'{} and {}'"), "format", "it's", `"quoted"`)
	require.NoError(t, err)
	assert.Equal(t, `it's and "quoted"`, formatted)
	assert.ErrorContains(t, rt.Exec("raise ValueError('%s ~a')"), "ValueError: %s ~a", "a message is never a format")
}

func TestA13Ratios(t *testing.T) {
	half := big.NewRat(1, 2)
	assert.Equal(t, half, call[*big.Rat](t, "lambda v: v", half))
	assert.Equal(t, big.NewRat(1, 4), call[*big.Rat](t, "lambda v: v / 2", half))
	assert.Equal(t, complex(0.5, 1), call[complex128](t, "lambda c, r: c * r", complex(1, 2), half))
	assert.Equal(t, half, as[any](t, "__import__('fractions').Fraction(1, 2)"))
}

func TestA14ScopeOfExec(t *testing.T) {
	execute(t, `
import math
offset = 1
def inner(x): return math.floor(x) + offset
def outer(x): return inner(x) * 2
`)
	assert.Equal(t, 6, as[int](t, "outer(2.5)"))
	execute(t, "offset = 10")
	assert.Equal(t, 24, as[int](t, "outer(2.5)"))
	assert.Equal(t, []int{11, 12}, as[[]int](t, "[inner(i) for i in (1, 2)]"))
	require.NoError(t, rt.Exec("def later(): return given", pybridge.Kw{"given": 5}))
	assert.Equal(t, 5, as[int](t, "later()"))
}

func TestA16ValuesInExpressions(t *testing.T) {
	evaluate := func(source string, names pybridge.Kw) string {
		t.Helper()
		return run(t, source, names)
	}
	assert.Equal(t, "11", evaluate("a + b", pybridge.Kw{"a": 4, "b": 7}))
	assert.Equal(t, "5", evaluate("len(s)", pybridge.Kw{"s": "hello"}))
	assert.Equal(t, "1", evaluate("s", pybridge.Kw{"s": "1"}), "a text that looks like a number stays a text")
	assert.Equal(t, "'1'", evaluate("repr(s)", pybridge.Kw{"s": "1"}))
	_, err := rt.Eval("hello there")
	assert.ErrorIs(t, err, pybridge.SyntaxError, "a bare text is code")
	assert.Equal(t, "[0.5, 1.5]", evaluate("[float(x) for x in v]", pybridge.Kw{"v": []float64{0.5, 1.5}}))
	assert.Equal(t, "0", evaluate("len(v)", pybridge.Kw{"v": []float64{}}))
	t.Run("arrays", func(t *testing.T) {
		needNumpy(t)
		matrix := [][]float64{{1, 2}, {3, 4}}
		o, err := rt.Eval("a * 2", pybridge.Kw{"a": matrix})
		require.NoError(t, err)
		got, err := pybridge.As[[][]float64](o)
		require.NoError(t, err)
		assert.Equal(t, [][]float64{{2, 4}, {6, 8}}, got)
		o, err = rt.Eval("a + 1", pybridge.Kw{"a": [][][]int{{{1, 2}}, {{3, 4}}}})
		require.NoError(t, err)
		cube, err := pybridge.As[[][][]int](o)
		require.NoError(t, err)
		assert.Equal(t, [][][]int{{{2, 3}}, {{4, 5}}}, cube)
		assert.Equal(t, "(2, 2) float64", evaluate("f'{a.shape} {a.dtype}'", pybridge.Kw{"a": matrix}))
	})
}

func TestA17ComplexValues(t *testing.T) {
	assert.Equal(t, complex(1, -2), call[complex128](t, "lambda z: z", complex(1, -2)))
	assert.Equal(t, complex(-3, -4), call[complex128](t, "lambda z: z * z", complex(1, -2)))
	assert.Equal(t, "(-3-4j)", run(t, "a * b", pybridge.Kw{"a": complex(1, -2), "b": complex(1, -2)}))
	assert.Equal(t, complex(3, 3), call[complex128](t, "sum", []any{complex(1, 1), complex(2, 2)}))
}

func TestA18NumpyScalar(t *testing.T) {
	needNumpy(t)
	assert.Equal(t, 42.0, as[any](t, "__import__('numpy').float64(42)"))
	assert.Equal(t, 42, as[int](t, "__import__('numpy').int8(42)"))
}

func TestA19Dicts(t *testing.T) {
	assert.Equal(t, map[int]string{1: "a", 2: "b"}, as[map[int]string](t, "{1: 'a', 2: 'b'}"))
	assert.Equal(t, map[string]int{"a": 1}, as[map[string]int](t, "{'a': 1}"))
	assert.Equal(t, pybridge.Dict{{pybridge.Tuple{1, 2}, "t"}}, as[any](t, "{(1, 2): 't'}"))
	assert.Equal(t, map[[2]int]string{{1, 2}: "t"}, as[map[[2]int]string](t, "{(1, 2): 't'}"))
	assert.Equal(t, map[string][]int{"l": {1, 2}}, as[map[string][]int](t, "{'l': [1, 2]}"))
	assert.Equal(t, pybridge.Dict{{"t", pybridge.Tuple{1, 2}}, {"Key", 1}, {"key", 2}}, as[any](t, "{'t': (1, 2), 'Key': 1, 'key': 2}"), "in their order, and by case")
}

func TestA20Assigning(t *testing.T) {
	require.NoError(t, rt.Set("x", []any{1, "a"}))
	o, err := rt.Get("x")
	require.NoError(t, err)
	assert.Equal(t, "[1, 'a']", o.String())
	require.NoError(t, rt.SetAll(pybridge.Kw{"y": 1, "z": 2}))
	assert.Equal(t, 3, as[int](t, "y + z"))
	require.NoError(t, rt.Exec("w = given * 2", pybridge.Kw{"given": 21}))
	assert.Equal(t, 42, as[int](t, "w"))
	execute(t, "class Holder: pass\nholder = Holder()")
	require.NoError(t, rt.Set("holder.value", 5))
	value, err := rt.Get("holder.value")
	require.NoError(t, err)
	assert.Equal(t, "5", value.String())
	list := eval(t, "[[1], [2]]")
	inner, err := list.Index(0)
	require.NoError(t, err)
	require.NoError(t, inner.SetIndex(9, 0))
	assert.Equal(t, "[[9], [2]]", list.String(), "parts are not copies")
}

func TestA26Converters(t *testing.T) {
	c := decimals(t)
	give := eval(t, "lambda *a: (type(a[0]).__name__, a[0])").Using(c)
	got, err := pybridge.CallAs[pybridge.Tuple](give, 0.5)
	require.NoError(t, err)
	assert.Equal(t, pybridge.Tuple{"Decimal", 0.5}, got, "in as a Decimal, out as a float")
	nested, err := pybridge.CallAs[any](eval(t, "lambda v: v").Using(c), map[string]any{"a": []any{0.5}})
	require.NoError(t, err)
	assert.Equal(t, pybridge.Dict{{"a", []any{0.5}}}, nested)
	t.Run("arrays of another class", func(t *testing.T) {
		needNumpy(t)
		arrays := new(pybridge.Converters)
		class, err := rt.Get("numpy.ndarray")
		require.NoError(t, err)
		require.NoError(t, pybridge.FromPython(arrays, class, func(o *pybridge.Object) (*matrixOf, error) {
			rows, err := pybridge.As[[][]float64](o)
			return &matrixOf{rows}, err
		}))
		m, err := pybridge.CallAs[any](eval(t, "__import__('numpy').eye").Using(arrays), 2)
		require.NoError(t, err)
		assert.Equal(t, &matrixOf{[][]float64{{1, 0}, {0, 1}}}, m)
	})
}

type matrixOf struct{ rows [][]float64 }
