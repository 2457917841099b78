package pybridge_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMap(t *testing.T) {
	str := eval(t, "str")
	for _, n := range []int{0, 1, 3, 1024, 1025, 5000} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			in, want := make([]int, n), make([]string, n)
			for i := range in {
				in[i], want[i] = i*7, strconv.Itoa(i*7)
			}
			got, err := pybridge.Map[string](str, in)
			require.NoError(t, err)
			assert.Equal(t, want, append([]string{}, got...))
		})
	}
	halves, err := pybridge.Map[float64](eval(t, "lambda x: x / 2"), []float64{1, 2})
	require.NoError(t, err)
	assert.Equal(t, []float64{0.5, 1}, halves)
	lengths, err := pybridge.Map[int](eval(t, "len"), [][]string{{"a"}, {"b", "c"}})
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2}, lengths)
	types, err := pybridge.Map[*pybridge.Object](eval(t, "type"), []any{1, "x", nil})
	require.NoError(t, err)
	assert.Equal(t, "<class 'str'>", types[1].String())
	pairs, err := pybridge.Map[[]int](eval(t, "lambda n: [n, n]"), []string{"1", "2"})
	require.ErrorContains(t, err, "[0][0]: want int, got str")
	assert.Nil(t, pairs)
}

func TestMapSaysWhichFailed(t *testing.T) {
	in := make([]int, 3000)
	in[2500] = -1
	_, err := pybridge.Map[float64](eval(t, "lambda n: 1 / (n + 1)"), in)
	assert.EqualError(t, err, "[2500]: ZeroDivisionError: division by zero")
	assert.ErrorIs(t, err, &pybridge.Error{Type: "ArithmeticError"})
	_, err = pybridge.Map[int](eval(t, "lambda n: 'x' if n else 0"), in)
	assert.EqualError(t, err, "[2500]: want int, got str")
	_, err = pybridge.Map[int](eval(t, "len"), []any{"a", make(chan<- int)})
	assert.EqualError(t, err, "argument [1]: a chan<- int has no counterpart in Python")
	stop := errors.New("stop")
	_, err = pybridge.Map[int](eval(t, "lambda f: f()"), []func() error{func() error { return stop }})
	assert.ErrorIs(t, err, stop)
}

func TestFunc(t *testing.T) {
	str := pybridge.Func1[int, string](eval(t, "str"))
	got, err := str(123456)
	require.NoError(t, err)
	assert.Equal(t, "123456", got)
	power := pybridge.Func2[float64, int, float64](eval(t, "pow"))
	x, err := power(1.5, 2)
	require.NoError(t, err)
	assert.Equal(t, 2.25, x)
	_, err = power(0, -1)
	assert.ErrorIs(t, err, &pybridge.Error{Type: "ZeroDivisionError"})
	sorted := pybridge.Func1[[]string, []string](eval(t, "sorted"))
	texts, err := sorted([]string{"b", "a"})
	require.NoError(t, err)
	assert.Equal(t, []string{"a", "b"}, texts)
	_, err = pybridge.Func1[string, int](eval(t, "str"))("x")
	assert.EqualError(t, err, "want int, got str")
}

// Texts go into a call and out of it in several ways, by their length.
func TestTextsOfEveryLength(t *testing.T) {
	identity := eval(t, "lambda s: s")
	for _, n := range []int{0, 1, 6, 7, 13, 14, 15, 16, 255, 256, 257, 1<<16 - 1, 1 << 16, 1 << 20} {
		t.Run(strconv.Itoa(n), func(t *testing.T) {
			want := strings.Repeat("a\x00é€", n)[:n/7*7] + strings.Repeat("z", n%7)
			got, err := pybridge.CallAs[string](identity, want)
			require.NoError(t, err)
			assert.True(t, want == got)
		})
	}
	_, err := pybridge.CallAs[string](identity, "\xff")
	assert.ErrorIs(t, err, &pybridge.Error{Type: "UnicodeDecodeError"})
}

func TestStrOfAnything(t *testing.T) {
	str := eval(t, "str")
	assert.Equal(t, "None", must(pybridge.CallAs[string](str, nil)))
	assert.Equal(t, "", must(pybridge.CallAs[string](str)))
	assert.Equal(t, "é", must(pybridge.CallAs[string](str, []byte("é"), "utf-8")))
	assert.Equal(t, "x", must(pybridge.CallAs[string](str, pybridge.Kw{"object": "x"})))
	_, err := str.Call(1, 2, 3, 4, 5)
	assert.ErrorIs(t, err, &pybridge.Error{Type: "TypeError"})
}

func TestKeywordsComeInTheOrderOfTheirNames(t *testing.T) {
	names := eval(t, "lambda *a, **k: ' '.join([str(x) for x in a] + [f'{n}={v}' for n, v in k.items()])")
	for _, test := range []struct {
		name string
		args []any
		want string
	}{
		{"one", []any{pybridge.Kw{"a": 1}}, "a=1"},
		{"few", []any{1, pybridge.Kw{"c": 3, "b": "two", "a": 1.5}}, "1 a=1.5 b=two c=3"},
		{"more than fit", []any{1, 2, pybridge.Kw{"c": 3, "b": 2, "a": 1}}, "1 2 a=1 b=2 c=3"},
		{"not plain", []any{pybridge.Kw{"b": []any{2}, "a": pybridge.Tuple{}}}, "a=() b=[2]"},
		{"many", []any{pybridge.Kw{"i": 9, "h": 8, "g": 7, "f": 6, "e": 5, "d": 4, "c": 3, "b": 2, "a": 1}},
			"a=1 b=2 c=3 d=4 e=5 f=6 g=7 h=8 i=9"},
		{"none", []any{1, pybridge.Kw{}}, "1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for range 3 { // the second time the tuple of names is known
				got, err := pybridge.CallAs[string](names, test.args...)
				require.NoError(t, err)
				assert.Equal(t, test.want, got)
			}
		})
	}
	_, err := names.Call(pybridge.Kw{"a": 1, "b": make(chan<- int)})
	assert.EqualError(t, err, "argument b: a chan<- int has no counterpart in Python")
	assert.Equal(t, "k=1", must(pybridge.MethodAs[string](names, "__call__", pybridge.Kw{"k": 1})))
}

func TestCallsForGoValuesAllocateNothing(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector allocates too")
	}
	execute(t, "class Point: x = 1.5")
	point, plus, keywords := eval(t, "Point()"), eval(t, "lambda a, b=1: a + b"), pybridge.Kw{"b": 2}
	list := eval(t, "[1, 2, 3]")
	half := pybridge.Func1[float64, float64](eval(t, "lambda x: x / 2"))
	for _, test := range []struct {
		name string
		f    func() error
	}{
		{"call", func() error { _, err := pybridge.CallAs[int](plus, 1, 2); return err }},
		{"keywords", func() error { _, err := pybridge.CallAs[int](plus, 1, keywords); return err }},
		{"method", func() error { _, err := pybridge.MethodAs[int](list, "count", 2); return err }},
		{"attribute", func() error { _, err := pybridge.AttrAs[float64](point, "x"); return err }},
		{"function", func() error { _, err := half(12345.5); return err }},
	} {
		t.Run(test.name, func(t *testing.T) {
			require.NoError(t, test.f())
			assert.Zero(t, testing.AllocsPerRun(100, func() { _ = test.f() }))
		})
	}
}
