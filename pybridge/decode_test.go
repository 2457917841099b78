package pybridge_test

import (
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPythonValuesBecomeGoValues(t *testing.T) {
	huge, _ := new(big.Int).SetString("-1000000000000000000000000000000000000000", 16)
	for _, test := range []struct {
		source string
		want   any
	}{
		{"None", nil},
		{"True", true},
		{"False", false},
		{"0", 0},
		{"-2**63", math.MinInt64},
		{"2**63-1", math.MaxInt64},
		{"2**63", new(big.Int).SetUint64(1 << 63)},
		{"-0x1000000000000000000000000000000000000000", huge},
		{"10**5000", new(big.Int).Exp(big.NewInt(10), big.NewInt(5000), nil)},
		{"1.5", 1.5},
		{"float('inf')", math.Inf(1)},
		{"1-2j", complex(1, -2)},
		{"''", ""},
		{"'héllo 😀 \\0'", "héllo 😀 \x00"},
		{"'\\ud800x'", "\xed\xa0\x80x"},
		{"'é' * 1000", stringOf("é", 1000)},
		{"b'a\\0\\xff'", []byte("a\x00\xff")},
		{"b''", []byte{}},
		{"bytearray(b'ab')", []byte("ab")},
		{"[]", []any{}},
		{"[1, [2.5, None], 'x']", []any{1, []any{2.5, nil}, "x"}},
		{"()", pybridge.Tuple{}},
		{"(1, (2,))", pybridge.Tuple{1, pybridge.Tuple{2}}},
		{"{}", pybridge.Dict{}},
		{"{'b': 1, (1, 2): [3]}", pybridge.Dict{{"b", 1}, {pybridge.Tuple{1, 2}, []any{3}}}},
		{"{7}", pybridge.HashSet{7}},
		{"frozenset({'x'})", pybridge.FrozenSet{"x"}},
		{"__import__('fractions').Fraction(1, 3)", big.NewRat(1, 3)},
		{"__import__('datetime').timedelta(days=1, seconds=2, microseconds=3)", 24*time.Hour + 2*time.Second + 3*time.Microsecond},
		{"__import__('datetime').timedelta(microseconds=-1)", -time.Microsecond},
		{"__import__('datetime').datetime(2024, 2, 29, tzinfo=__import__('datetime').timezone.utc)", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)},
	} {
		t.Run(test.source, func(t *testing.T) {
			got, err := pybridge.As[any](eval(t, test.source))
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

func stringOf(s string, n int) (text string) {
	for range n {
		text += s
	}
	return text
}

func TestNotANumberStaysOne(t *testing.T) {
	got, err := pybridge.As[float64](eval(t, "float('nan')"))
	require.NoError(t, err)
	assert.True(t, math.IsNaN(got))
}

func TestOtherObjectsStayObjects(t *testing.T) {
	for _, source := range []string{
		"object()", "len", "range(10**30)", "(x for x in ())", "__import__('sys')", "int",
		"__import__('collections').OrderedDict(a=1)", "__import__('pathlib').PurePosixPath('/tmp')",
		"__import__('decimal').Decimal('1.1')", "type('Sub', (int,), {})(3)", "type('Sub', (str,), {})('x')",
	} {
		t.Run(source, func(t *testing.T) {
			got, err := pybridge.As[any](eval(t, source))
			require.NoError(t, err)
			assert.IsType(t, (*pybridge.Object)(nil), got)
		})
	}
}

func as[T any](t *testing.T, source string) T {
	t.Helper()
	v, err := pybridge.As[T](eval(t, source))
	require.NoError(t, err)
	return v
}

func TestTypedValues(t *testing.T) {
	assert.Equal(t, int8(-128), as[int8](t, "-128"))
	assert.Equal(t, uint64(math.MaxUint64), as[uint64](t, "2**64-1"))
	assert.Equal(t, celsius(21.5), as[celsius](t, "21.5"))
	assert.Equal(t, 3.0, as[float64](t, "3"))
	assert.Equal(t, float32(0.5), as[float32](t, "0.5"))
	assert.Equal(t, complex64(complex(1, 2)), as[complex64](t, "1+2j"))
	assert.Equal(t, complex(3, 0), as[complex128](t, "3"))
	assert.Equal(t, big.NewInt(5), as[*big.Int](t, "5"))
	assert.Equal(t, big.NewRat(5, 1), as[*big.Rat](t, "5"))
	assert.Equal(t, []int{1, 2}, as[[]int](t, "[1, 2]"))
	assert.Equal(t, []int{1, 2}, as[[]int](t, "(1, 2)"))
	assert.Equal(t, [2]string{"a", "b"}, as[[2]string](t, "['a', 'b']"))
	assert.Equal(t, [][]float64{{1}, {2, 3}}, as[[][]float64](t, "[[1], [2.0, 3]]"))
	assert.Equal(t, map[string][]int{"a": {1}}, as[map[string][]int](t, "{'a': [1]}"))
	assert.Equal(t, map[int]struct{}{1: {}, 2: {}}, as[map[int]struct{}](t, "{1, 2}"))
	assert.Equal(t, map[any]any{"a": 1, 2: nil}, as[map[any]any](t, "{'a': 1, 2: None}"))
	assert.Equal(t, pybridge.Tuple{1, "x"}, as[pybridge.Tuple](t, "(1, 'x')"))
	assert.Equal(t, []byte("ab"), as[[]byte](t, "b'ab'"))
	assert.Equal(t, [2]byte{'a', 'b'}, as[[2]byte](t, "bytearray(b'ab')"))
	assert.Equal(t, "2024-02-29 00:00:00 +0000 UTC", as[time.Time](t, "__import__('datetime').date(2024, 2, 29)").String())
	local := time.Date(2024, 2, 29, 12, 0, 0, 0, time.Local)
	assert.Equal(t, local, as[time.Time](t, "__import__('datetime').datetime(2024, 2, 29, 12)"))
	assert.Nil(t, as[*int](t, "None"))
	assert.Equal(t, 7, *as[*int](t, "7"))
	assert.Nil(t, as[[]int](t, "None"))
	assert.Equal(t, []*int{nil}, as[[]*int](t, "[None]"))
	assert.Equal(t, record{Name: "Ann", point: point{X: 1}, Tags: []string{"t"}},
		as[record](t, "{'name': 'Ann', 'X': 1, 'Tags': ('t',), 'unknown': [object()], 5: 6}"))
}

func TestFieldsAsPythonSpellsThem(t *testing.T) {
	type person struct {
		FirstName string
		HTTPPort  int
		Age       int `py:"years"`
	}
	for name, source := range map[string]string{
		"as in Python":         "{'first_name': 'Ann', 'http_port': 80, 'years': 30}",
		"as in Go":             "{'FirstName': 'Ann', 'HTTPPort': 80, 'years': 30}",
		"in capitals":          "{'FIRST_NAME': 'Ann', 'httpPort': 80, 'Years': 30}",
		"its own name first":   "{'FirstName': 'Ann', 'first_name': 'Bob', 'http_port': 80, 'years': 30}",
		"its own name later":   "{'first_name': 'Bob', 'FirstName': 'Ann', 'http_port': 80, 'years': 30}",
		"not that of the type": "{'first_name': 'Ann', 'http_port': 80, 'years': 30, 'age': 7}",
		"of a class":           "__import__('types').SimpleNamespace(first_name='Ann', http_port=80, years=30).__dict__",
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, person{"Ann", 80, 30}, as[person](t, source))
		})
	}
}

func TestSubclassesGoWhereTheirBaseGoes(t *testing.T) {
	execute(t, `
import collections, enum, pathlib, decimal, uuid, dataclasses
class Color(enum.IntEnum): RED = 1
class Plain(enum.Enum): A = 'a'
Pair = collections.namedtuple('Pair', 'X Y')
@dataclasses.dataclass
class Data:
    X: int
    Y: int
class Text(str): pass
class Real(float): pass
`)
	assert.Equal(t, 1, as[int](t, "Color.RED"))
	assert.Equal(t, "a", as[string](t, "Plain.A"))
	assert.Equal(t, "x", as[string](t, "Text('x')"))
	assert.Equal(t, 1.5, as[float64](t, "Real(1.5)"))
	assert.Equal(t, []int{1, 2}, as[[]int](t, "Pair(1, 2)"))
	assert.Equal(t, []int{1, 2}, as[[]int](t, "collections.deque([1, 2])"))
	assert.Equal(t, map[string]int{"a": 1}, as[map[string]int](t, "collections.OrderedDict(a=1)"))
	assert.Equal(t, pybridge.Dict{{"a", 1}}, as[pybridge.Dict](t, "collections.Counter('a')"))
	assert.Equal(t, point{1, 2}, as[point](t, "Data(1, 2)"))
	assert.Equal(t, "/tmp/x", as[string](t, "pathlib.PurePosixPath('/tmp/x')"))
	assert.Equal(t, "1.10", as[string](t, "decimal.Decimal('1.10')"))
	assert.Equal(t, "12345678-1234-5678-1234-567812345678", as[string](t, "uuid.UUID('12345678123456781234567812345678')"))
	assert.Equal(t, []string{"a", "b"}, as[[]string](t, "{'a': 1, 'b': 2}.keys()"))
}

func decodeError[T any](t *testing.T, source string) string {
	t.Helper()
	_, err := pybridge.As[T](eval(t, source))
	require.Error(t, err)
	return err.Error()
}

func TestFailedConversionsSayWhere(t *testing.T) {
	assert.Equal(t, "want int, got str", decodeError[int](t, "'x'"))
	assert.Equal(t, "want int, got bool", decodeError[int](t, "True"))
	assert.Equal(t, "want int, got float", decodeError[int](t, "1.0"))
	assert.Equal(t, "want string, got None", decodeError[string](t, "None"))
	assert.Equal(t, "300 does not fit into uint8", decodeError[uint8](t, "300"))
	assert.Equal(t, "-1 does not fit into uint", decodeError[uint](t, "-1"))
	assert.Equal(t, "18446744073709551616 does not fit into int", decodeError[int](t, "2**64"))
	assert.Contains(t, decodeError[int](t, "10**100"), "(101 digits) does not fit into int")
	assert.Equal(t, "9007199254740993 has no exact float64", decodeError[float64](t, "2**53+1"))
	assert.Equal(t, "1e+300 does not fit into float32", decodeError[float32](t, "1e300"))
	assert.Equal(t, "list[1]: want int, got str", decodeError[[]int](t, "[1, 'x', object()]"))
	assert.Equal(t, "list[0].X: want int, got str", decodeError[[]point](t, "[{'X': 'a'}]"))
	assert.Equal(t, "dict[b][2]: want float64, got None", decodeError[map[string][]float64](t, "{'a': [], 'b': [1, 2, None]}"))
	assert.Equal(t, "want 3 items, got 2", decodeError[[3]int](t, "[1, 2]"))
	assert.Equal(t, "want []int, got object", decodeError[[]int](t, "object()"))
	assert.Equal(t, "want map[string]int, got list", decodeError[map[string]int](t, "[]"))
	assert.Equal(t, "want pybridge_test.point, got int", decodeError[point](t, "1"))
	assert.Equal(t, "want time.Time, got str", decodeError[time.Time](t, "'now'"))
	assert.Contains(t, decodeError[any](t, "(lambda l: (l.append(l), l)[1])([])"), "RecursionError: the value is nested too deeply")
}

func TestNothingLeaksWhereConversionFails(t *testing.T) {
	execute(t, "import sys\nleaky = object()\nleaks = [leaky, leaky, {'k': leaky}, 'x']")
	count := eval(t, "lambda: sys.getrefcount(leaky)")
	before, err := pybridge.CallAs[int](count)
	require.NoError(t, err)
	list := eval(t, "leaks")
	for range 100 {
		_, err := pybridge.As[[]*pybridge.Object](list)
		require.NoError(t, err)
		_, err = pybridge.As[[]string](list)
		require.Error(t, err)
	}
	require.Eventually(t, func() bool {
		collect()
		now, err := pybridge.CallAs[int](count)
		return err == nil && now == before
	}, 10*time.Second, 10*time.Millisecond)
}

func TestObjectsInsideContainersAreTheThingsThemselves(t *testing.T) {
	type mixed struct {
		O *pybridge.Object
		N [][]int
		M map[string]map[string]int
		D time.Duration
	}
	execute(t, "inner = [1]\nouter = [inner, {'k': inner}, (inner,), 'x', 5]\nmix = {'O': inner, 'N': [[1], [2, 3]], 'M': {'a': {'b': 1}}, 'D': __import__('datetime').timedelta(seconds=1)}")
	inner := eval(t, "inner")
	items := as[[]*pybridge.Object](t, "outer")
	assert.True(t, inner.Is(items[0]))
	assert.Equal(t, "x", items[3].String())
	assert.Equal(t, "5", items[4].String())
	assert.True(t, inner.Is(as[[][]*pybridge.Object](t, "[[inner]]")[0][0]))
	assert.True(t, inner.Is(as[map[string]*pybridge.Object](t, "{'k': inner}")["k"]))
	m := as[mixed](t, "mix")
	assert.True(t, inner.Is(m.O))
	assert.Equal(t, [][]int{{1}, {2, 3}}, m.N, "which is copied all the same")
	assert.Equal(t, map[string]map[string]int{"a": {"b": 1}}, m.M)
	assert.Equal(t, time.Second, m.D)
	_, err := eval(t, "lambda f: f([inner], inner)").Call(func(list []*pybridge.Object, more ...*pybridge.Object) {
		assert.True(t, inner.Is(list[0]))
		assert.True(t, inner.Is(more[0]))
	})
	require.NoError(t, err)
	assert.Equal(t, "dict.N[1][0]: want int, got str", decodeError[mixed](t, "{'O': inner, 'N': [[1], ['x']]}"))
}

// Items of one kind cross in another way than mixed ones, and maps of plain types in another than others.
func TestContainersOfOneKindAndOfMany(t *testing.T) {
	for _, test := range []struct {
		source string
		want   any
	}{
		{"[1, 2, 3]", []any{1, 2, 3}},
		{"[1, 2.5, 'x', [4, 5], (6.5, 7.5)]", []any{1, 2.5, "x", []any{4, 5}, pybridge.Tuple{6.5, 7.5}}},
		{"[1.5, 2.5, 1]", []any{1.5, 2.5, 1}},
		{"[1, 2**70]", []any{1, "1180591620717411303424"}},
		{"[True, 1]", []any{true, 1}},
		{"[[1], [2, 3], [], [4.5]]", []any{[]any{1}, []any{2, 3}, []any{}, []any{4.5}}},
		{"(1, 2, 'end')", pybridge.Tuple{1, 2, "end"}},
		{"{'a': [1, 2], 'b': (3.5,)}", pybridge.Dict{{Key: "a", Value: []any{1, 2}}, {Key: "b", Value: pybridge.Tuple{3.5}}}},
	} {
		t.Run(test.source, func(t *testing.T) {
			got := as[any](t, test.source)
			if list, is := got.([]any); is {
				for i, v := range list {
					if n, is := v.(*big.Int); is {
						list[i] = n.String()
					}
				}
			}
			assert.Equal(t, test.want, got)
		})
	}
	assert.Equal(t, []int{1, 2}, as[[]int](t, "[1, 2]"))
	assert.Equal(t, []float64{1, 2.5}, as[[]float64](t, "[1, 2.5]"))
	assert.Equal(t, []int8{1, 2}, as[[]int8](t, "(1, 2)"))
	assert.Equal(t, [2]float32{1, 2}, as[[2]float32](t, "[1.0, 2.0]"))
	assert.Equal(t, map[string]int{"a": 1, "b": 2}, as[map[string]int](t, "{'a': 1, 'b': __import__('enum').IntEnum('E', 'X Y')(2)}"))
	assert.Equal(t, map[string]float64{"a": 1, "b": 2.5}, as[map[string]float64](t, "{'a': 1, 'b': 2.5}"))
	assert.Equal(t, map[string]string{"a": "x"}, as[map[string]string](t, "{'a': 'x'}"))
	assert.Equal(t, map[int][]int{1: {2}, 3: nil}, as[map[int][]int](t, "{1: [2], 3: None}"))
	_, err := pybridge.As[map[string]int](eval(t, "{'a': 1, 'b': [2]}"))
	assert.EqualError(t, err, "dict[b]: want int, got list")
	_, err = pybridge.As[map[string]string](eval(t, "{1: 'x'}"))
	assert.EqualError(t, err, "dict key: want string, got int")
	_, err = pybridge.As[[]int8](eval(t, "[1, 300]"))
	assert.EqualError(t, err, "list[1]: 300 does not fit into int8")

	text := eval(t, "repr")
	assert.Equal(t, "{'a': 1, 'b': 2}", must(pybridge.CallAs[string](text, map[string]int{"b": 2, "a": 1})))
	assert.Equal(t, "{'a': 'é', 'b': ''}", must(pybridge.CallAs[string](text, map[string]string{"b": "", "a": "é"})))
	assert.Equal(t, "{'a': 1.5}", must(pybridge.CallAs[string](text, map[string]float64{"a": 1.5})))
	assert.Equal(t, "['x', '', 'é']", must(pybridge.CallAs[string](text, []string{"x", "", "é"})))
}

// What stands for an object on the way to Go is no container of its own, when containers stay objects.
func TestObjectsInSubclassesAreThemselves(t *testing.T) {
	execute(t, "import collections, dataclasses\nPair = collections.namedtuple('Pair', 'X Y')\nData = dataclasses.make_dataclass('Data', ['X', 'Y'])\nclass Texts(set): pass\nitem = []")
	item := eval(t, "item")
	for _, o := range as[[]*pybridge.Object](t, "Pair(item, item)") {
		assert.True(t, o.Is(item))
	}
	assert.Len(t, as[[]*pybridge.Object](t, "Pair(item, 1)"), 2)
	assert.True(t, as[struct{ Y *pybridge.Object }](t, "Data(1, item)").Y.Is(item))
	assert.True(t, as[map[string]*pybridge.Object](t, "Pair(1, item)")["Y"].Is(item))
	assert.Len(t, as[[]*pybridge.Object](t, "Texts('ab')"), 2)
	assert.True(t, as[[][]*pybridge.Object](t, "[Pair(1, item)]")[0][1].Is(item))
}
