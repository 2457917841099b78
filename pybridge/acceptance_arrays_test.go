package pybridge_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func numpyFunction(t *testing.T, name string) *pybridge.Object {
	t.Helper()
	needNumpy(t)
	f, err := rt.From("numpy", name)
	require.NoError(t, err)
	return f
}

func TestA43Ufuncs(t *testing.T) {
	assert.Equal(t, []float64{1, 2}, must(pybridge.CallAs[[]float64](numpyFunction(t, "abs"), []float64{-1, 2})))
	assert.Equal(t, []int{4, 6}, must(pybridge.CallAs[[]int](numpyFunction(t, "add"), []int{1, 2}, []int{3, 4})))
}

func TestA44OrdersOfArrays(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy\noriginal = numpy.arange(24, dtype='float32').reshape(2, 3, 4)")
	want := as[[][][]float32](t, "original")
	assert.Equal(t, float32(23), want[1][2][3])
	for _, order := range []string{"C", "F"} {
		assert.Equal(t, want, as[[][][]float32](t, "numpy.array(original, order='"+order+"')"), order)
		objects := as[[][][]any](t, "numpy.array(original, dtype=object, order='"+order+"')")
		assert.Equal(t, 23.0, objects[1][2][3])
		assert.Equal(t, 4.0, objects[0][1][0])
	}
	assert.True(t, call[bool](t, "lambda a: (a == original).all() and a.dtype == 'float32'", want), "and back")
}

func TestA45NegativeStrides(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy\noriginal = numpy.arange(24, dtype='float32').reshape(2, 3, 4)")
	got := as[[][][]float32](t, "original[:, :, ::-2]")
	assert.Equal(t, []float32{3, 1}, got[0][0])
	assert.Equal(t, []float32{23, 21}, got[1][2])
	objects := as[[][][]any](t, "original.astype(object)[:, :, ::-2]")
	assert.Equal(t, []any{23.0, 21.0}, objects[1][2])
	v, err := pybridge.OpenView[float32](eval(t, "original[:, :, ::-2]"))
	require.NoError(t, err)
	defer v.Close()
	assert.Equal(t, float32(21), v.At(1, 2, 1))
}

// roundTrip sends a slice there and back twice, and asks Python for its type.
func roundTrip[T any](t *testing.T, values []T, dtype string) {
	t.Helper()
	t.Run(fmt.Sprintf("%s of %d", dtype, len(values)), func(t *testing.T) {
		for range 2 {
			o, err := rt.Of(values)
			require.NoError(t, err)
			name, err := pybridge.ChainAs[string](o.Chain().Attr("dtype").Attr("name"))
			require.NoError(t, err)
			assert.Equal(t, dtype, name)
			n, err := o.Len()
			require.NoError(t, err)
			assert.Equal(t, len(values), n)
			back, err := pybridge.As[[]T](o)
			require.NoError(t, err)
			assert.True(t, slices.EqualFunc(values, back, func(a, b T) bool { return reflect.DeepEqual(a, b) }))
			values = back
		}
	})
}

func roundTrips[T any](t *testing.T, dtype string, values ...T) {
	t.Helper()
	roundTrip(t, values, dtype)
	roundTrip(t, values[:0], dtype)
	roundTrip(t, slices.Repeat(values, 100_000/len(values)), dtype)
}

func TestA46TypesOfArraysAreKept(t *testing.T) {
	needNumpy(t)
	roundTrips[int8](t, "int8", -128, 0, 127)
	roundTrips[int16](t, "int16", -1<<15, 1<<15-1)
	roundTrips[int32](t, "int32", -1<<31, 1<<31-1)
	roundTrips[int64](t, "int64", -1<<63, 1<<63-1)
	roundTrips[uint16](t, "uint16", 0, 1<<16-1)
	roundTrips[uint32](t, "uint32", 0, 1<<32-1)
	roundTrips[uint64](t, "uint64", 0, 1<<64-1)
	roundTrips[float32](t, "float32", -1.5, 0.1)
	roundTrips(t, "float64", -1.5, 0.1)
	roundTrips[complex64](t, "complex64", 1+2i)
	roundTrips(t, "complex128", 1+2i)
	roundTrips(t, "bool", true, false)
	for _, bytes := range [][]uint8{{0, 255}, {}} {
		o, err := rt.Of(pybridge.Array{Data: bytes})
		require.NoError(t, err)
		assert.Equal(t, "uint8", must(pybridge.ChainAs[string](o.Chain().Attr("dtype").Attr("name"))))
		assert.Equal(t, bytes, must(pybridge.As[[]uint8](o)))
	}
	mixed := []any{1, "x", nil, 1.5}
	object, err := rt.Eval("numpy.array(v, dtype=object)", pybridge.Kw{"v": mixed, "numpy": must(rt.Import("numpy"))})
	require.NoError(t, err)
	assert.Equal(t, mixed, must(pybridge.As[[]any](object)))
}

func TestA47LargeArrays(t *testing.T) {
	a, b := make([]float64, 100_000), make([]float64, 100_000)
	for i := range a {
		a[i], b[i] = float64(i), float64(2*i)
	}
	sum := must(pybridge.CallAs[[]float64](numpyFunction(t, "add"), a, b))
	assert.Equal(t, 300.0, sum[100])
	assert.Len(t, sum, 100_000)
	out := make([]float64, len(a))
	result, err := numpyFunction(t, "add").Call(a, b, pybridge.Kw{"out": out})
	require.NoError(t, err)
	assert.Equal(t, 300.0, out[100], "written into the memory of Go")
	given, err := rt.Of(out)
	require.NoError(t, err)
	same, err := numpyFunction(t, "add").Call(a, b, pybridge.Kw{"out": given})
	require.NoError(t, err)
	assert.True(t, same.Is(given), "what is returned is what was given")
	assert.Equal(t, len(a), must(result.Len()))
}

func TestA48TypesOfFloats(t *testing.T) {
	for _, x := range []float64{1e5, 1, 0.1} {
		assert.Equal(t, x, call[any](t, "lambda v: v", x))
		assert.Equal(t, "float", call[string](t, "lambda v: type(v).__name__", x))
	}
	assert.Equal(t, float32(1e5), call[float32](t, "lambda v: v", float32(1e5)))
	assert.Equal(t, []string{"a", "bc", ""}, call[[]string](t, "lambda v: v", []string{"a", "bc", ""}))
	t.Run("numpy", func(t *testing.T) {
		needNumpy(t)
		assert.Equal(t, "float32", call[string](t, "lambda v: v.dtype.name", []float32{1e5, 1}))
		assert.Equal(t, float32(0.1), as[float32](t, "__import__('numpy').float32(0.1)"))
	})
}
