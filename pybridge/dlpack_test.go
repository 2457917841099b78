package pybridge_test

import (
	"testing"
	"time"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Tensor speaks DLPack and lends no buffer, as torch's does. Old is one of before version 1.
const tensorSource = `
import numpy, gc, weakref
class Tensor:
    def __init__(self, array): self.array = array
    def __dlpack__(self, *, stream=None, max_version=None, **kw):
        if hasattr(numpy.ndarray, "__dlpack__"):
            try:
                return self.array.__dlpack__(max_version=max_version)
            except TypeError: pass
        return self.array.__dlpack__()
    def __dlpack_device__(self): return self.array.__dlpack_device__()
class Old(Tensor):
    def __dlpack__(self, stream=None): return self.array.__dlpack__()
base = numpy.arange(12.0).reshape(3, 4)
`

func TestTensorsShareMemory(t *testing.T) {
	needNumpy(t)
	execute(t, tensorSource)
	if !as[bool](t, "hasattr(numpy.ndarray, '__dlpack__')") {
		t.Skip("this numpy is older than DLPack")
	}
	for _, class := range []string{"Tensor", "Old"} {
		for _, test := range []struct {
			name, array string
			want        []float64
		}{
			{"whole", "base", []float64{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}},
			{"transposed", "base.T", []float64{0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}},
			{"backwards", "base[::-1, 3]", []float64{11, 7, 3}},
			{"no dimensions", "numpy.array(5.0)", []float64{5}},
			{"nothing", "base[:0]", []float64{}},
		} {
			t.Run(class+", "+test.name, func(t *testing.T) {
				v, err := pybridge.OpenView[float64](eval(t, class+"("+test.array+")"))
				require.NoError(t, err)
				defer v.Close()
				assert.Equal(t, test.want, append([]float64{}, v.Copy()...))
			})
		}
		v, err := pybridge.OpenView[float64](eval(t, class+"(base)"))
		require.NoError(t, err)
		v.Set(50, 1, 1)
		assert.Equal(t, 50.0, as[float64](t, "float(base[1, 1])"))
		v.Set(5, 1, 1)
		v.Close()
	}
	assert.Equal(t, []int16{1, -2}, as[[]int16](t, "Tensor(numpy.array([1, -2], 'int16'))"))
	assert.Equal(t, []complex64{1 + 2i}, as[[]complex64](t, "Tensor(numpy.array([1+2j], 'complex64'))"))
	assert.Equal(t, []float32{0.5}, as[[]float32](t, "Tensor(numpy.array([0.5], 'float16'))"))
}

func TestTensorsLiveAsLongAsTheirViews(t *testing.T) {
	needNumpy(t)
	execute(t, tensorSource+"mine = numpy.arange(3.0)\nalive = weakref.ref(mine)\ntensor = Tensor(mine)\ndel mine")
	tensor := eval(t, "tensor")
	v, err := pybridge.OpenView[float64](tensor)
	require.NoError(t, err)
	tensor.Close()
	execute(t, "del tensor; gc.collect()")
	assert.Equal(t, []float64{0, 1, 2}, v.Copy())
	assert.True(t, as[bool](t, "alive() is not None"))
	v.Close()
	execute(t, "gc.collect()")
	assert.True(t, as[bool](t, "alive() is None"))
}

func TestTensorsThatGoCannotUse(t *testing.T) {
	needNumpy(t)
	execute(t, tensorSource+`
import ctypes
class Elsewhere:
    "A tensor of 32-bit floats on a GPU, as far as it says."
    def __init__(self, device=2, code=2, bits=32, lanes=1):
        self.shape = (ctypes.c_int64 * 1)(2)
        self.memory = (ctypes.c_uint8 * 64)()
        fields = [("data", ctypes.c_void_p), ("device", ctypes.c_int32), ("id", ctypes.c_int32), ("ndim", ctypes.c_int32),
            ("code", ctypes.c_uint8), ("bits", ctypes.c_uint8), ("lanes", ctypes.c_uint16), ("shape", ctypes.c_void_p),
            ("strides", ctypes.c_void_p), ("offset", ctypes.c_uint64), ("context", ctypes.c_void_p), ("deleter", ctypes.c_void_p)]
        self.tensor = type("Managed", (ctypes.Structure,), {"_fields_": fields})(ctypes.addressof(self.memory), device, 0, 1, code,
            bits, lanes, ctypes.addressof(self.shape), None, 0, None, None)
    def __dlpack__(self, stream=None):
        new = ctypes.pythonapi.PyCapsule_New
        new.restype, new.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
        return new(ctypes.addressof(self.tensor), b"dltensor", None)
class Broken:
    def __dlpack__(self, **kw): raise RuntimeError("requires grad")
`)
	for _, test := range []struct{ source, want string }{
		{"Elsewhere()", "BufferError: its memory is on another device (of DLPack's type 2): move it to the CPU first"},
		{"Elsewhere(device=1, code=4, bits=16)", "BufferError: Go has no type for its elements (DLPack's type 4 with 16 bits)"},
		{"Elsewhere(device=1, lanes=4)", "BufferError: Go has no type for its elements (DLPack's type 2 with 32 bits)"},
		{"Broken()", "RuntimeError: requires grad"},
		{"object()", "TypeError: a bytes-like object is required, not 'object'"},
	} {
		_, err := pybridge.OpenView[float32](eval(t, test.source))
		assert.EqualError(t, err, test.want)
	}
	v, err := pybridge.OpenView[float32](eval(t, "(keep := Elsewhere(device=1))"))
	require.NoError(t, err)
	assert.Equal(t, []float32{0, 0}, v.Copy())
	v.Close()
}

// The other way round a slice is an array of numpy, which speaks DLPack itself.
func TestSlicesAreTensors(t *testing.T) {
	needNumpy(t)
	if !as[bool](t, "hasattr(__import__('numpy'), 'from_dlpack')") {
		t.Skip("this numpy is older than DLPack")
	}
	data := []float32{1, 2, 3}
	execute(t, "import numpy")
	_, err := eval(t, "lambda a: numpy.negative(a, out=numpy.from_dlpack(a)) if numpy.from_dlpack(a).flags.writeable else a.__imul__(-1)").Call(data)
	require.NoError(t, err)
	assert.Equal(t, []float32{-1, -2, -3}, data)
}

func TestTensorsOfJax(t *testing.T) {
	needModule(t, "jax")
	execute(t, "import jax.numpy, jax.dlpack")
	v, err := pybridge.OpenView[float32](eval(t, "(tensor := jax.numpy.arange(6.0).reshape(2, 3))"))
	require.NoError(t, err)
	defer v.Close()
	assert.Equal(t, []int{2, 3}, v.Shape())
	assert.Equal(t, []float32{0, 1, 2, 3, 4, 5}, v.Copy())
	sum, err := pybridge.CallAs[float64](eval(t, "lambda a: float(jax.dlpack.from_dlpack(a).sum())"), []float32{1, 2, 3.5})
	require.NoError(t, err)
	assert.Equal(t, 6.5, sum)
}

// jax takes memory as it is where it stands at a multiple of 64 bytes, as large slices do.
func TestArraysOfJaxShareMemory(t *testing.T) {
	needModule(t, "jax")
	execute(t, "import jax.numpy, jax.dlpack, gc")
	array := eval(t, "(whole := jax.numpy.arange(1000, dtype='int32'))")
	v, err := pybridge.OpenView[int32](array)
	require.NoError(t, err)
	numbers, err := v.SliceForReading()
	require.NoError(t, err)
	assert.Equal(t, as[uint64](t, "whole.unsafe_buffer_pointer()"), uint64(uintptr(unsafe.Pointer(&numbers[0]))))
	assert.True(t, v.ReadOnly(), "arrays of jax never change")
	array.Close()
	execute(t, "del whole; gc.collect()")
	assert.Equal(t, int32(999), numbers[999], "the view keeps the array")
	v.Close()

	held := rt.Held()
	data := make([]float32, 1<<16)
	data[1] = 0.5
	shared, err := eval(t, "jax.dlpack.from_dlpack").Call(data)
	require.NoError(t, err)
	address, err := shared.Method("unsafe_buffer_pointer")
	require.NoError(t, err)
	assert.Equal(t, uint64(uintptr(unsafe.Pointer(&data[0]))), must(pybridge.As[uint64](address)))
	assert.Greater(t, rt.Held(), held, "the slice stays while jax has it")
	sum, err := pybridge.CallAs[float64](eval(t, "lambda a: float(jax.jit(lambda x: (2 * x).sum())(a))"), shared)
	require.NoError(t, err)
	assert.Equal(t, 1.0, sum)
	shared.Close()
	require.Eventually(t, func() bool { collect(); execute(t, "gc.collect()"); return rt.Held() <= held }, 10*time.Second, 10*time.Millisecond)
}

// What jax has computed comes back as it is, in each of its types that Go has.
func TestTypesOfJax(t *testing.T) {
	needModule(t, "jax")
	execute(t, "import jax.numpy")
	for _, test := range []struct {
		source string
		want   any
		as     func(*pybridge.Object) (any, error)
	}{
		{"jax.numpy.array([1, -2], 'int8')", []int8{1, -2}, asAny[[]int8]},
		{"jax.numpy.array([1, 2], 'uint32')", []uint32{1, 2}, asAny[[]uint32]},
		{"jax.numpy.array([True, False])", []bool{true, false}, asAny[[]bool]},
		{"jax.numpy.array([1+2j], 'complex64')", []complex64{1 + 2i}, asAny[[]complex64]},
		{"jax.numpy.array([0.5], 'float16')", []float32{0.5}, asAny[[]float32]},
		{"jax.numpy.array([[1., 2.], [3., 4.]]).T", [][]float32{{1, 3}, {2, 4}}, asAny[[][]float32]},
		{"jax.numpy.array([], 'float32')", []float32{}, asAny[[]float32]},
		{"jax.numpy.float32(2.5)", 2.5, asAny[float64]},
		{"jax.numpy.array(7)", 7, asAny[int]},
	} {
		t.Run(test.source, func(t *testing.T) {
			got, err := test.as(eval(t, test.source))
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
	_, err := pybridge.OpenView[float32](eval(t, "jax.numpy.array([0.5], 'bfloat16')"))
	assert.ErrorContains(t, err, "Go has no type for its elements")
}

func asAny[T any](o *pybridge.Object) (any, error) { return pybridge.As[T](o) }
