package pybridge_test

import (
	"encoding/json"
	"iter"
	"maps"
	"math"
	"math/big"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const importTypes = `
import collections, dataclasses, datetime, decimal, enum, fractions, pathlib, time, uuid
Pair = collections.namedtuple('Pair', 'X Y')
Nested = collections.namedtuple('Nested', 'name pair')
@dataclasses.dataclass
class Data:
    X: int
    Y: int
class Color(enum.IntEnum): RED = 1
class Shade(enum.Enum): DARK = 'dark'
class Flags(enum.IntFlag):
    A = 1
    B = 2
`

// What Go writes is what Python expects, and comes back as what it was.
func TestTypesThatGoBothWays(t *testing.T) {
	execute(t, importTypes)
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	require.NoError(t, err)
	for _, test := range []struct {
		name string
		in   any
		want string
		back func(o *pybridge.Object) (any, error)
	}{
		{"range", pybridge.Range{1, 10, 3}, "range(1, 10, 3)", back[pybridge.Range]},
		{"range without a step", pybridge.Range{Stop: 3}, "range(3)", func(o *pybridge.Object) (any, error) {
			r, err := pybridge.As[pybridge.Range](o)
			r.Step--
			return r, err
		}},
		{"slice", pybridge.Slice{1, nil, 2}, "slice(1, None, 2)", back[pybridge.Slice]},
		{"decimal", pybridge.Decimal("-1.10"), "decimal.Decimal('-1.10')", back[pybridge.Decimal]},
		{"decimal that is no number", pybridge.Decimal("NaN"), "decimal.Decimal('NaN')", back[pybridge.Decimal]},
		{"fraction", big.NewRat(-1, 3), "fractions.Fraction(-1, 3)", back[*big.Rat]},
		{"path", pybridge.Path("/a/ü.txt"), "pathlib.Path('/a/ü.txt')", back[pybridge.Path]},
		{"uuid", pybridge.UUID{1, 15: 0xff}, "uuid.UUID('01000000-0000-0000-0000-0000000000ff')", back[pybridge.UUID]},
		{"uuid of another package", uuid.UUID{1, 15: 0xff}, "uuid.UUID('01000000-0000-0000-0000-0000000000ff')", back[uuid.UUID]},
		{"utc", time.UTC, "datetime.timezone.utc", back[*time.Location]},
		{"zone", tokyo, "__import__('zoneinfo').ZoneInfo('Asia/Tokyo')", back[*time.Location]},
		{"offset", time.FixedZone("", -5400), "datetime.timezone(datetime.timedelta(hours=-1.5))", back[*time.Location]},
		{"time", time.Date(2024, 2, 29, 12, 0, 0, 1000, time.UTC), "datetime.datetime(2024, 2, 29, 12, 0, 0, 1, tzinfo=datetime.timezone.utc)", back[time.Time]},
		{"first time", time.Time{}, "datetime.datetime(1, 1, 1, tzinfo=datetime.timezone.utc)", back[time.Time]},
		{"duration", -90*time.Minute - time.Microsecond, "datetime.timedelta(minutes=-90, microseconds=-1)", back[time.Duration]},
		{"longest duration", time.Duration(math.MaxInt64 / 1000 * 1000), "datetime.timedelta(microseconds=9223372036854775)", back[time.Duration]},
		{"address", netip.MustParseAddr("::1"), "'::1'", back[netip.Addr]},
		{"big float", big.NewFloat(0.1), "decimal.Decimal(0.1)", func(o *pybridge.Object) (any, error) {
			f, err := pybridge.As[*big.Float](o)
			return new(big.Float).SetPrec(53).Set(f), err
		}},
		{"large big float", new(big.Float).SetMantExp(big.NewFloat(1), 100), "decimal.Decimal(2**100)", func(o *pybridge.Object) (any, error) {
			f, err := pybridge.As[*big.Float](o)
			return new(big.Float).SetPrec(53).Set(f), err
		}},
		{"tuples as keys", map[[2]int]string{{1, 2}: "a"}, "{(1, 2): 'a'}", back[map[[2]int]string]},
		{"ints of 8 bits", map[int8]uint8{-1: 255}, "{-1: 255}", back[map[int8]uint8]},
		{"pointers", map[string]*int{"a": nil}, "{'a': None}", back[map[string]*int]},
		{"json", json.RawMessage(`{"a": [1, null, true, "x"]}`), "{'a': [1, None, True, 'x']}", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := rt.Of(test.in)
			require.NoError(t, err)
			assert.Equal(t, typeAndRepr(t, eval(t, test.want)), typeAndRepr(t, got))
			if test.back == nil {
				return
			}
			back, err := test.back(got)
			require.NoError(t, err)
			assert.Equal(t, test.in, back)
		})
	}
}

