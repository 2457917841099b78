package pybridge_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestSlicesAreArraysOverTheSameMemory(t *testing.T) {
	needNumpy(t)
	data := []float64{1, 2, 3}
	a, err := rt.Of(data)
	require.NoError(t, err)
	assert.Equal(t, "array([1., 2., 3.])", must(a.Repr()))
	data[1] = 20
	assert.Equal(t, "[ 1. 20.  3.]", a.String(), "Python sees what Go writes")
	require.NoError(t, a.SetIndex(30, 2))
	assert.Equal(t, []float64{1, 20, 30}, data, "Go sees what Python writes")
	address, err := pybridge.AttrAs[uintptr](must(a.Attr("ctypes")), "data")
	require.NoError(t, err)
	assert.Equal(t, uintptr(unsafe.Pointer(&data[0])), address)

	x, y := []float64{1, 2, 3}, []float64{10, 20, 30}
	add := must(must(rt.Import("numpy")).Attr("add"))
	_, err = add.Call(x, y, pybridge.Kw{"out": x})
	require.NoError(t, err)
	assert.Equal(t, []float64{11, 22, 33}, x)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func TestArraysHaveTheTypesOfTheirSlices(t *testing.T) {
	needNumpy(t)
	numpy := must(rt.Import("numpy"))
	require.NoError(t, rt.Set("numpy", numpy))
	describe := eval(t, "lambda a: f'{a.dtype} {a.tolist()} {type(a[0]) is getattr(numpy, str(a.dtype), numpy.bool_)}'")
	for _, test := range []struct {
		name string
		in   any
		want string
	}{
		{"bool", []bool{true, false}, "bool [True, False] True"},
		{"int", []int{-1, 2}, "int64 [-1, 2] True"},
		{"int8", []int8{-1}, "int8 [-1] True"},
		{"int16", []int16{-1}, "int16 [-1] True"},
		{"int32", []int32{-1}, "int32 [-1] True"},
		{"int64", []int64{-1}, "int64 [-1] True"},
		{"uint", []uint{1}, "uint64 [1] True"},
		{"uint16", []uint16{1}, "uint16 [1] True"},
		{"uint32", []uint32{1}, "uint32 [1] True"},
		{"uint64", []uint64{1 << 63}, "uint64 [9223372036854775808] True"},
		{"float32", []float32{0.5}, "float32 [0.5] True"},
		{"float64", []float64{0.5}, "float64 [0.5] True"},
		{"complex64", []complex64{1 + 2i}, "complex64 [(1+2j)] True"},
		{"complex128", []complex128{1 + 2i}, "complex128 [(1+2j)] True"},
		{"named", []celsius{1}, "float64 [1.0] True"},
		{"array", [2]float64{1, 2}, "float64 [1.0, 2.0] True"},
		{"array by pointer", &[2]int{1, 2}, "int64 [1, 2] True"},
		{"bytes as numbers", pybridge.Array{Data: []byte{1, 2}}, "uint8 [1, 2] True"},
		{"matrix", [][]int{{1, 2}, {3, 4}}, "int64 [[1, 2], [3, 4]] False"},
		{"shape", pybridge.Array{Data: []float64{1, 2, 3, 4}, Shape: []int{2, 2}}, "float64 [[1.0, 2.0], [3.0, 4.0]] False"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := pybridge.CallAs[string](describe, test.in)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
	assert.Equal(t, "(0,) float32", must(pybridge.CallAs[string](eval(t, "lambda a: f'{a.shape} {a.dtype}'"), []float32{})))
	assert.Equal(t, "(0,) int64", must(pybridge.CallAs[string](eval(t, "lambda a: f'{a.shape} {a.dtype}'"), []int(nil))))
	assert.Equal(t, "[[1], [2, 3]]", must(pybridge.CallAs[string](eval(t, "lambda a: repr([x.tolist() for x in a])"), [][]int{{1}, {2, 3}})))
}

func TestReadOnlyArrays(t *testing.T) {
	needNumpy(t)
	a, err := rt.Of(pybridge.Array{Data: []int{1, 2}, ReadOnly: true})
	require.NoError(t, err)
	err = a.SetIndex(5, 0)
	assert.EqualError(t, err, "ValueError: assignment destination is read-only")
}

func TestWithoutNumpySlicesAreMemoryviews(t *testing.T) {
	out, errs, code := scenario(t, "memoryview")
	require.Zero(t, code, errs)
	assert.Equal(t, "memoryview d [1.0, 2.0]\n", out)
}

func memoryviewScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	if err := r.Exec("import sys; sys.modules['numpy'] = None"); err != nil { // as if it were not there
		return err
	}
	f, err := r.Eval("lambda m: print(type(m).__name__, m.format, m.tolist())")
	if err != nil {
		return err
	}
	_, err = f.Call([]float64{1, 2})
	return err
}

// A slice is pinned as long as Python holds an array over it, and not longer.
func TestSlicesLiveAsLongAsTheirArrays(t *testing.T) {
	freed := make(chan struct{})
	func() {
		data := make([]float64, 1000)
		for i := range data {
			data[i] = float64(i)
		}
		runtime.AddCleanup(&data[0], func(struct{}) { close(freed) }, struct{}{})
		require.NoError(t, rt.Set("kept", data))
	}()
	for range 10 {
		runtime.GC()
	}
	assert.Equal(t, 499500.0, as[float64](t, "float(sum(kept))"), "the memory is still there")
	select {
	case <-freed:
		t.Fatal("freed while Python holds it")
	default:
	}
	require.NoError(t, rt.Set("kept", nil))
	execute(t, "import gc")
	require.Eventually(t, func() bool {
		execute(t, "gc.collect()") // builds without the GIL may leave it to their collector
		runtime.GC()
		select {
		case <-freed:
			return true
		default:
			return false
		}
	}, 10*time.Second, 10*time.Millisecond)
}

func TestViewsShareMemory(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy\narr = numpy.arange(6, dtype='float32').reshape(2, 3)")
	v, err := pybridge.OpenView[float32](eval(t, "arr"))
	require.NoError(t, err)
	defer v.Close()
	assert.Equal(t, []int{2, 3}, v.Shape())
	assert.Equal(t, []int{12, 4}, v.Strides())
	assert.False(t, v.ReadOnly())
	assert.Equal(t, 6, v.Len())
	assert.Equal(t, float32(5), v.At(1, 2))
	v.Set(50, 1, 2)
	assert.Equal(t, 50.0, as[float64](t, "float(arr[1, 2])"))
	s, err := v.Slice()
	require.NoError(t, err)
	s[0] = 7
	assert.Equal(t, 7.0, as[float64](t, "float(arr[0, 0])"))
	execute(t, "arr[0, 1] = 9")
	assert.Equal(t, float32(9), s[1])
	assert.Panics(t, func() { v.At(2, 0) })
	assert.Panics(t, func() { v.At(0) })
	assert.Panics(t, func() { v.At(-1, 0) })
	v.Close()
	assert.Panics(t, func() { v.At(0, 0) })
}

func TestViewsOfEveryLayout(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy\nbase = numpy.arange(12, dtype='int64').reshape(3, 4)")
	for _, test := range []struct {
		name, source string
		want         []int64
		slice        error
	}{
		{"order of C", "base", []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, nil},
		{"row", "base[1]", []int64{4, 5, 6, 7}, nil},
		{"column", "base[:, 1]", []int64{1, 5, 9}, pybridge.ErrNotContiguous},
		{"transposed", "base.T", []int64{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}, pybridge.ErrNotContiguous},
		{"order of Fortran", "numpy.asfortranarray(base)", []int64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}, pybridge.ErrNotContiguous},
		{"backwards", "base[::-2, 3]", []int64{11, 3}, pybridge.ErrNotContiguous},
		{"empty", "base[:0]", nil, nil},
		{"no dimensions", "numpy.array(5)", []int64{5}, nil},
		{"one by one", "base[:1, :1]", []int64{0}, nil},
		{"read-only", "numpy.broadcast_to(numpy.int64(3), (2,))", []int64{3, 3}, pybridge.ErrReadOnly},
		{"memoryview", "memoryview(__import__('array').array('q', [1, 2]))", []int64{1, 2}, nil},
		{"array.array", "__import__('array').array('l', [1, 2])", []int64{1, 2}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, err := pybridge.OpenView[int64](eval(t, test.source))
			require.NoError(t, err)
			defer v.Close()
			assert.Equal(t, len(test.want), v.Len())
			assert.ElementsMatch(t, test.want, v.Copy())
			if len(test.want) > 0 {
				assert.Equal(t, test.want, v.Copy())
			}
			_, err = v.Slice()
			assert.ErrorIs(t, err, test.slice)
		})
	}
}

