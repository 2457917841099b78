package pybridge_test

import (
	"fmt"
	"math"
	"math/big"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func day(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}

// everyColumn is a table with a column of each type that Go can write.
func everyColumn() *pybridge.Table {
	return &pybridge.Table{Columns: []pybridge.Column{
		{Name: "int", Values: []int64{1, 2, 3}},
		{Name: "int8", Values: []int8{-1, 0, 1}},
		{Name: "uint64", Values: []uint64{0, 1, 1 << 63}},
		{Name: "float32", Values: []float32{0.5, -1, 3}},
		{Name: "float64", Values: []float64{0.25, math.Inf(1), 3}},
		{Name: "bool", Values: []bool{true, false, true}},
		{Name: "text", Values: []string{"a", "", "é𝄞 and a text of more than twelve bytes"}},
		{Name: "bytes", Values: [][]byte{{1}, {}, {0, 2}}},
		{Name: "time", Values: []time.Time{day(2020, 1, 2), day(1969, 12, 31), time.Unix(0, 1).UTC()}},
		{Name: "duration", Values: []time.Duration{time.Second, -1, 0}},
		{Name: "missing ints", Values: []int64{1, 0, 3}, Valid: []bool{true, false, true}},
		{Name: "missing texts", Values: []string{"", "b", ""}, Valid: []bool{false, true, false}},
		{Name: "missing bools", Values: []bool{true, false, false}, Valid: []bool{true, true, false}},
	}}
}

func TestTablesGoThroughPython(t *testing.T) {
	want := everyColumn()
	o, err := rt.Of(want)
	require.NoError(t, err)
	assert.Equal(t, "<Table of Go: 3 rows, columns int, int8,", o.String()[:40])
	for range 2 { // a table can be read again
		got, err := pybridge.ReadTable(o)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	empty, err := pybridge.ReadTable(must(rt.Of(&pybridge.Table{})))
	require.NoError(t, err)
	assert.Equal(t, 0, empty.Rows())
	none, err := pybridge.ReadTable(must(rt.Of(&pybridge.Table{Columns: []pybridge.Column{{Name: "x", Values: []float64{}}, {Name: "s", Values: []string{}}}})))
	require.NoError(t, err)
	assert.Equal(t, []float64{}, none.Columns[0].Values)
	assert.True(t, must(rt.Of((*pybridge.Table)(nil))).IsNone())
	far, err := pybridge.ReadTable(must(rt.Of(&pybridge.Table{Columns: []pybridge.Column{{Name: "t", Values: []time.Time{day(3000, 1, 1)}}}})))
	require.NoError(t, err)
	assert.Equal(t, []time.Time{day(3000, 1, 1)}, far.Columns[0].Values)
}

func TestTablesThatAreNone(t *testing.T) {
	for _, test := range []struct {
		columns []pybridge.Column
		want    string
	}{
		{[]pybridge.Column{{Name: "x", Values: 5}}, `column "x" is a int, not a slice`},
		{[]pybridge.Column{{Name: "x", Values: []int{1}}, {Name: "y", Values: []int{}}}, `column "y" has 0 values, not 1`},
		{[]pybridge.Column{{Name: "x", Values: []complex128{1}}}, `column "x": there are no columns of complex128 in Arrow`},
	} {
		_, err := rt.Of(&pybridge.Table{Columns: test.columns})
		assert.ErrorContains(t, err, test.want)
	}
	_, err := pybridge.ReadTable(eval(t, "[1]"))
	assert.EqualError(t, err, "TypeError: a list is no dataframe that speaks Arrow")
}

func TestColumnsAndRows(t *testing.T) {
	type trade struct {
		Symbol string   `py:"symbol"`
		Price  float64  `py:"price"`
		Size   *int     `py:"size"`
		Note   *string  `py:"note"`
		Skip   []string `py:"-"`
	}
	size, note := 5, "n"
	rows := []trade{{Symbol: "A", Price: 1.5, Size: &size}, {Symbol: "B", Price: 2.5, Note: &note}}
	table, err := pybridge.TableOf(rows)
	require.NoError(t, err)
	got, err := pybridge.ReadTable(must(rt.Of(table)))
	require.NoError(t, err)
	back, err := pybridge.RowsAs[trade](got)
	require.NoError(t, err)
	assert.Equal(t, rows, back)

	prices, err := pybridge.ColumnAs[float64](got, "price")
	require.NoError(t, err)
	assert.Equal(t, []float64{1.5, 2.5}, prices)
	narrow, err := pybridge.ColumnAs[float32](got, "price")
	require.NoError(t, err)
	assert.Equal(t, []float32{1.5, 2.5}, narrow)
	sizes, err := pybridge.ColumnAs[*int](got, "size")
	require.NoError(t, err)
	assert.Equal(t, []*int{&size, nil}, sizes)
	for name, want := range map[string]string{"size": "size[1]: the value is missing", "symbol": "symbol[0]: want int, got string", "x": `the table has no column "x"`} {
		_, err := pybridge.ColumnAs[int](got, name)
		assert.EqualError(t, err, want)
	}
	_, err = pybridge.RowsAs[struct{ X int }](got)
	assert.EqualError(t, err, `the table has no column "X"`)
	_, err = pybridge.RowsAs[int](got)
	assert.EqualError(t, err, "rows are structs, not int")
	_, err = pybridge.TableOf([]int{1})
	assert.EqualError(t, err, "rows are structs, not int")
}

// Columns of numbers are lent, and stay pinned as long as somebody in Python holds them.
func TestTablesLendTheirMemory(t *testing.T) {
	data := []float64{1, 2, 3}
	held := rt.Held()
	o, err := rt.Of(&pybridge.Table{Columns: []pybridge.Column{{Name: "x", Values: data}}})
	require.NoError(t, err)
	stream, err := o.Method("__arrow_c_stream__")
	require.NoError(t, err)
	o.Close()
	data[1] = 20
	table, err := pybridge.ReadTable(must(eval(t, "lambda s: type('Holder', (), {'__arrow_c_stream__': lambda self: s})()").Call(stream)))
	require.NoError(t, err)
	assert.Equal(t, []float64{1, 20, 3}, table.Columns[0].Values)
	stream.Close()
	require.Eventually(t, func() bool { collect(); execute(t, "import gc; gc.collect()"); return rt.Held() <= held }, 10*time.Second, 10*time.Millisecond)
}

func TestFramesOfPandas(t *testing.T) {
	needModule(t, "pandas")
	execute(t, `
import pandas, numpy
frame = pandas.DataFrame({
    "int": [1, 2, 3], "small": numpy.array([1, 2, 3], "int8"), "float": [0.5, None, 2], "bool": [True, False, True],
    "text": ["a", None, "ccc"], "time": pandas.to_datetime(["2020-01-02", None, "1969-12-31"]),
    "zone": pandas.to_datetime(["2020-01-02T01:00"] * 3).tz_localize("Europe/Berlin"),
    "duration": pandas.to_timedelta([1, 2, 3], "s"), "category": pandas.Categorical(["x", "y", "x"]),
    "masked": pandas.array([1, None, 3], "Int64"), "mixed": [1, "x", None],
})
`)
	table, err := pybridge.ReadTable(eval(t, "frame"))
	require.NoError(t, err)
	want := []pybridge.Column{
		{Name: "int", Values: []int64{1, 2, 3}},
		{Name: "small", Values: []int8{1, 2, 3}},
		{Name: "float", Values: []float64{0.5, math.NaN(), 2}},
		{Name: "bool", Values: []bool{true, false, true}},
		{Name: "text", Values: []string{"a", "", "ccc"}, Valid: []bool{true, false, true}},
		{Name: "time", Values: []time.Time{day(2020, 1, 2), {}, day(1969, 12, 31)}, Valid: []bool{true, false, true}},
		{Name: "zone", Values: []time.Time{day(2020, 1, 2), day(2020, 1, 2), day(2020, 1, 2)}},
		{Name: "duration", Values: []time.Duration{time.Second, 2 * time.Second, 3 * time.Second}},
		{Name: "category", Values: []string{"x", "y", "x"}},
		{Name: "masked", Values: []int64{1, 0, 3}, Valid: []bool{true, false, true}},
		{Name: "mixed", Values: []any{1, "x", nil}, Valid: []bool{true, true, false}},
	}
	require.Len(t, table.Columns, len(want))
	for i, c := range want {
		assert.Equal(t, fmt.Sprint(c), fmt.Sprint(table.Columns[i]))
		assert.IsType(t, c.Values, table.Columns[i].Values, c.Name)
	}

	again, err := must(rt.Of(everyColumn())).Method("to_pandas")
	require.NoError(t, err)
	back, err := pybridge.ReadTable(again)
	require.NoError(t, err)
	for i, c := range everyColumn().Columns {
		assert.Equal(t, c.Name, back.Columns[i].Name)
		if c.Name != "bytes" { // which pandas keeps as objects
			assert.Equal(t, fmt.Sprint(c.Values, c.Valid), fmt.Sprint(back.Columns[i].Values, back.Columns[i].Valid), c.Name)
		}
	}
}

func TestFramesOfPolars(t *testing.T) {
	needModule(t, "polars")
	execute(t, `
import polars, datetime, decimal
frame = polars.DataFrame({
    "int": [1, None, 3], "text": ["a", "a text that is longer than twelve bytes", None], "bool": [True, None, False],
    "date": [datetime.date(2020, 1, 2), None, datetime.date(1969, 12, 31)],
    "decimal": [decimal.Decimal("1.25"), decimal.Decimal("-3.5"), None],
    "list": [[1, 2], [], None], "struct": [{"a": 1, "b": "x"}, {"a": None, "b": "y"}, {"a": 3, "b": None}],
    "category": polars.Series(["x", "y", "x"], dtype=polars.Categorical), "nothing": [None, None, None],
    "array": polars.Series([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], dtype=polars.Array(polars.Float32, 2)),
    "clock": [datetime.time(1, 2, 3)] * 3, "span": [datetime.timedelta(seconds=1)] * 3,
})
sliced = polars.concat([frame, frame], rechunk=False)[1:5]
`)
	rat := func(text string) *big.Rat { r, _ := new(big.Rat).SetString(text); return r }
	want := []pybridge.Column{
		{Name: "int", Values: []int64{1, 0, 3}, Valid: []bool{true, false, true}},
		{Name: "text", Values: []string{"a", "a text that is longer than twelve bytes", ""}, Valid: []bool{true, true, false}},
		{Name: "bool", Values: []bool{true, false, false}, Valid: []bool{true, false, true}},
		{Name: "date", Values: []time.Time{day(2020, 1, 2), {}, day(1969, 12, 31)}, Valid: []bool{true, false, true}},
		{Name: "decimal", Values: []*big.Rat{rat("1.25"), rat("-3.5"), nil}, Valid: []bool{true, true, false}},
		{Name: "list", Values: [][]int64{{1, 2}, {}, nil}, Valid: []bool{true, true, false}},
		{Name: "struct", Values: []map[string]any{{"a": int64(1), "b": "x"}, {"a": nil, "b": "y"}, {"a": int64(3), "b": nil}}},
		{Name: "category", Values: []string{"x", "y", "x"}},
		{Name: "nothing", Values: []any{nil, nil, nil}, Valid: []bool{false, false, false}},
		{Name: "array", Values: [][]float32{{1, 2}, {3, 4}, {5, 6}}},
		{Name: "clock", Values: []time.Duration{3723 * time.Second, 3723 * time.Second, 3723 * time.Second}},
		{Name: "span", Values: []time.Duration{time.Second, time.Second, time.Second}},
	}
	table, err := pybridge.ReadTable(eval(t, "frame"))
	require.NoError(t, err)
	for i, c := range want {
		assert.Equal(t, c, table.Columns[i])
	}
	parts, err := pybridge.ReadTable(eval(t, "sliced"))
	require.NoError(t, err)
	assert.Equal(t, 4, parts.Rows())
	assert.Equal(t, pybridge.Column{Name: "int", Values: []int64{0, 3, 1, 0}, Valid: []bool{false, true, true, false}}, parts.Columns[0])
	assert.Equal(t, []string{"y", "x", "x", "y"}, parts.Columns[7].Values)

	frame, err := eval(t, "lambda t: polars.DataFrame(t)").Call(everyColumn())
	require.NoError(t, err)
	back, err := pybridge.ReadTable(frame)
	require.NoError(t, err)
	assert.Equal(t, everyColumn(), back)
}

func TestStreamsOfNanoarrow(t *testing.T) {
	needModule(t, "nanoarrow")
	execute(t, "import nanoarrow")
	text, err := pybridge.CallAs[string](eval(t, "lambda t: repr(nanoarrow.Array(t).to_pylist())"), &pybridge.Table{Columns: []pybridge.Column{
		{Name: "x", Values: []int32{1, 2}, Valid: []bool{true, false}}, {Name: "s", Values: []string{"a", "b"}}}})
	require.NoError(t, err)
	assert.Equal(t, "[{'x': 1, 's': 'a'}, {'x': None, 's': 'b'}]", text)
	for _, test := range []struct {
		schema, values string
		want           any
	}{
		{"int64()", "[1, 2]", []int64{1, 2}},
		{"float32()", "[0.5, 2.0]", []float32{0.5, 2}},
		{"large_string()", "['a', 'bc']", []string{"a", "bc"}},
		{"large_binary()", "[b'a', b'']", [][]byte{[]byte("a"), {}}},
		{"fixed_size_binary(2)", "[b'ab', b'cd']", [][]byte{[]byte("ab"), []byte("cd")}},
		{"bool_()", "[True, False]", []bool{true, false}},
	} {
		t.Run(test.schema, func(t *testing.T) {
			source := fmt.Sprintf("nanoarrow.c_array_stream(nanoarrow.c_array_from_buffers(nanoarrow.struct({'x': nanoarrow.%s}), 2, [None],"+
				" children=[nanoarrow.c_array(%s, nanoarrow.%[1]s)]))", test.schema, test.values)
			table, err := pybridge.ReadTable(eval(t, source))
			require.NoError(t, err)
			assert.Equal(t, test.want, table.Columns[0].Values)
		})
	}
}

func TestTablesOfPyarrow(t *testing.T) {
	needModule(t, "pyarrow")
	execute(t, `
import pyarrow, datetime, decimal
first = pyarrow.table({
    "int": pyarrow.array([1, None, 3], pyarrow.int16()), "half": pyarrow.array([0.5, 1.0, None], pyarrow.float32()).cast(pyarrow.float16()),
    "text": pyarrow.array(["a", "a text that is longer than twelve bytes", None]),
    "large text": pyarrow.array(["x", None, ""], pyarrow.large_string()),
    "bytes": pyarrow.array([b"\x00", None, b""]), "fixed": pyarrow.array([b"ab", b"cd", b"ef"], pyarrow.binary(2)),
    "day": pyarrow.array([datetime.date(2020, 1, 2), None, datetime.date(1969, 12, 31)]),
    "moment": pyarrow.array([0, 1, None], pyarrow.timestamp("ns", tz="Europe/Berlin")),
    "clock": pyarrow.array([datetime.time(1, 2, 3)] * 3), "span": pyarrow.array([1, 2, 3], pyarrow.duration("s")),
    "decimal": pyarrow.array([decimal.Decimal("1.25"), decimal.Decimal("-3.50"), None]),
    "category": pyarrow.array(["x", "y", "x"]).dictionary_encode(), "nothing": pyarrow.nulls(3),
    "list": pyarrow.array([[1, 2], [], None], pyarrow.large_list(pyarrow.int64())),
    "array": pyarrow.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], pyarrow.list_(pyarrow.float64(), 2)),
    "struct": pyarrow.array([{"a": 1, "b": "x"}, {"a": None, "b": "y"}, {"a": 3, "b": None}]),
})
chunked = pyarrow.concat_tables([first, first]).slice(1, 4)
`)
	rat := func(text string) *big.Rat { r, _ := new(big.Rat).SetString(text); return r }
	want := []pybridge.Column{
		{Name: "int", Values: []int16{1, 0, 3}, Valid: []bool{true, false, true}},
		{Name: "half", Values: []float32{0.5, 1, 0}, Valid: []bool{true, true, false}},
		{Name: "text", Values: []string{"a", "a text that is longer than twelve bytes", ""}, Valid: []bool{true, true, false}},
		{Name: "large text", Values: []string{"x", "", ""}, Valid: []bool{true, false, true}},
		{Name: "bytes", Values: [][]byte{{0}, nil, {}}, Valid: []bool{true, false, true}},
		{Name: "fixed", Values: [][]byte{[]byte("ab"), []byte("cd"), []byte("ef")}},
		{Name: "day", Values: []time.Time{day(2020, 1, 2), {}, day(1969, 12, 31)}, Valid: []bool{true, false, true}},
		{Name: "moment", Values: []time.Time{time.Unix(0, 0), time.Unix(0, 1), {}}, Valid: []bool{true, true, false}},
		{Name: "clock", Values: []time.Duration{3723 * time.Second, 3723 * time.Second, 3723 * time.Second}},
		{Name: "span", Values: []time.Duration{time.Second, 2 * time.Second, 3 * time.Second}},
		{Name: "decimal", Values: []*big.Rat{rat("1.25"), rat("-3.5"), nil}, Valid: []bool{true, true, false}},
		{Name: "category", Values: []string{"x", "y", "x"}},
		{Name: "nothing", Values: []any{nil, nil, nil}, Valid: []bool{false, false, false}},
		{Name: "list", Values: [][]int64{{1, 2}, {}, nil}, Valid: []bool{true, true, false}},
		{Name: "array", Values: [][]float64{{1, 2}, {3, 4}, {5, 6}}},
		{Name: "struct", Values: []map[string]any{{"a": int64(1), "b": "x"}, {"a": nil, "b": "y"}, {"a": int64(3), "b": nil}}},
	}
	table, err := pybridge.ReadTable(eval(t, "first"))
	require.NoError(t, err)
	require.Len(t, table.Columns, len(want))
	for i, c := range want {
		if c.Name == "moment" {
			table.Columns[i].Values = inZone(table.Columns[i].Values.([]time.Time), time.Local)
		}
		assert.Equal(t, c, table.Columns[i])
	}
	parts, err := pybridge.ReadTable(eval(t, "chunked"))
	require.NoError(t, err)
	assert.Equal(t, pybridge.Column{Name: "int", Values: []int16{0, 3, 1, 0}, Valid: []bool{false, true, true, false}}, parts.Columns[0])
	batch, err := pybridge.ReadTable(eval(t, "pyarrow.RecordBatchReader.from_batches(first.schema, first.to_batches())"))
	require.NoError(t, err)
	assert.Equal(t, 3, batch.Rows())

	columns := everyColumn()
	same, err := pybridge.CallAs[*pybridge.Object](eval(t, "pyarrow.table"), columns)
	require.NoError(t, err)
	_, err = same.Method("validate", pybridge.Kw{"full": true}) // pyarrow's own opinion of what Go wrote
	require.NoError(t, err)
	back, err := pybridge.ReadTable(same)
	require.NoError(t, err)
	assert.Equal(t, columns, back)
}

// Tables of one package go to another through Go, and Go's to each.
func TestTablesBetweenPackages(t *testing.T) {
	for _, name := range []string{"pandas", "polars", "pyarrow"} {
		needModule(t, name)
	}
	execute(t, `
import pandas, polars, pyarrow
make = {"pandas": pandas.DataFrame, "polars": polars.DataFrame, "pyarrow": pyarrow.table}
take = {"pandas": pandas.DataFrame.from_arrow if hasattr(pandas.DataFrame, "from_arrow") else lambda t: t.to_pandas(),
    "polars": polars.DataFrame, "pyarrow": pyarrow.table}
total = {"pandas": lambda t: t["x"].sum(), "polars": lambda t: t["x"].sum(), "pyarrow": lambda t: sum(t["x"].to_pylist())}
`)
	for _, from := range []string{"pandas", "polars", "pyarrow"} {
		for _, to := range []string{"pandas", "polars", "pyarrow"} {
			t.Run(from+" to "+to, func(t *testing.T) {
				table, err := pybridge.ReadTable(eval(t, "make['"+from+"']({'x': [1.5, 2.5], 'name': ['a', 'b']})"))
				require.NoError(t, err)
				assert.Equal(t, []string{"a", "b"}, must(pybridge.ColumnAs[string](table, "name")))
				theirs, err := eval(t, "take['"+to+"']").Call(table)
				require.NoError(t, err)
				assert.Equal(t, 4.0, must(pybridge.CallAs[float64](eval(t, "total['"+to+"']"), theirs)))
			})
		}
	}
}

func inZone(times []time.Time, zone *time.Location) []time.Time {
	moved := make([]time.Time, len(times))
	for i, at := range times {
		if !at.IsZero() {
			moved[i] = at.In(zone)
		}
	}
	return moved
}
