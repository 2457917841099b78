package pybridge_test

import (
	"context"
	"fmt"
	"io"
	"iter"
	"math/big"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/require"
)

// collect lets garbage Objects be noticed.
func collect() {
	runtime.GC()
	runtime.GC()
}

// unchanged runs f often and wants the counts of references, and of Go values that Python holds, not
// to be above what they were; nor references below what they were when nobody else had any.
func unchanged(t *testing.T, times int, f func()) {
	t.Helper()
	execute(t, "import sys, gc\nprobe = object()\nclass Mark: pass\nmark = Mark()")
	count := eval(t, "lambda: (gc.collect(), sys.getrefcount(probe), sys.getrefcount(mark), sys.getrefcount(Mark))[1:]")
	counts := func() []int {
		collect()
		counts, err := pybridge.CallAs[[]int](count)
		require.NoError(t, err)
		return append(counts, rt.Held())
	}
	least := counts()[:3]
	f() // what is made once only
	before := append(least[:2:2], counts()[2:]...)
	for range times {
		f()
	}
	var now []int
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		now = counts()
		require.True(t, noneAbove(least, now[:3]), "references were %v, and are %v: some were dropped twice", least, now)
		if noneAbove(now, before) {
			return
		}
	}
	t.Fatalf("references and values were %v, and are %v", before, now)
}

func noneAbove(counts, limits []int) bool {
	for i, n := range counts {
		if n > limits[i] {
			return false
		}
	}
	return true
}

func TestNothingLeaks(t *testing.T) {
	execute(t, "class Mark: pass\nmark = Mark(); probe = object()")
	for _, test := range []struct {
		name string
		f    func(t *testing.T)
	}{
		{"objects that are closed", func(t *testing.T) { eval(t, "probe").Close() }},
		{"objects that are forgotten", func(t *testing.T) { eval(t, "[probe, mark]") }},
		{"values out", func(t *testing.T) { as[any](t, "[probe, (mark, {'k': mark}), {1: [mark]}]") }},
		{"attributes", func(t *testing.T) { _, _ = eval(t, "mark").Attr("missing") }},
		{"calls", func(t *testing.T) {
			_, err := eval(t, "lambda *a, **k: a").Call(eval(t, "mark"), []any{eval(t, "probe")}, pybridge.Kw{"k": eval(t, "mark")})
			require.NoError(t, err)
		}},
		{"calls that fail", func(t *testing.T) {
			_, err := eval(t, "lambda a: 1 / 0").Call(eval(t, "mark"))
			require.Error(t, err)
			_, err = eval(t, "lambda a: a").Call(eval(t, "mark"), eval(t, "probe"))
			require.Error(t, err)
		}},
		{"iteration", func(t *testing.T) {
			for range eval(t, "[mark, probe, mark]").Iter() {
				break
			}
		}},
		{"functions", func(t *testing.T) {
			_, err := eval(t, "lambda f, m: f(m, [m])").Call(func(a, b any) any { return a }, eval(t, "mark"))
			require.NoError(t, err)
		}},
		{"functions that fail", func(t *testing.T) {
			_, err := eval(t, "lambda f, m: f(m)").Call(func(a int) {}, eval(t, "mark"))
			require.Error(t, err)
			_, err = eval(t, "lambda f, m: f(m)").Call(func(a any) error { return fmt.Errorf("no") }, eval(t, "mark"))
			require.Error(t, err)
		}},
		{"functions in calls that are not made", func(t *testing.T) {
			_, err := eval(t, "len").Call(func() {}, []int{1}, make(chan<- int))
			require.Error(t, err)
			_, err = rt.Of([]any{pybridge.Dict{{[]any{}, 1}}, func() {}, []int{1, 2}, fmt.Errorf("x")})
			require.Error(t, err)
		}},
		{"slices", func(t *testing.T) {
			_, err := eval(t, "len").Call([]float64{1, 2, 3})
			require.NoError(t, err)
		}},
		{"errors", func(t *testing.T) {
			_, err := eval(t, "str").Call(fmt.Errorf("x"))
			require.NoError(t, err)
		}},
		{"views", func(t *testing.T) {
			v, err := pybridge.OpenView[byte](eval(t, "b'abc'"))
			require.NoError(t, err)
			v.Close()
			_, err = pybridge.OpenView[byte](eval(t, "b'abc'"))
			require.NoError(t, err)
			_, err = pybridge.OpenView[float64](eval(t, "b'abc'"))
			require.Error(t, err)
		}},
		{"tensors", func(t *testing.T) {
			if _, err := rt.Import("numpy"); err != nil {
				t.Skipf("this Python has no numpy: %v", err)
			}
			execute(t, "import numpy\nclass Lent:\n    def __dlpack__(self, **kw):\n        a = numpy.zeros(3); return getattr(a, '__dlpack__', lambda: None)()")
			if v, err := pybridge.OpenView[float64](eval(t, "Lent()")); err == nil {
				v.Close()
			}
			_, err := pybridge.OpenView[int8](eval(t, "Lent()"))
			require.Error(t, err)
		}},
		{"tables", func(t *testing.T) {
			o, err := rt.Of(&pybridge.Table{Columns: []pybridge.Column{{Name: "x", Values: []int{1, 2}}, {Name: "s", Values: []string{"a", "b"}}}})
			require.NoError(t, err)
			_, err = pybridge.ReadTable(o)
			require.NoError(t, err)
			stream, err := o.Method("__arrow_c_stream__") // which nobody reads
			require.NoError(t, err)
			stream.Close()
			_, err = pybridge.ReadTable(eval(t, "probe"))
			require.Error(t, err)
		}},
		{"mapped calls", func(t *testing.T) {
			_, err := pybridge.Map[any](eval(t, "lambda v: [v, mark]"), []any{eval(t, "probe"), 1})
			require.NoError(t, err)
			_, err = pybridge.Map[int](eval(t, "lambda v: v"), []any{1, eval(t, "probe")})
			require.Error(t, err)
			_, err = pybridge.Map[any](eval(t, "lambda f: 1 // 0"), []func(){func() {}, func() {}})
			require.Error(t, err)
		}},
		{"chains", func(t *testing.T) {
			_, err := eval(t, "mark").Chain().Attr("__class__").Call().Object()
			require.NoError(t, err)
			require.Error(t, eval(t, "mark").Chain().Attr("missing").Call(func() {}).Do())
		}},
		{"keywords", func(t *testing.T) {
			_, err := eval(t, "lambda **k: 1 // 0").Call(pybridge.Kw{"a": eval(t, "probe"), "b": func() {}})
			require.Error(t, err)
		}},
		{"bundles", func(t *testing.T) { eval(t, "mark").MIMEBundle() }},
	} {
		t.Run(test.name, func(t *testing.T) { unchanged(t, 50, func() { test.f(t) }) })
	}
}