func TestViewsRefuseOtherElements(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy")
	for _, test := range []struct{ name, source, want string }{
		{"type", "numpy.zeros(2, 'float32')", "the elements are float32, not float64"},
		{"byte order", "numpy.zeros(2, '>f8')", "another machine's order"},
		{"objects", "numpy.array([None])", `format "O" have no type in Go`},
		{"no buffer", "[1.0]", "a bytes-like object is required"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := pybridge.OpenView[float64](eval(t, test.source))
			require.Error(t, err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
	v, err := pybridge.OpenView[byte](eval(t, "b'ab'"))
	require.NoError(t, err)
	defer v.Close()
	assert.Panics(t, func() { v.Set(1, 0) })
	_, err = v.Slice()
	assert.ErrorIs(t, err, pybridge.ErrReadOnly)
	s, err := v.SliceForReading()
	require.NoError(t, err)
	assert.Equal(t, []byte("ab"), s)
}

func TestArraysOfEveryShape(t *testing.T) {
	needNumpy(t)
	data := []float64{0, 1, 2, 3, 4, 5}
	describe := eval(t, "lambda a: f'{a.shape} {a.strides} {a.tolist()} C={a.flags.c_contiguous} F={a.flags.f_contiguous}'")
	for _, test := range []struct {
		name string
		in   pybridge.Array
		want string
	}{
		{"order of C", pybridge.Array{Shape: []int{2, 3}}, "(2, 3) (24, 8) [[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]] C=True F=False"},
		{"order of Fortran", pybridge.Array{Shape: []int{2, 3}, Strides: []int{1, 2}},
			"(2, 3) (8, 16) [[0.0, 2.0, 4.0], [1.0, 3.0, 5.0]] C=False F=True"},
		{"rows apart", pybridge.Array{Shape: []int{2, 2}, Strides: []int{3, 1}}, "(2, 2) (24, 8) [[0.0, 1.0], [3.0, 4.0]] C=False F=False"},
		{"backwards", pybridge.Array{Shape: []int{3}, Strides: []int{-2}, Offset: 5}, "(3,) (-16,) [5.0, 3.0, 1.0] C=False F=False"},
		{"again and again", pybridge.Array{Shape: []int{3}, Strides: []int{0}, Offset: 4}, "(3,) (0,) [4.0, 4.0, 4.0] C=False F=False"},
		{"three dimensions", pybridge.Array{Shape: []int{1, 2, 3}},
			"(1, 2, 3) (48, 24, 8) [[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]]] C=True F=False"},
		{"nothing", pybridge.Array{Data: []float64{}, Shape: []int{0, 3}}, "(0, 3) (24, 8) [] C=True F=True"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.in.Data == nil {
				test.in.Data = data
			}
			got, err := pybridge.CallAs[string](describe, test.in)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
	scalar, err := rt.Of(pybridge.Array{Data: data[3:4], Shape: []int{}})
	require.NoError(t, err)
	assert.Equal(t, "()", must(pybridge.ChainAs[string](scalar.Chain().Attr("shape").Method("__str__"))))
	require.NoError(t, scalar.SetIndex(30, pybridge.Ellipsis))
	assert.Equal(t, 30.0, data[3])
}

func TestArraysStayWithinTheirMemory(t *testing.T) {
	data := make([]float64, 6)
	for _, test := range []struct {
		name string
		in   pybridge.Array
		want string
	}{
		{"too large", pybridge.Array{Shape: []int{2, 4}}, "needs 8 elements, not 6"},
		{"negative", pybridge.Array{Shape: []int{-2, -3}}, "shape [-2 -3]"},
		{"too far", pybridge.Array{Shape: []int{2, 3}, Strides: []int{4, 1}}, "goes from element 0 to 6 of 6"},
		{"before the first", pybridge.Array{Shape: []int{3}, Strides: []int{-1}, Offset: 1}, "goes from element -1 to 1 of 6"},
		{"other dimensions", pybridge.Array{Shape: []int{3}, Strides: []int{1, 1}}, "shape [3] with strides [1 1]"},
		{"no shape", pybridge.Array{Strides: []int{1}}, "needs a shape"},
		{"no strides", pybridge.Array{Shape: []int{5}, Offset: 1}, "needs strides"},
		{"no slice", pybridge.Array{Data: 5}, "needs a slice, not int"},
		{"pointers", pybridge.Array{Data: []struct{ P *int }{}}, "field P: a *int is no element of an array"},
		{"hidden pointers", pybridge.Array{Data: []struct {
			X int
			p []int
		}{}}, "field p: a []int is no element of an array"},
		{"no fields", pybridge.Array{Data: []struct{}{}}, "it has no fields"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.in.Data == nil {
				test.in.Data = data
			}
			_, err := rt.Of(test.in)
			require.Error(t, err)
			assert.Contains(t, err.Error(), test.want)
		})
	}
}

// What numpy does not ask for itself: memory that has gaps is not given to those who expect none.
func TestMemoryWithGapsIsNotTakenForWhole(t *testing.T) {
	needNumpy(t)
	execute(t, "import hashlib")
	_, err := eval(t, "lambda a: hashlib.sha256(a.base if a.base is not None else a)").
		Call(pybridge.Array{Data: make([]byte, 6), Shape: []int{3}, Strides: []int{2}})
	assert.ErrorContains(t, err, "BufferError")
	copied, err := pybridge.CallAs[[]byte](eval(t, "lambda a: a.tobytes()"), pybridge.Array{Data: []byte{1, 2, 3, 4, 5, 6}, Shape: []int{3}, Strides: []int{2}})
	require.NoError(t, err)
	assert.Equal(t, []byte{1, 3, 5}, copied)
}

// dense is a matrix as gonum has it.
type dense struct {
	rows, columns, stride int
	data                  []float64
}

func (d *dense) Dims() (rows, columns int) { return d.rows, d.columns }
func (d *dense) RawRowView(i int) []float64 {
	return d.data[i*d.stride : i*d.stride+d.columns]
}

func TestMatricesShareMemory(t *testing.T) {
	needNumpy(t)
	for _, m := range []*dense{
		{2, 3, 3, []float64{1, 2, 3, 4, 5, 6}},
		{2, 2, 3, []float64{1, 2, 3, 4, 5, 6}},
		{1, 3, 5, []float64{1, 2, 3}},
		{3, 1, 2, []float64{1, 2, 3, 4, 5}},
	} {
		a, err := rt.Of(m)
		require.NoError(t, err)
		require.NoError(t, a.SetIndex(70, m.rows-1, m.columns-1))
		assert.Equal(t, 70.0, m.RawRowView(m.rows - 1)[m.columns-1])

		v, err := pybridge.OpenView[float64](a)
		require.NoError(t, err)
		data, rows, columns, stride, err := v.Matrix()
		require.NoError(t, err)
		back := &dense{rows, columns, stride, data}
		assert.Same(t, &m.data[0], &back.data[0])
		assert.Equal(t, m.rows, back.rows)
		for i := range m.rows {
			assert.Equal(t, m.RawRowView(i), back.RawRowView(i))
		}
		v.Close()
	}
	empty, err := rt.Of(&dense{0, 3, 3, nil})
	require.NoError(t, err)
	assert.Equal(t, "array([], shape=(0, 3), dtype=float64)", must(empty.Repr()))
	assert.True(t, must(rt.Of((*dense)(nil))).IsNone())
}

// scattered has rows that do not stand in one block.
type scattered [][]float64

func (s scattered) Dims() (rows, columns int)  { return len(s), len(s[0]) }
func (s scattered) RawRowView(i int) []float64 { return s[i] }

func TestScatteredMatricesAreCopied(t *testing.T) {
	needNumpy(t)
	rows := [][]float64{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {0, 2, 1}} {
		m := scattered{rows[order[0]], rows[order[1]], rows[order[2]]}
		got, err := pybridge.CallAs[[][]float64](eval(t, "lambda a: a.tolist()"), m)
		require.NoError(t, err)
		assert.Equal(t, [][]float64(m), got)
	}
}

func TestMatrixOfViews(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy\nbase = numpy.arange(12.0).reshape(3, 4)")
	for _, test := range []struct {
		name, source          string
		rows, columns, stride int
		last                  float64
		err                   error
	}{
		{"whole", "base", 3, 4, 4, 11, nil},
		{"columns", "base[:, 1:3]", 3, 2, 4, 10, nil},
		{"every other row", "base[::2]", 2, 4, 8, 11, nil},
		{"order of Fortran, transposed", "numpy.asfortranarray(base).T", 4, 3, 3, 11, nil},
		{"order of Fortran", "numpy.asfortranarray(base)", 0, 0, 0, 0, pybridge.ErrNotContiguous},
		{"backwards", "base[::-1]", 0, 0, 0, 0, pybridge.ErrNotContiguous},
		{"read-only", "numpy.broadcast_to(1.0, (2, 2))", 0, 0, 0, 0, pybridge.ErrReadOnly},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, err := pybridge.OpenView[float64](eval(t, test.source))
			require.NoError(t, err)
			defer v.Close()
			data, rows, columns, stride, err := v.Matrix()
			require.ErrorIs(t, err, test.err)
			assert.Equal(t, []int{test.rows, test.columns, test.stride}, []int{rows, columns, stride})
			if err == nil {
				assert.Equal(t, test.last, data[(rows-1)*stride+columns-1])
				assert.Len(t, data, (rows-1)*stride+columns)
			}
		})
	}
	v, err := pybridge.OpenView[float64](eval(t, "base[0]"))
	require.NoError(t, err)
	_, _, _, _, err = v.Matrix()
	assert.EqualError(t, err, "the array has 1 dimensions, a matrix has 2")
}

func TestArraysAreCopiedIntoSlices(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy")
	assert.Equal(t, []float64{0, 1, 2}, as[[]float64](t, "numpy.arange(3.0)"))
	assert.Equal(t, []int{0, 1, 2}, as[[]int](t, "numpy.arange(3, dtype='int16')"))
	assert.Equal(t, []float64{0, 1}, as[[]float64](t, "numpy.arange(2)"))
	assert.Equal(t, [][]int64{{0, 1}, {2, 3}}, as[[][]int64](t, "numpy.arange(4).reshape(2, 2)"))
	assert.Equal(t, [][]int64{{0, 2}, {1, 3}}, as[[][]int64](t, "numpy.arange(4).reshape(2, 2).T"))
	assert.Equal(t, []float64{1, 2}, as[[]float64](t, "numpy.array([1, 2], '>f8')"), "copied through Python")
	assert.Equal(t, []any{1, "x", nil}, as[[]any](t, "numpy.array([1, 'x', None], object)"))
	assert.Equal(t, []string{"a", "bc"}, as[[]string](t, "numpy.array(['a', 'bc'])"))
	assert.Equal(t, []bool{true, false}, as[[]bool](t, "numpy.array([True, False])"))
	assert.Equal(t, []float32{0.5, -2, 65504, 1.0 / (1 << 24), float32(math.Inf(-1))},
		as[[]float32](t, "numpy.array([0.5, -2, 65504, 2**-24, -numpy.inf], 'float16')"))
	assert.True(t, math.IsNaN(as[[]float64](t, "numpy.array([numpy.nan], 'float16')")[0]))
	assert.Equal(t, [][]int32{{1, -2}, {3, 4}}, as[[][]int32](t, "numpy.array([[1, -2], [3, 4]], '>i4')"))
	assert.Equal(t, []complex64{1 + 2i}, as[[]complex64](t, "numpy.array([1+2j], '>c8')"))
	assert.Equal(t, []any{1, 2}, as[[]any](t, "numpy.array([1, 2], 'int16')"), "as single numbers")
	assert.Equal(t, []any{0.5}, as[[]any](t, "numpy.array([0.5], 'float32')"))
	assert.Equal(t, []string{"é", "", "𝄞x"}, as[[]string](t, "numpy.array(['é', '', '𝄞x'], '>U2')"))
	assert.Equal(t, []string{"ab", "c"}, as[[]string](t, "numpy.array([b'ab', b'c'])"))
	assert.Equal(t, []complex128{1 + 2i}, as[[]complex128](t, "numpy.array([1+2j])"))
	assert.Equal(t, []int{}, as[[]int](t, "numpy.array([], int)"))
	assert.Equal(t, []byte{1, 2}, as[[]byte](t, "numpy.array([1, 2], 'uint8')"))
	assert.Equal(t, 5.0, as[float64](t, "numpy.array(5.0)"))
	assert.Equal(t, 5, as[int](t, "numpy.array(5)"))
	_, err := pybridge.As[[]int8](eval(t, "numpy.array([1, 300])"))
	assert.EqualError(t, err, "[1]: 300 does not fit into int8")
	_, err = pybridge.As[[]int](eval(t, "numpy.zeros((2, 2), int)"))
	assert.ErrorContains(t, err, "2 dimensions")
	_, err = pybridge.As[int](eval(t, "numpy.zeros(3, int)"))
	assert.EqualError(t, err, "want int, got ndarray")
}

func TestNumpyScalars(t *testing.T) {
	needNumpy(t)
	execute(t, "import numpy")
	assert.Equal(t, 3, as[any](t, "numpy.int8(3)"))
	assert.Equal(t, 3, as[int](t, "numpy.uint64(3)"))
	assert.Equal(t, 0.5, as[any](t, "numpy.float16(0.5)"))
	assert.Equal(t, 0.5, as[any](t, "numpy.float64(0.5)"))
	assert.Equal(t, float32(0.5), as[float32](t, "numpy.float32(0.5)"))
	assert.Equal(t, true, as[any](t, "numpy.bool_(True)"))
	assert.Equal(t, true, as[bool](t, "numpy.bool_(True)"))
	assert.Equal(t, 1+2i, as[any](t, "numpy.complex64(1+2j)"))
	assert.Equal(t, "x", as[any](t, "numpy.str_('x')"))
	assert.Equal(t, []any{1, 2.5}, as[any](t, "[numpy.int32(1), numpy.float32(2.5)]"))
	assert.IsType(t, (*pybridge.Object)(nil), as[any](t, "numpy.longdouble(1)"))
}

func TestBigSlicesCrossWithoutACopy(t *testing.T) {
	needNumpy(t)
	data := make([]float64, 10_000_000)
	data[len(data)-1] = 5
	identity := eval(t, "lambda a: a")
	a, err := identity.Call(data)
	require.NoError(t, err)
	v, err := pybridge.OpenView[float64](a)
	require.NoError(t, err)
	defer v.Close()
	s, err := v.Slice()
	require.NoError(t, err)
	assert.Same(t, &data[0], &s[0])
	assert.Len(t, s, len(data))
}

// Slices come and go in Python while Go's collector runs as often as it can: what Python still holds must
// stay what it is.
func TestSlicesAreSafeFromTheCollector(t *testing.T) {
	needNumpy(t)
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	execute(t, `
def exchange(kept, i, new):
    old, kept[i] = kept[i], new
    return None if old is None else float(old.sum() - len(old) * old[0])
`)
	exchange := eval(t, "exchange")
	inParallel(t, 4, func(seed int) error {
		random := rand.New(rand.NewPCG(uint64(seed), 1))
		kept, err := eval(t, "lambda: [None] * 16").Call()
		if err != nil {
			return err
		}
		for range 500 {
			data := make([]float64, 1+random.IntN(3000))
			for i := range data {
				data[i] = float64(seed + 1)
			}
			difference, err := pybridge.CallAs[*float64](exchange, kept, random.IntN(16), data)
			if err != nil {
				return err
			}
			if difference != nil && *difference != 0 {
				return fmt.Errorf("an array has changed by %v", *difference)
			}
		}
		return nil
	})
}