func back[T any](o *pybridge.Object) (any, error) { return pybridge.As[T](o) }

func TestDynamicTypes(t *testing.T) {
	execute(t, importTypes)
	for _, test := range []struct {
		source string
		want   any
	}{
		{"range(2, 8, 2)", pybridge.Range{2, 8, 2}},
		{"slice(None, 3)", pybridge.Slice{Stop: 3}},
		{"datetime.timezone.utc", time.UTC},
		{"fractions.Fraction(1, 3)", big.NewRat(1, 3)},
		{"datetime.timedelta(days=1, microseconds=1)", 24*time.Hour + time.Microsecond},
		{"[range(1), {1: slice(2)}]", []any{pybridge.Range{0, 1, 1}, pybridge.Dict{{1, pybridge.Slice{Stop: 2}}}}},
	} {
		t.Run(test.source, func(t *testing.T) { assert.Equal(t, test.want, as[any](t, test.source)) })
	}
	for _, source := range []string{"Pair(1, 2)", "Data(1, 2)", "Color.RED", "uuid.UUID(int=5)", "decimal.Decimal(1)",
		"datetime.timedelta(days=10**6)", "datetime.tzinfo()"} {
		_, is := as[any](t, "lambda: "+source).(*pybridge.Object)
		assert.True(t, is, source)
	}
}

func TestTypesWithFields(t *testing.T) {
	execute(t, importTypes)
	type nested struct {
		Name string `py:"name"`
		Pair point  `py:"pair"`
	}
	assert.Equal(t, point{1, 2}, as[point](t, "Pair(1, 2)"))
	assert.Equal(t, nested{"n", point{3, 4}}, as[nested](t, "Nested('n', Pair(3, 4))"))
	assert.Equal(t, map[string]int{"X": 1, "Y": 2}, as[map[string]int](t, "Pair(1, 2)"))
	assert.Equal(t, pybridge.Dict{{"X", 1}, {"Y", 2}}, as[pybridge.Dict](t, "Pair(1, 2)"))
	assert.Equal(t, [2]int{1, 2}, as[[2]int](t, "Pair(1, 2)"))
	assert.Equal(t, []any{1, 2}, as[[]any](t, "Pair(1, 2)"))
	assert.Equal(t, []point{{1, 2}, {3, 4}}, as[[]point](t, "[Data(1, 2), Pair(3, 4)]"))
	assert.Equal(t, "[0].Y: want int, got str", decodeError[[]point](t, "[Pair(1, 'x')]")[len("list"):])
	assert.Equal(t, "want 3 items, got 2", decodeError[[3]int](t, "Pair(1, 2)"))
	if as[bool](t, "hasattr(time.struct_time, '__match_args__')") {
		type moment struct {
			Year int `py:"tm_year"`
			Day  int `py:"tm_yday"`
		}
		assert.Equal(t, moment{1970, 1}, as[moment](t, "time.gmtime(0)"))
	}
	assert.Equal(t, 9, len(as[[]int](t, "time.gmtime(0)")))
	assert.Equal(t, 3, as[int](t, "Flags.A | Flags.B"))
	assert.Equal(t, "dark", as[string](t, "Shade.DARK"))
}

func TestDecimals(t *testing.T) {
	execute(t, importTypes)
	assert.Equal(t, 1.5, as[float64](t, "decimal.Decimal('1.50')"))
	assert.Equal(t, math.Inf(-1), as[float64](t, "decimal.Decimal('-Infinity')"))
	assert.True(t, math.IsNaN(as[float64](t, "decimal.Decimal('NaN')")))
	assert.Equal(t, "0.1 has no exact float64", decodeError[float64](t, "decimal.Decimal('0.1')"))
	assert.Equal(t, "0.1 has no exact float32", decodeError[float32](t, "decimal.Decimal('0.1')"))
	assert.Equal(t, big.NewRat(11, 10), as[*big.Rat](t, "decimal.Decimal('1.10')"))
	assert.Equal(t, "want *big.Rat, got Decimal", decodeError[*big.Rat](t, "decimal.Decimal('NaN')"))
	assert.Equal(t, pybridge.Decimal("12345678901234567890123"), as[pybridge.Decimal](t, "12345678901234567890123"))
	assert.Equal(t, "want pybridge.Decimal, got float", decodeError[pybridge.Decimal](t, "1.5"))
	assert.Equal(t, "want *big.Float, got str", decodeError[*big.Float](t, "'1.5'"))
	f := as[*big.Float](t, "decimal.Decimal('0.1234567890123456789012345678901234567890')")
	assert.Equal(t, "0.123456789012345678901234567890123456789", f.Text('f', 39))
	assert.True(t, as[*big.Float](t, "decimal.Decimal('-Infinity')").IsInf())
	assert.Equal(t, 0, as[*big.Float](t, "2**70").Cmp(new(big.Float).SetMantExp(big.NewFloat(1), 70)))
	assert.Equal(t, "want *big.Float, got float", decodeError[*big.Float](t, "float('nan')"))
	assert.Equal(t, "want *big.Rat, got Decimal", decodeError[*big.Rat](t, "decimal.Decimal('1E+999999999')"), "which would not fit into memory")
}