// residentMB is the memory of this process.
func residentMB(t testing.TB) int {
	t.Helper()
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		t.Skipf("this system does not say how much memory a process has: %v", err)
	}
	var size, resident int
	_, err = fmt.Sscan(string(text), &size, &resident)
	require.NoError(t, err)
	return resident * os.Getpagesize() >> 20
}

func TestMemoryStaysWhereItIs(t *testing.T) {
	if testing.Short() {
		t.Skip("a million objects take seconds")
	}
	if raceDetector {
		t.Skip("the race detector keeps 200 bytes for every clean-up, with Python or without")
	}
	make1k := eval(t, "lambda: bytearray(1000)")
	work := func(n int) {
		for range n {
			_, err := make1k.Call() // 1 kB of Python memory behind 48 bytes of Go's
			require.NoError(t, err)
		}
	}
	work(100_000)
	before := residentMB(t)
	work(1_000_000)
	require.Less(t, residentMB(t), before+300, "a GB was made")
}

func TestCallbacksLeaveNothing(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector makes a million callbacks take a minute")
	}
	n := 1_000_000
	if testing.Short() {
		n = 100_000
	}
	repeat := eval(t, "lambda f, n: [None for i in range(n) if f(i, [i]) != i]")
	before, held := residentMB(t), rt.Held()
	wrong, err := repeat.Call(func(i int, list *pybridge.Object) int { list.Close(); return i }, n)
	require.NoError(t, err)
	require.Zero(t, must(wrong.Len()))
	require.Less(t, residentMB(t), before+100)
	require.Eventually(t, func() bool { return rt.Held() <= held }, 10*time.Second, 10*time.Millisecond)
}

// Many functions are handed over and dropped, as callbacks of short life are.
func TestFunctionsLeaveNothing(t *testing.T) {
	take := eval(t, "lambda f: f()")
	held := rt.Held()
	for i := range 20_000 {
		got, err := pybridge.CallAs[int](take, func() int { return i })
		require.NoError(t, err)
		require.Equal(t, i, got)
	}
	require.Eventually(t, func() bool { return rt.Held() <= held }, 10*time.Second, 10*time.Millisecond)
}

