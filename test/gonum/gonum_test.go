package gonum

import (
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"gonum.org/v1/gonum/blas/blas64"
	"gonum.org/v1/gonum/mat"
)

// open starts Python and returns numpy, or skips where there is none.
func open(t *testing.T) (rt *pybridge.Runtime, numpy *pybridge.Object) {
	t.Helper()
	rt, err := pybridge.Open(t.Context(), pybridge.Config{})
	if err != nil {
		t.Skipf("no Python: %v", err)
	}
	numpy, err = rt.Import("numpy")
	if err != nil {
		t.Skipf("no numpy: %v", err)
	}
	return rt, numpy
}

func TestDenseIsAnArray(t *testing.T) {
	_, numpy := open(t)
	whole := mat.NewDense(3, 3, []float64{4, 1, 0, 1, 3, 0, 0, 0, 9})
	for _, m := range []*mat.Dense{whole, whole.Slice(0, 2, 0, 2).(*mat.Dense)} {
		want := mat.Det(m)
		linalg, err := numpy.Attr("linalg")
		if err != nil {
			t.Fatal(err)
		}
		got, err := pybridge.MethodAs[float64](linalg, "det", m)
		if err != nil {
			t.Fatal(err)
		}
		if diff := got - want; diff > 1e-9 || diff < -1e-9 {
			t.Errorf("numpy has the determinant %v, gonum %v", got, want)
		}
		if _, err := numpy.Method("multiply", m, 2, pybridge.Kw{"out": m}); err != nil {
			t.Fatal(err)
		}
	}
	if whole.At(2, 2) != 18 || whole.At(0, 0) != 16 || whole.At(0, 2) != 0 {
		t.Errorf("numpy wrote nothing, or elsewhere: %v", mat.Formatted(whole))
	}
}

func TestArrayIsADense(t *testing.T) {
	_, numpy := open(t)
	for _, columns := range []int{4, 3} {
		o, err := numpy.Chain().Method("arange", 12.0).Method("reshape", 3, 4).Index(pybridge.Ellipsis, pybridge.Slice{Stop: columns}).Object()
		if err != nil {
			t.Fatal(err)
		}
		v, err := pybridge.OpenView[float64](o)
		if err != nil {
			t.Fatal(err)
		}
		data, rows, cols, stride, err := v.Matrix()
		if err != nil {
			t.Fatal(err)
		}
		var m mat.Dense
		m.SetRawMatrix(blas64.General{Rows: rows, Cols: cols, Stride: stride, Data: data})
		m.Scale(10, &m)
		got, err := pybridge.ChainAs[float64](o.Chain().Index(2, columns-1))
		if err != nil {
			t.Fatal(err)
		}
		if want := float64(80 + 10*(columns-1)); got != want {
			t.Errorf("numpy has %v, gonum wrote %v", got, want)
		}
		v.Close()
	}
}
