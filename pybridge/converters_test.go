package pybridge_test

import (
	"errors"
	"fmt"
	"math/big"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// decimals are rules for reals that are Decimals in Python.
func decimals(t *testing.T) *pybridge.Converters {
	t.Helper()
	c := new(pybridge.Converters)
	pybridge.ToPython(c, func(x float64) (any, error) { return pybridge.Decimal(fmt.Sprint(x)), nil })
	class, err := rt.Get("decimal.Decimal")
	require.NoError(t, err)
	require.NoError(t, pybridge.FromPython(c, class, func(o *pybridge.Object) (float64, error) {
		text, err := o.Str()
		if err != nil {
			return 0, err
		}
		var x float64
		_, err = fmt.Sscan(text, &x)
		return x, err
	}))
	return c
}

func TestConverters(t *testing.T) {
	c := decimals(t)
	describe := eval(t, "lambda *a, **k: repr((a, k))").Using(c)
	for _, test := range []struct {
		name string
		args []any
		want string
	}{
		{"argument", []any{0.1}, "((Decimal('0.1'),), {})"},
		{"keyword", []any{pybridge.Kw{"x": 0.5}}, "((), {'x': Decimal('0.5')})"},
		{"nested", []any{[]any{1, map[string]any{"a": 0.5}}}, "(([1, {'a': Decimal('0.5')}],), {})"},
		{"slice", []any{[]float64{0.5, 1.5}}, "(([Decimal('0.5'), Decimal('1.5')],), {})"},
		{"matrix", []any{[][]float64{{0.5}}}, "(([[Decimal('0.5')]],), {})"},
		{"map", []any{map[string]float64{"a": 0.5}}, "(({'a': Decimal('0.5')},), {})"},
		{"struct", []any{struct{ X float64 }{0.5}}, "(({'X': Decimal('0.5')},), {})"},
		{"others", []any{1, "x", []string{"y"}}, "((1, 'x', ['y']), {})"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := pybridge.CallAs[string](describe, test.args...)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
	execute(t, "from decimal import Decimal\nclass Money(Decimal): pass\ndef give(x): return x")
	give := eval(t, "give").Using(c)
	for source, want := range map[string]any{
		"Decimal('0.5')": 0.5, "[Decimal('0.5'), 1]": []any{0.5, 1}, "{'a': (Decimal('0.5'),)}": pybridge.Dict{{"a", pybridge.Tuple{0.5}}},
		"Money('2.5')": 2.5, "1": 1, "'x'": "x", "[1, 2]": []any{1, 2},
	} {
		got, err := pybridge.CallAs[any](give, eval(t, source))
		require.NoError(t, err)
		assert.Equal(t, want, got, source)
		o, err := give.Call(eval(t, source))
		require.NoError(t, err)
		got, err = pybridge.As[any](o)
		require.NoError(t, err)
		assert.Equal(t, want, got, "results have the rules, too: %s", source)
	}
	typed, err := pybridge.CallAs[map[string][]float64](give, eval(t, "{'a': [Decimal('0.1')]}"))
	require.NoError(t, err)
	assert.Equal(t, map[string][]float64{"a": {0.1}}, typed, "where no rule would have refused it")
	text, err := pybridge.CallAs[string](give, eval(t, "Decimal('0.10')"))
	require.NoError(t, err)
	assert.Equal(t, "0.10", text, "a rule for another type than is asked for")
	sum, err := pybridge.OpAs[any](eval(t, "Decimal(1)").Using(c), "+", 0.5)
	require.NoError(t, err)
	assert.Equal(t, 1.5, sum)
	item, err := pybridge.ChainAs[any](eval(t, "{'a': Decimal('0.5')}").Using(c).Chain().Index("a"))
	require.NoError(t, err)
	assert.Equal(t, 0.5, item)

	assert.IsType(t, (*pybridge.Object)(nil), as[any](t, "Decimal(1)"), "without rules nothing has changed")
	plain, err := give.Using(nil).Call(0.5)
	require.NoError(t, err)
	assert.Equal(t, "0.5", plain.String())
	mapped, err := pybridge.Map[any](give, []float64{0.5})
	require.NoError(t, err)
	assert.Equal(t, []any{0.5}, mapped)
}

func TestConvertersForTheProcess(t *testing.T) {
	c := decimals(t)
	rt.Convert(c)
	defer rt.Convert(nil)
	o, err := rt.Of([]any{0.5})
	require.NoError(t, err)
	assert.Equal(t, "[Decimal('0.5')]", o.String())
	require.NoError(t, rt.Set("half", 0.5))
	assert.Equal(t, "Decimal('0.5')", run(t, "repr(half)", nil))
	assert.Equal(t, "Decimal('0.5')", run(t, "repr(x)", pybridge.Kw{"x": 0.5}))
	assert.Equal(t, []any{0.5}, as[any](t, "[half]"))
	f := func(x float64) float64 { return x * 2 }
	assert.Equal(t, "Decimal('1')", run(t, "repr(f(half))", pybridge.Kw{"f": f}), "functions of Go take and give by rules")
	assert.Equal(t, "2024", run(t, "t.year", pybridge.Kw{"t": time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)}))
	raised := rt.Exec("raise ValueError(half)")
	assert.ErrorIs(t, raised, pybridge.ValueError)
	assert.Contains(t, raised.(*pybridge.Error).Traceback(), "ValueError: 0.5", "the bridge's own calls have no rules")
	c2 := &car{Make: "Lada", Prices: []float64{1}}
	assert.Equal(t, "[Decimal('1')]", run(t, "c.Prices", pybridge.Kw{"c": c2}))

	ints := new(pybridge.Converters)
	require.NoError(t, pybridge.FromPython(ints, eval(t, "int"), func(o *pybridge.Object) (*big.Int, error) { return pybridge.As[*big.Int](o) }))
	rt.Convert(ints)
	assert.Equal(t, []any{big.NewInt(1), 1.5}, as[any](t, "[1, 1.5]"))
	assert.Equal(t, []int{1}, as[[]int](t, "[1]"), "where a rule does not fit there is none")
	assert.Equal(t, "Lada", run(t, "c.Make", pybridge.Kw{"c": c2}))
	rt.Convert(nil)
	assert.Equal(t, []any{1, 1.5}, as[any](t, "[1, 1.5]"))
}

func TestRulesThatFail(t *testing.T) {
	c := new(pybridge.Converters)
	lost := errors.New("lost")
	pybridge.ToPython(c, func(point) (any, error) { return nil, lost })
	pybridge.ToPython(c, func(fmt.Stringer) (any, error) { return "text", nil })
	require.NoError(t, pybridge.FromPython(c, eval(t, "set"), func(*pybridge.Object) (any, error) { return nil, lost }))
	give := eval(t, "lambda *a: a[0]").Using(c)
	_, err := give.Call(point{})
	assert.ErrorIs(t, err, lost)
	assert.ErrorContains(t, err, "argument 1: converting a pybridge_test.point: lost")
	_, err = pybridge.CallAs[any](give, eval(t, "[{1}]"))
	assert.ErrorIs(t, err, lost)
	o, err := give.Call(time.Second)
	require.NoError(t, err)
	assert.Equal(t, "text", o.String(), "a rule for an interface")
	assert.ErrorIs(t, pybridge.FromPython(c, eval(t, "5"), func(*pybridge.Object) (any, error) { return nil, nil }), pybridge.TypeError)
}

func TestRulesDoNotLeak(t *testing.T) {
	c := decimals(t)
	give := eval(t, "lambda x: [x, x]").Using(c)
	unchanged(t, 100, func() {
		_, err := pybridge.CallAs[any](give, []any{0.5, eval(t, "mark")})
		require.NoError(t, err)
		give.Using(nil).Close()
	})
}