// BenchmarkObjectsMemory says how much the process has grown after so many objects that nobody closes:
// go test -bench ObjectsMemory -benchtime 10000000x.
func BenchmarkObjectsMemory(b *testing.B) {
	f := eval(b, "lambda: bytearray(1000)")
	before := residentMB(b)
	for b.Loop() {
		if _, err := f.Call(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(residentMB(b)-before), "MB-growth")
}

// BenchmarkCallbacksMemory does the same for callbacks.
func BenchmarkCallbacksMemory(b *testing.B) {
	call := eval(b, "lambda f, l: f(l)")
	before := residentMB(b)
	for b.Loop() {
		if _, err := call.Call(func(list *pybridge.Object) *pybridge.Object { return list }, []any{1}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(residentMB(b)-before), "MB-growth")
}

// Go's collector does not see how much memory is behind an object.
func TestLargeObjectsAreCollectedInTime(t *testing.T) {
	if testing.Short() {
		t.Skip("gigabytes take a second")
	}
	make10M := eval(t, "lambda: b'x' * 10_000_000")
	before := residentMB(t)
	most := before
	for range 400 {
		_, err := make10M.Call()
		require.NoError(t, err)
		most = max(most, residentMB(t))
	}
	require.Less(t, most, before+2000, "4 GB were made")
}

func TestClosingBesideUsing(t *testing.T) {
	list := eval(t, "[object() for _ in range(100)]")
	var wait sync.WaitGroup
	for range 8 {
		wait.Go(func() {
			for range 20 {
				for o, err := range list.Iter() {
					if err == nil && !strings.HasPrefix(o.String(), "<object") {
						t.Error(o.String())
					}
					o.Close()
				}
				runtime.GC()
			}
		})
	}
	wait.Wait()
}

func firstScenario() error {
	answers := make(chan string)
	for i := range 100 {
		go func() {
			r, err := pybridge.Default()
			if err != nil {
				answers <- err.Error()
				return
			}
			o, err := r.Of([]any{i})
			if err != nil {
				answers <- err.Error()
				return
			}
			answers <- o.String()
		}()
	}
	seen := map[string]bool{}
	for range 100 {
		seen[<-answers] = true
	}
	fmt.Println(len(seen), "different answers")
	r, err := pybridge.Default()
	if err != nil {
		return err
	}
	return r.OnMain(context.Background(), func() {
		err := r.Exec("import threading\nprint('main thread of Python:', threading.current_thread() is threading.main_thread())")
		if err != nil {
			fmt.Println(err)
		}
	})
}

// take tries to read an object as a T, and has Python pass it to a function that wants one.
func take[T any](call, o *pybridge.Object) {
	_, _ = pybridge.As[T](o)
	_, _ = call.Call(func(T) {}, o)
	_, _ = call.Call(func(context.Context, ...T) (T, error) { var none T; return none, io.EOF }, o)
}

// Whatever Python passes, and whatever Go wants: what was on its way when a conversion fails is dropped, once.
func TestConversionsThatFailLeaveNothing(t *testing.T) {
	execute(t, `
import collections, dataclasses, datetime, decimal, enum, fractions, pathlib, uuid
Pair = collections.namedtuple("Pair", "mark probe")
class Texts(str): pass
class Numbers(dict): pass
def record():
    return dataclasses.make_dataclass("Record", ["mark", "probe"])(mark, probe)
`)
	call := eval(t, "lambda f, o: f(o)")
	takers := []func(call, o *pybridge.Object){
		take[int], take[uint8], take[float64], take[string], take[bool], take[complex64], take[any], take[error],
		take[[]int], take[[]string], take[[]any], take[[2]any], take[[16]byte], take[[][]float64], take[*int],
		take[map[string]int], take[map[string]any], take[map[any]struct{}], take[map[string][]*pybridge.Object],
		take[struct{ Mark, Probe int }], take[struct {
			Mark  *pybridge.Object
			Probe []int
		}], take[*pybridge.Object], take[[]*pybridge.Object], take[func(int) int], take[iter.Seq[int]],
		take[time.Time], take[time.Duration], take[*time.Location], take[*big.Int], take[*big.Rat], take[*big.Float],
		take[pybridge.Decimal], take[pybridge.Dict], take[pybridge.Tuple], take[pybridge.Range], take[pybridge.Slice],
		take[*pybridge.Error], take[*maker], take[*standIn],
	}
	for _, source := range []string{
		"mark", "[mark, probe]", "(1, mark)", "[1, 2, mark]", "['a', mark]", "{'mark': mark, 'probe': probe}", "{mark: 1, 'b': probe}",
		"{1, mark}", "frozenset([mark])", "[[1.0], [mark]]", "Pair(mark, probe)", "record()", "Texts('x')", "Numbers(mark=1, probe=[mark])",
		"[decimal.Decimal('1.5'), mark]", "{'mark': datetime.datetime.now(), 'probe': mark}", "[datetime.timedelta(1), pathlib.Path('x'), mark]",
		"[fractions.Fraction(1, 2), uuid.uuid4(), mark]", "[range(3), slice(mark, 1, probe), mark]", "ValueError(mark)", "[KeyError('k'), mark]",
		"[lambda: mark]", "iter([mark])", "[10**30, True, 1j, mark]", "bytearray(5)", "[b'x', memoryview(b'ab'), mark]", "None",
		"{'mark': {'mark': {'mark': mark}}, 'probe': (probe,)}", "[len, int, mark.__init__]",
	} {
		t.Run(source, func(t *testing.T) {
			unchanged(t, 3, func() {
				for _, take := range takers {
					take(call, eval(t, source))
				}
			})
		})
	}
}