func TestRanges(t *testing.T) {
	for _, test := range []pybridge.Range{
		{0, 5, 1}, {0, 5, 0}, {5, 0, 1}, {5, 0, -2}, {0, 0, 1}, {math.MinInt, math.MaxInt, math.MaxInt}, {-3, 4, 3},
	} {
		want, err := rt.Of(test)
		require.NoError(t, err)
		n, err := want.Len()
		require.NoError(t, err)
		assert.Equal(t, n, test.Len(), test)
		numbers, err := pybridge.As[[]int](want)
		require.NoError(t, err)
		assert.Equal(t, numbers, append([]int{}, slices.Collect(test.All())...), test)
	}
	_, err := rt.Of(pybridge.Range{0, 1, 1})
	require.NoError(t, err)
	assert.Equal(t, []float64{0, 1}, as[[]float64](t, "range(2)"))
	assert.Equal(t, [2]int8{1, 2}, as[[2]int8](t, "range(1, 3)"))
	assert.Equal(t, "want pybridge.Range, got range", decodeError[pybridge.Range](t, "range(2**70)"))
	assert.Equal(t, "want pybridge.Range, got list", decodeError[pybridge.Range](t, "[1]"))
}

func TestIterablesAsSequences(t *testing.T) {
	assert.Equal(t, []int{1, 4, 9}, slices.Collect(as[iter.Seq[int]](t, "(n * n for n in range(1, 4))")))
	assert.Equal(t, []string{"a", "b"}, slices.Collect(as[iter.Seq[string]](t, "'ab'")))
	assert.Equal(t, map[string]int{"a": 1}, maps.Collect(as[iter.Seq2[string, int]](t, "{'a': 1}.items()")))
	assert.Nil(t, as[iter.Seq[int]](t, "None"))
	inner := as[map[string]iter.Seq[int]](t, "{'a': [1, 2]}")
	assert.Equal(t, []int{1, 2}, slices.Collect(inner["a"]))
	for n := range as[iter.Seq[int]](t, "__import__('itertools').count()") {
		if n == 3 {
			break
		}
	}
	takes := func(s iter.Seq[int]) (sum int) {
		for n := range s {
			sum += n
		}
		return sum
	}
	sum, err := pybridge.CallAs[int](eval(t, "lambda f: f([1, 2, 3]) + f(range(5))"), takes)
	require.NoError(t, err)
	assert.Equal(t, 16, sum)

	execute(t, "def fails():\n    yield 1\n    raise ValueError('end')")
	var got []int
	for n, err := range as[iter.Seq2[int, error]](t, "fails()") {
		if err != nil {
			assert.EqualError(t, err, "ValueError: end")
			break
		}
		got = append(got, n)
	}
	assert.Equal(t, []int{1}, got)
	assert.PanicsWithError(t, "ValueError: end", func() { _ = slices.Collect(as[iter.Seq[int]](t, "fails()")) })
	for _, err := range as[iter.Seq2[int, error]](t, "['x', 1]") {
		assert.EqualError(t, err, "want int, got str")
	}
	assert.PanicsWithError(t, "TypeError: 'int' object is not iterable", func() { _ = slices.Collect(as[iter.Seq[int]](t, "5")) })
}

func TestTextsOfTypesThatReadThemselves(t *testing.T) {
	assert.Equal(t, netip.MustParseAddr("10.0.0.1"), as[netip.Addr](t, "'10.0.0.1'"))
	assert.Contains(t, decodeError[netip.Addr](t, "'x'"), "want netip.Addr: ParseAddr(\"x\")")
	assert.Equal(t, uuid.UUID{15: 5}, as[uuid.UUID](t, "'00000000-0000-0000-0000-000000000005'"))
	assert.Equal(t, map[string]netip.Addr{"a": netip.MustParseAddr("::1")}, as[map[string]netip.Addr](t, "{'a': '::1'}"))
}

