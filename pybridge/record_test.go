package pybridge_test

import (
	"math"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A particle has all that a record can have: gaps, an array, a struct, a field that Python does not see.
type particle struct {
	ID       int32 `py:"id"`
	Mass     float64
	Position [3]float32
	Spin     struct{ Up bool }
	hidden   int16
	Charge   complex64
}

func TestStructsAreRecords(t *testing.T) {
	needNumpy(t)
	data := []particle{{ID: 1, Mass: 1.5, hidden: 7}, {ID: 2, Position: [3]float32{1, 2, 3}, Charge: 2i}}
	data[1].Spin.Up = true
	a, err := rt.Of(pybridge.Array{Data: data})
	require.NoError(t, err)
	assert.Equal(t, "('id', 'Mass', 'Position', 'Spin', 'Charge')", must(pybridge.ChainAs[string](a.Chain().Attr("dtype").Attr("names").Method("__str__"))))
	assert.Equal(t, []float64{1.5, 0}, must(pybridge.ChainAs[[]float64](a.Chain().Index("Mass"))))
	assert.Equal(t, []float32{1, 2, 3}, must(pybridge.ChainAs[[]float32](a.Chain().Index(1).Index("Position"))))
	assert.Equal(t, []bool{false, true}, must(pybridge.ChainAs[[]bool](a.Chain().Index("Spin").Index("Up"))))
	require.NoError(t, rt.Set("particles", a))
	execute(t, "particles['Mass'] *= 2; particles['id'][1] = 20; particles[0]['Position'][2] = 9")
	assert.Equal(t, 3.0, data[0].Mass)
	assert.Equal(t, int32(20), data[1].ID)
	assert.Equal(t, float32(9), data[0].Position[2])
	assert.Equal(t, int16(7), data[0].hidden)

	v, err := pybridge.OpenView[particle](eval(t, "particles"))
	require.NoError(t, err)
	defer v.Close()
	s, err := v.Slice()
	require.NoError(t, err)
	assert.Same(t, &data[0], &s[0])
	v.Set(particle{ID: 5}, 0)
	assert.Equal(t, 5, as[int](t, "int(particles[0]['id'])"))
	assert.Equal(t, int32(20), v.At(1).ID)

	copied, err := pybridge.As[[]particle](eval(t, "particles"))
	require.NoError(t, err)
	data[0].hidden, data[1].hidden = 0, 0
	assert.Equal(t, data, copied)
}

func TestRecordsAreStructs(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy")
	type point struct {
		X int64   `py:"x"`
		Y float64 `py:"y"`
	}
	aligned := "numpy.array([(1, 2.5), (3, 4.5)], [('x', 'i8'), ('y', 'f8')])"
	want := []point{{1, 2.5}, {3, 4.5}}
	for _, test := range []struct{ name, source, refused string }{
		{"the same layout", aligned, ""},
		{"every other", "numpy.repeat(" + aligned + ", 2)[::2]", ""},
		{"other types", aligned + ".astype([('x', 'i2'), ('y', 'f4')])", "the records have 6 bytes, not 16"},
		{"other order", aligned + "[['y', 'x']].astype([('y', 'f8'), ('x', 'i8')])", `field "x" has offset 8 and shape [], not 0 and []`},
		{"packed", "numpy.array([(0, 1, 2.5), (0, 3, 4.5)], [('a', 'i1'), ('x', 'i8'), ('y', 'f8')])", "the records have 17 bytes, not 16"},
		{"byte order", aligned + ".astype([('x', '>i8'), ('y', '>f8')])", "another machine's order"},
		{"other names", aligned + ".astype([('u', 'i8'), ('v', 'f8')])", `the records have no field "x"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, err := pybridge.OpenView[point](eval(t, test.source))
			if test.refused == "" {
				require.NoError(t, err)
				assert.Equal(t, want, v.Copy())
				v.Close()
			} else {
				require.ErrorContains(t, err, test.refused)
			}
			if test.name == "other names" {
				return
			}
			got, err := pybridge.As[[]point](eval(t, test.source))
			require.NoError(t, err)
			assert.Equal(t, want, got)
		})
	}
	execute(t, "texts = numpy.array([(b'ab', 'é', 0.5, [1, 2], (True,))], [('s', 'S4'), ('u', 'U3'), ('h', 'f2'), ('l', '2u1'), ('n', [('b', '?')])])")
	type texts struct {
		S string  `py:"s"`
		U string  `py:"u"`
		H float64 `py:"h"`
		L []int   `py:"l"`
		N struct {
			B bool `py:"b"`
		} `py:"n"`
	}
	got, err := pybridge.As[[]texts](eval(t, "texts"))
	require.NoError(t, err)
	assert.Equal(t, texts{S: "ab", U: "é", H: 0.5, L: []int{1, 2}, N: struct {
		B bool `py:"b"`
	}{true}}, got[0])
	_, err = pybridge.As[[]struct {
		L []int8 `py:"h"`
	}](eval(t, "texts"))
	assert.EqualError(t, err, "[0].h: want []int8, got float32")
	assert.Equal(t, []any{pybridge.Tuple{1, 2.5}, pybridge.Tuple{3, 4.5}}, as[[]any](t, aligned))
	execute(t, "import ctypes\nclass Point(ctypes.Structure): _fields_ = [('x', ctypes.c_int64), ('y', ctypes.c_double)]")
	v, err := pybridge.OpenView[point](eval(t, "(Point * 2)(Point(1, 2.5), Point(3, 4.5))"))
	require.NoError(t, err)
	assert.Equal(t, want, v.Copy())
}

func TestTimesOfArrays(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy")
	date := func(year int, month time.Month, day, nanos int) time.Time {
		return time.Date(year, month, day, 0, 0, 0, nanos, time.UTC)
	}
	for _, test := range []struct {
		source string
		want   time.Time
	}{
		{"numpy.array(['2024-02-29'], 'datetime64[D]')", date(2024, 2, 29, 0)},
		{"numpy.array(['2024-02-29T00:00:00.000000001'], 'datetime64[ns]')", date(2024, 2, 29, 1)},
		{"numpy.array(['2024-02-29T00:00:00.25'], 'datetime64[ms]')", date(2024, 2, 29, 250_000_000)},
		{"numpy.array(['3000-01-01'], 'datetime64[Y]')", date(3000, 1, 1, 0)},
		{"numpy.array(['NaT'], 'datetime64[s]')", time.Time{}},
	} {
		t.Run(test.source, func(t *testing.T) {
			assert.Equal(t, []time.Time{test.want}, as[[]time.Time](t, test.source))
		})
	}
	assert.Equal(t, [][]time.Duration{{time.Second}, {-2 * time.Second}}, as[[][]time.Duration](t, "numpy.array([[1], [-2]], 'timedelta64[s]')"))
	assert.Equal(t, date(2020, 1, 2, 0), as[time.Time](t, "numpy.datetime64('2020-01-02')"))
	_, err := pybridge.As[[]time.Duration](eval(t, "numpy.array(['NaT'], 'timedelta64[s]')"))
	assert.EqualError(t, err, "[0]: NaT is no time.Duration")
	_, err = pybridge.As[[]time.Duration](eval(t, "numpy.array([400], 'timedelta64[Y]').astype('timedelta64[s]')"))
	assert.ErrorContains(t, err, "do not fit into a time.Duration")
	_, err = pybridge.As[[]time.Time](eval(t, "numpy.array([1], 'timedelta64[s]')"))
	assert.Error(t, err)
	assert.Equal(t, math.MinInt64, as[int](t, "int(numpy.datetime64('NaT').view('int64'))"))
}
