package pybridge_test

import (
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/require"
)

// cpython measures a loop of CPython over a statement, in this process, in ns a turn.
func cpython(b *testing.B, setup, statement string) float64 {
	b.Helper()
	execute(b, `
import time
def bench_loop(setup, statement, n=200000, repeat=5):
    body = "\n".join("  " + line for line in statement.split("\n"))
    space = {}
    exec(f"def run(n):\n {setup}\n start = time()\n for i in range(1000, 1000 + n):\n{body}\n return time() - start",
         {"time": time.perf_counter}, space)
    return min(space["run"](n) for _ in range(repeat)) / n * 1e9
`)
	ns, err := pybridge.CallAs[float64](eval(b, "bench_loop"), setup, statement)
	require.NoError(b, err)
	return ns
}

// besideCPython reports a benchmark as a ratio to what CPython needs for the same in its own loop.
func besideCPython(b *testing.B, setup, statement string, f func()) {
	base := cpython(b, setup, statement)
	b.ReportAllocs()
	start := time.Now()
	for b.Loop() {
		f()
	}
	took := float64(time.Since(start).Nanoseconds()) / float64(b.N)
	b.ReportMetric(base, "cpython-ns/op")
	b.ReportMetric(took/base, "x-cpython")
}

func function(b *testing.B, name, source string) *pybridge.Object {
	b.Helper()
	require.NoError(b, rt.Exec(source))
	f, err := rt.Get(name)
	require.NoError(b, err)
	return f
}

func held(b *testing.B, f func()) {
	require.NoError(b, rt.Hold(func() error { f(); return nil }))
}

func BenchmarkCallNothing(b *testing.B) {
	f := function(b, "bench_nothing", "def bench_nothing(): pass")
	call := func() { _, _ = f.Call() }
	b.Run("released", func(b *testing.B) {
		besideCPython(b, "from __main__ import bench_nothing as f", "f()", call)
	})
	b.Run("held", func(b *testing.B) {
		held(b, func() { besideCPython(b, "from __main__ import bench_nothing as f", "f()", call) })
	})
}

func BenchmarkStr(b *testing.B) {
	f, err := rt.Get("str")
	require.NoError(b, err)
	i := 0
	call := func() { i++; _, _ = pybridge.CallAs[string](f, 1000+i&0xfffff) }
	b.Run("released", func(b *testing.B) { besideCPython(b, "pass", "str(i)", call) })
	b.Run("held", func(b *testing.B) { held(b, func() { besideCPython(b, "pass", "str(i)", call) }) })
}

func BenchmarkMethod(b *testing.B) {
	list := function(b, "bench_list", "bench_list = [1, 2, 3]")
	besideCPython(b, "l = [1, 2, 3]", "l.count(2)", func() { _, _ = pybridge.MethodAs[int](list, "count", 2) })
}

func BenchmarkAttr(b *testing.B) {
	o := function(b, "bench_point", "class BenchPoint: x = 1.5\nbench_point = BenchPoint()")
	besideCPython(b, "from __main__ import bench_point as p", "p.x", func() { _, _ = pybridge.AttrAs[float64](o, "x") })
}

func BenchmarkKeywords(b *testing.B) {
	f := function(b, "bench_kw", "def bench_kw(a, b=1, c=2): return a")
	kw := pybridge.Kw{"b": 3, "c": 4}
	besideCPython(b, "from __main__ import bench_kw as f", "f(1, b=3, c=4)", func() { _, _ = pybridge.CallAs[int](f, 1, kw) })
}

func BenchmarkObject(b *testing.B) {
	f := function(b, "bench_object", "def bench_object(): return []")
	besideCPython(b, "from __main__ import bench_object as f", "f()", func() { _, _ = f.Call() })
}

func BenchmarkException(b *testing.B) {
	f := function(b, "bench_raise", "def bench_raise(): raise ValueError('no')")
	besideCPython(b, "from __main__ import bench_raise as f", "try: f()\nexcept ValueError: pass", func() { _, _ = f.Call() })
}

func BenchmarkCallback(b *testing.B) {
	apply := function(b, "bench_apply", "def bench_apply(f, n):\n    for _ in range(n): f(1.5)")
	g, err := rt.Of(func(x float64) float64 { return x + 1 })
	require.NoError(b, err)
	base := cpython(b, "f = lambda x: x + 1", "f(1.5)")
	b.ReportAllocs()
	start := time.Now()
	n := 0
	for b.Loop() {
		_, err := apply.Call(g, 1000)
		require.NoError(b, err)
		n += 1000
	}
	b.ReportMetric(float64(time.Since(start).Nanoseconds())/float64(n), "ns/callback")
	b.ReportMetric(base, "cpython-ns/op")
}

func BenchmarkFloats(b *testing.B) {
	list := function(b, "bench_floats", "bench_floats = [float(i) for i in range(1000000)]")
	b.Run("list of a million to Go", func(b *testing.B) {
		for b.Loop() {
			v, err := pybridge.As[[]float64](list)
			require.NoError(b, err)
			require.Len(b, v, 1000000)
		}
	})
	values := make([]any, 1000)
	for i := range values {
		values[i] = i + 1000
	}
	length, err := rt.Get("len")
	require.NoError(b, err)
	b.Run("list of a thousand to Python", func(b *testing.B) {
		besideCPython(b, "r = range(1000, 2000)", "list(r)", func() { _, _ = pybridge.CallAs[int](length, values) })
	})
}

func BenchmarkArray(b *testing.B) {
	data := make([]float64, 1_000_000)
	f := function(b, "bench_len", "bench_len = len")
	b.Run("slice to ndarray", func(b *testing.B) {
		besideCPython(b, "import numpy, array; a = array.array('d', [1])", "len(numpy.asarray(a))", func() { _, _ = pybridge.CallAs[int](f, data) })
	})
}

func BenchmarkView(b *testing.B) {
	array, err := rt.Of(make([]float64, 100_000_000))
	require.NoError(b, err)
	for b.Loop() {
		v, err := pybridge.OpenView[float64](array)
		require.NoError(b, err)
		v.Close()
	}
}

// BenchmarkInterrupt measures from the interrupt of a loop to the error in Go.
func BenchmarkInterrupt(b *testing.B) {
	var start time.Time
	require.NoError(b, rt.Set("ready", func() {
		go func() {
			start = time.Now()
			rt.Interrupt()
		}()
	}))
	total := time.Duration(0)
	for b.Loop() {
		onMain(b, func() error {
			if err := rt.Exec("ready()\nwhile True: pass"); err == nil {
				b.Error("not interrupted")
			}
			total += time.Since(start)
			return nil
		})
	}
	b.ReportMetric(float64(total.Microseconds())/float64(b.N), "us/interrupt")
}