func TestNumpyScalarsOfEveryType(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy as np")
	for _, name := range []string{"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "intc", "longlong", "ulonglong", "intp",
		"float16", "float32", "float64"} {
		assert.Equal(t, 5, int(as[float64](t, "np."+name+"(5)")), name)
		assert.EqualValues(t, 5, as[any](t, "np."+name+"(5)"), name)
	}
	for _, name := range []string{"int8", "uint64", "longlong"} {
		assert.Equal(t, uint8(5), as[uint8](t, "np."+name+"(5)"), name)
	}
	assert.Equal(t, uint64(math.MaxUint64), as[uint64](t, "np.uint64(2**64 - 1)"))
	assert.Equal(t, float32(0.1), as[float32](t, "np.float32(0.1)"))
	assert.Equal(t, complex64(complex(1, 2)), as[complex64](t, "np.complex64(1+2j)"))
	assert.Equal(t, complex(1, 2), as[any](t, "np.complex128(1+2j)"))
	assert.Equal(t, true, as[any](t, "np.bool_(True)"))
	assert.Equal(t, "ü", as[string](t, "np.str_('ü')"))
	assert.Equal(t, []byte("ab"), as[[]byte](t, "np.bytes_(b'ab')"))
	assert.True(t, math.IsInf(float64(as[float32](t, "np.float32('inf')")), 1))
	assert.True(t, math.IsNaN(as[float64](t, "np.float16('nan')")))

	moment := time.Date(2024, 2, 29, 12, 0, 0, 123456789, time.UTC)
	for _, source := range []string{"np.datetime64('2024-02-29T12:00:00.123456789')"} {
		assert.Equal(t, moment, as[time.Time](t, source))
		assert.Equal(t, moment, as[any](t, source))
	}
	assert.Equal(t, time.Date(1950, 6, 1, 0, 0, 0, 0, time.UTC), as[time.Time](t, "np.datetime64('1950-06')"))
	assert.Equal(t, time.Date(1969, 12, 31, 23, 59, 59, 5e8, time.UTC), as[time.Time](t, "np.datetime64('1969-12-31T23:59:59.500')"))
	assert.Equal(t, "want time.Time, got datetime64", decodeError[time.Time](t, "np.datetime64('NaT')"))
	assert.Equal(t, -1500*time.Nanosecond, as[time.Duration](t, "np.timedelta64(-1500, 'ns')"))
	assert.Equal(t, 48*time.Hour, as[any](t, "np.timedelta64(2, 'D')"))
	assert.Equal(t, "want time.Duration, got timedelta64", decodeError[time.Duration](t, "np.timedelta64(1, 'M')"))

	record := "np.array([(1, 2)], dtype=[('X', 'i4'), ('Y', 'i4')])[0]"
	assert.Equal(t, point{1, 2}, as[point](t, record))
	assert.Equal(t, map[string]float64{"X": 1, "Y": 2}, as[map[string]float64](t, record))
	assert.Equal(t, 0.5, as[float64](t, "np.longdouble('0.5')"))
	assert.Equal(t, pybridge.Decimal("0.5"), as[pybridge.Decimal](t, "np.longdouble('0.5')"))
}

func TestPandasTimes(t *testing.T) {
	needModule(t, "pandas")
	execute(t, "import pandas as pd")
	assert.Equal(t, time.Date(2024, 1, 1, 0, 0, 0, 1, time.UTC), as[time.Time](t, "pd.Timestamp('2024-01-01 00:00:00.000000001', tz='UTC')"))
	assert.Equal(t, 1001*time.Nanosecond, as[time.Duration](t, "pd.Timedelta(1001, 'ns')"))
	assert.Equal(t, "want time.Time, got NaTType", decodeError[time.Time](t, "pd.NaT"))
}

func TestStringsOfEveryKind(t *testing.T) {
	same := eval(t, "lambda s: s")
	for name, text := range map[string]string{
		"NUL": "a\x00b\x00", "astral": "😀𝕏", "surrogate": "\xed\xa0\x80x", "long": string(make([]byte, 1<<20)), "CR LF": "a\r\nb\rc\n",
		"combined": "é", "long astral": string(slices.Repeat([]rune{'😀'}, 1<<18)), "BOM": "\ufeffx",
	} {
		got, err := pybridge.CallAs[string](same, text)
		require.NoError(t, err, name)
		assert.True(t, text == got, name)
	}
	n, err := pybridge.CallAs[int](eval(t, "len"), "😀")
	require.NoError(t, err)
	assert.Equal(t, 1, n, "in code points")
}
