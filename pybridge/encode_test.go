package pybridge_test

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type point struct {
	X, Y int
}

type record struct {
	Name   string `py:"name"`
	Age    int    `py:"age,omitempty"`
	Secret string `py:"-"`
	point
	hidden int
	Tags   []string
}

type celsius float64

func TestGoValuesBecomePythonValues(t *testing.T) {
	seven := 7
	huge, _ := new(big.Int).SetString("123456789012345678901234567890", 10)
	for _, test := range []struct {
		name string
		in   any
		want string // an expression of the same type and value
	}{
		{"nil", nil, "None"},
		{"nil object", (*pybridge.Object)(nil), "None"},
		{"true", true, "True"},
		{"false", false, "False"},
		{"int", 42, "42"},
		{"least int64", int64(math.MinInt64), "-2**63"},
		{"greatest int64", int64(math.MaxInt64), "2**63-1"},
		{"greatest uint64", uint64(math.MaxUint64), "2**64-1"},
		{"int8", int8(-5), "-5"},
		{"uint8", uint8(200), "200"},
		{"rune", 'x', "120"},
		{"big int", huge, "123456789012345678901234567890"},
		{"negative big int", new(big.Int).Neg(huge), "-123456789012345678901234567890"},
		{"small big int", big.NewInt(-3), "-3"},
		{"nil big int", (*big.Int)(nil), "None"},
		{"rational", big.NewRat(-1, 3), "__import__('fractions').Fraction(-1, 3)"},
		{"float", 1.5, "1.5"},
		{"float32", float32(0.1), "0.10000000149011612"},
		{"infinity", math.Inf(1), "float('inf')"},
		{"negative infinity", math.Inf(-1), "float('-inf')"},
		{"not a number", math.NaN(), "float('nan')"},
		{"negative zero", math.Copysign(0, -1), "-0.0"},
		{"named float", celsius(21.5), "21.5"},
		{"complex", complex(1, -2), "1-2j"},
		{"complex64", complex64(complex(0.5, 2)), "0.5+2j"},
		{"text", "héllo", "'héllo'"},
		{"empty text", "", "''"},
		{"text with NUL", "a\x00b", "'a\\0b'"},
		{"astral text", "😀", "'😀'"},
		{"lone surrogate", "\xed\xa0\x80", "'\\ud800'"},
		{"long text", strings.Repeat("abc", 1000), "'abc' * 1000"},
		{"bytes", []byte("a\x00\xff"), "b'a\\0\\xff'"},
		{"empty bytes", []byte{}, "b''"},
		{"long bytes", []byte(strings.Repeat("x", 5000)), "b'x' * 5000"},
		{"array of bytes", [3]byte{1, 2, 3}, "b'\\1\\2\\3'"},
		{"list", []any{1, "a", nil, []any{}}, "[1, 'a', None, []]"},
		{"list of texts", []string{"a", "b"}, "['a', 'b']"},
		{"empty list", []any{}, "[]"},
		{"tuple", pybridge.Tuple{1, pybridge.Tuple{}}, "(1, ())"},
		{"set", pybridge.HashSet{1, 2}, "{1, 2}"},
		{"frozenset", pybridge.FrozenSet{1}, "frozenset({1})"},
		{"dict in order", pybridge.Dict{{"b", 1}, {pybridge.Tuple{1, 2}, 2}}, "{'b': 1, (1, 2): 2}"},
		{"map is sorted", map[string]int{"b": 2, "a": 1, "c": 3}, "{'a': 1, 'b': 2, 'c': 3}"},
		{"map of ints is sorted", map[int]bool{10: true, 9: false}, "{9: False, 10: True}"},
		{"map as set", map[string]struct{}{"x": {}}, "{'x'}"},
		{"nil map", map[string]int(nil), "{}"},
		{"struct", record{Name: "Ann", point: point{1, 2}, hidden: 1, Tags: []string{"t"}},
			"{'name': 'Ann', 'X': 1, 'Y': 2, 'Tags': ['t']}"},
		{"structs", []point{{1, 2}}, "[{'X': 1, 'Y': 2}]"},
		{"pointer to a number", &seven, "7"},
		{"nil pointer", (*int)(nil), "None"},
		{"ragged slices", [][]string{{"a"}, {}}, "[['a'], []]"},
		{"duration", 90 * time.Second, "__import__('datetime').timedelta(seconds=90)"},
		{"slice", pybridge.Slice{1, nil, 2}, "slice(1, None, 2)"},
		{"ellipsis", pybridge.Ellipsis, "..."},
		{"nil function", (func())(nil), "None"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := rt.Of(test.in)
			require.NoError(t, err)
			want := eval(t, test.want)
			assert.Equal(t, typeAndRepr(t, want), typeAndRepr(t, got))
		})
	}
}

func typeAndRepr(t *testing.T, o *pybridge.Object) string {
	t.Helper()
	describe := eval(t, "lambda v: f'{type(v).__name__} {ascii(v)}'")
	text, err := pybridge.CallAs[string](describe, o)
	require.NoError(t, err)
	return text
}

func TestTimesBecomeAwareDatetimes(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	iso := eval(t, "lambda d: d.isoformat()")
	for _, test := range []struct {
		name string
		in   time.Time
		want string
	}{
		{"utc", time.Date(2024, 2, 29, 12, 30, 1, 5000, time.UTC), "2024-02-29T12:30:01.000005+00:00"},
		{"zone", time.Date(2024, 7, 1, 0, 0, 0, 0, berlin), "2024-07-01T00:00:00+02:00"},
		{"offset", time.Date(1950, 1, 1, 0, 0, 0, 0, time.FixedZone("", -5400)), "1950-01-01T00:00:00-01:30"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := pybridge.CallAs[string](iso, test.in)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
			back := eval(t, "lambda d: d")
			same, err := pybridge.CallAs[time.Time](back, test.in)
			require.NoError(t, err)
			assert.True(t, test.in.Equal(same), "%v came back as %v", test.in, same)
			assert.Equal(t, test.in.Format(time.RFC3339Nano), same.Format(time.RFC3339Nano))
		})
	}
}

func TestValuesWithoutCounterpartAreRefused(t *testing.T) {
	ring := []any{nil}
	ring[0] = ring
	for _, test := range []struct {
		name string
		in   any
		want string
	}{
		{"channel to send to", make(chan<- int), "chan<- int has no counterpart"},
		{"ring", ring, "nested too deeply"},
		{"bytes that are no text", "\xff", "can't decode byte 0xff"},
		{"keywords in the middle", []any{pybridge.Kw{"a": 1}}, "keywords must stand last"},
		{"unhashable key", pybridge.Dict{{[]any{}, 1}}, "unhashable type: 'list'"},
		{"inside", map[string]any{"a": []any{1, make(chan<- int)}}, "[a][1]: a chan<- int"},
		{"field", struct{ F chan<- int }{}, ".F: a chan<- int"},
		{"array of another shape", pybridge.Array{Data: []int{1, 2}, Shape: []int{3}}, "needs 3 elements, not 2"},
		{"array of texts", pybridge.Array{Data: []string{"a"}}, "an Array of string: a string is no element of an array"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := rt.Of(test.in)
			require.Error(t, err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
}

func TestErrorsBecomeExceptions(t *testing.T) {
	describe := eval(t, "lambda e: f'{type(e).__name__} {e} {e.go_type}'")
	got, err := pybridge.CallAs[string](describe, errors.New("lost"))
	require.NoError(t, err)
	assert.Equal(t, "GoError lost *errors.errorString", got)
}
