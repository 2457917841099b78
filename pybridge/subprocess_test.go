package pybridge_test

import (
	"bytes"
	"context"
	"errors"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// An interpreter is what a Python offers, in this process or in another.
type interpreter interface {
	Import(module string) (*pybridge.Object, error)
	Exec(source string, names ...pybridge.Kw) error
	Eval(source string, names ...pybridge.Kw) (*pybridge.Object, error)
	Get(path string) (*pybridge.Object, error)
	Set(path string, value any) error
	From(module, name string) (*pybridge.Object, error)
	Alive() bool
	Interrupt() bool
	Reset() error
	Close() error
}

var _, _ interpreter = (*pybridge.Runtime)(nil), (*pybridge.Process)(nil)

func newProcess(t *testing.T, c pybridge.ProcessConfig) *pybridge.Process {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p, err := rt.NewProcess(ctx, c)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, p.Close()) })
	return p
}

func TestProcess(t *testing.T) {
	p := newProcess(t, pybridge.ProcessConfig{InitCode: []string{"prepared = 5"}})
	remote := func(source string, names ...pybridge.Kw) *pybridge.Object {
		t.Helper()
		o, err := p.Eval(source, names...)
		require.NoError(t, err)
		return o
	}
	t.Run("another process", func(t *testing.T) {
		pid, err := pybridge.As[int](remote("__import__('os').getpid()"))
		require.NoError(t, err)
		assert.Equal(t, p.PID(), pid)
		assert.NotEqual(t, os.Getpid(), pid)
		assert.True(t, p.Alive())
		_, err = rt.Eval("prepared_there")
		assert.ErrorIs(t, err, pybridge.NameError)
		assert.Equal(t, "5", remote("prepared").String())
	})
	t.Run("values", func(t *testing.T) {
		for _, test := range []struct {
			source string
			want   any
		}{
			{"1", 1}, {"2**70", new(big.Int).Lsh(big.NewInt(1), 70)}, {"1.5", 1.5}, {"'ü'", "ü"}, {"b'x'", []byte("x")}, {"None", nil}, {"True", true},
			{"[1, [2, 'x']]", []any{1, []any{2, "x"}}}, {"(1,)", pybridge.Tuple{1}}, {"{'a': [1]}", pybridge.Dict{{"a", []any{1}}}},
			{"{1}", pybridge.HashSet{1}}, {"range(3)", pybridge.Range{0, 3, 1}}, {"__import__('datetime').timedelta(seconds=1)", time.Second},
			{"__import__('fractions').Fraction(1, 3)", big.NewRat(1, 3)},
		} {
			got, err := pybridge.As[any](remote(test.source))
			require.NoError(t, err, test.source)
			assert.Equal(t, test.want, got, test.source)
		}
		require.NoError(t, p.Exec("import collections, dataclasses\nPair = collections.namedtuple('Pair', 'X Y')\n@dataclasses.dataclass\nclass Data:\n    X: int\n    Y: int\nclass Sub(int): pass"))
		for _, source := range []string{"Pair(1, 2)", "Data(1, 2)", "{'X': 1, 'Y': 2}"} {
			got, err := pybridge.As[point](remote(source))
			require.NoError(t, err, source)
			assert.Equal(t, point{1, 2}, got, source)
		}
		n, err := pybridge.As[int](remote("Sub(7)"))
		require.NoError(t, err)
		assert.Equal(t, 7, n)
		_, err = pybridge.As[[]int](remote("[1, 'x']"))
		assert.EqualError(t, err, "list[1]: want int, got str")
		o, err := pybridge.As[any](remote("object()"))
		require.NoError(t, err)
		assert.IsType(t, (*pybridge.Object)(nil), o)
	})
	t.Run("objects", func(t *testing.T) {
		list := remote("[3, 1, 2]")
		_, err := list.Method("sort")
		require.NoError(t, err)
		assert.Equal(t, "[1, 2, 3]", list.String())
		require.NoError(t, p.Set("kept", list))
		_, err = list.Method("append", 4)
		require.NoError(t, err)
		assert.Equal(t, "[1, 2, 3, 4]", remote("kept").String(), "it is the same list there")
		assert.True(t, list.Is(remote("kept")), "and the same object here")
		n, err := list.Len()
		require.NoError(t, err)
		assert.Equal(t, 4, n)
		item, err := list.Index(pybridge.Slice{Start: 1, Stop: 3})
		require.NoError(t, err)
		assert.Equal(t, "[2, 3]", item.String())
		require.NoError(t, list.SetIndex("x", 0))
		require.NoError(t, list.DelIndex(3))
		has, err := list.Contains("x")
		require.NoError(t, err)
		assert.True(t, has)
		var items []string
		for item, err := range list.Iter() {
			require.NoError(t, err)
			items = append(items, item.String())
		}
		assert.Equal(t, []string{"x", "2", "3"}, items)
		equal, err := list.Equal([]any{"x", 2, 3})
		require.NoError(t, err)
		assert.True(t, equal)
		sum, err := remote("[1]").Op("+", []any{2})
		require.NoError(t, err)
		assert.Equal(t, "[1, 2]", sum.String())
		require.NoError(t, p.Exec("class Box:\n    'A box.'\n    size = 1\n    def __enter__(self): return 'inside'\n    def __exit__(self, *a): self.left = True\nbox = Box()"))
		box := remote("box")
		require.NoError(t, box.SetAttr("size", 7))
		size, err := pybridge.AttrAs[int](box, "size")
		require.NoError(t, err)
		assert.Equal(t, 7, size)
		require.NoError(t, box.With(func(o *pybridge.Object) error { assert.Equal(t, "inside", o.String()); return nil }))
		assert.Equal(t, "True", remote("box.left").String())
		doc, err := box.Doc()
		require.NoError(t, err)
		assert.Equal(t, "A box.", doc)
		dir, err := box.Dir()
		require.NoError(t, err)
		assert.True(t, slices.Contains(dir, "left"))
		chained, err := pybridge.ChainAs[string](remote("'a b'").Chain().Method("split").Index(1).Method("upper"))
		require.NoError(t, err)
		assert.Equal(t, "B", chained)
		sqrt, err := p.From("math", "sqrt")
		require.NoError(t, err)
		root, err := pybridge.CallAs[float64](sqrt, 2.25)
		require.NoError(t, err)
		assert.Equal(t, 1.5, root)
		kw, err := pybridge.CallAs[string](remote("lambda *a, **k: repr((a, k))"), 1, []any{2}, pybridge.Kw{"x": map[string]int{"y": 1}})
		require.NoError(t, err)
		assert.Equal(t, "((1, [2]), {'x': {'y': 1}})", kw)
		assert.Equal(t, "11", remote("a + b", pybridge.Kw{"a": 4, "b": 7}).String())
		pi, err := p.Get("math.pi")
		require.NoError(t, err)
		assert.Equal(t, "3.141592653589793", pi.String())
	})
	t.Run("errors", func(t *testing.T) {
		_, err := p.Eval("{}['k']")
		assert.ErrorIs(t, err, pybridge.KeyError)
		assert.EqualError(t, err, "KeyError: 'k'")
		_, err = p.Eval("__import__('json').loads('{')")
		var e *pybridge.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "json.decoder.JSONDecodeError", e.Type)
		assert.ErrorIs(t, err, pybridge.ValueError)
		assert.Contains(t, e.Traceback(), "decoder.py")
		assert.NotContains(t, e.Traceback(), "gopy_kernel")
		err = p.Exec("try: {}[1]\nexcept KeyError as e: raise RuntimeError('outer') from e")
		assert.ErrorIs(t, err, pybridge.KeyError, "a cause")
		assert.ErrorIs(t, err, pybridge.RuntimeError)
		_, err = p.Eval("open('/nowhere/at/all')")
		assert.ErrorIs(t, err, os.ErrNotExist)
		for range 5 {
			assert.ErrorIs(t, p.Exec("quit(0)"), pybridge.SystemExit)
		}
		assert.ErrorIs(t, p.Exec("def"), pybridge.SyntaxError)
	})
	t.Run("callbacks", func(t *testing.T) {
		lost := errors.New("lost")
		call := remote("lambda f, *a: f(*a)")
		n, err := pybridge.CallAs[int](call, func(a, b int) int { return a * b }, 6, 7)
		require.NoError(t, err)
		assert.Equal(t, 42, n)
		_, err = call.Call(func() error { return lost })
		assert.ErrorIs(t, err, lost, "an error is the same after the way there and back")
		assert.PanicsWithValue(t, "oops", func() { _, _ = call.Call(func() { panic("oops") }) })
		nested, err := pybridge.CallAs[int](call, func() (int, error) { return pybridge.CallAs[int](call, func() int { return 5 }) })
		require.NoError(t, err)
		assert.Equal(t, 5, nested)
		sum, err := pybridge.CallAs[int](call, func(list []int) int { return len(list) }, remote("[1, 2, 3]"))
		require.NoError(t, err)
		assert.Equal(t, 3, sum)
		f := func() {}
		back, err := pybridge.CallAs[any](remote("lambda x: x"), f)
		require.NoError(t, err)
		assert.IsType(t, f, back, "a Go function comes back as itself")
		c := &car{Make: "Lada"}
		text, err := pybridge.CallAs[string](remote("lambda c: c.drive(3)"), c)
		require.NoError(t, err)
		assert.Equal(t, "Lada drove 3 km", text)
		require.NoError(t, p.Exec("import threading\ndef threaded(f):\n    ts = [threading.Thread(target=f, args=(n,)) for n in range(8)]\n    for t in ts: t.start()\n    for t in ts: t.join()"))
		var mu sync.Mutex
		total := 0
		_, err = remote("threaded").Call(func(n int) { mu.Lock(); total += n; mu.Unlock() })
		require.NoError(t, err)
		assert.Equal(t, 28, total)
	})
	t.Run("many goroutines", func(t *testing.T) {
		square := remote("lambda n: n * n")
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for j := range 20 {
					got, err := pybridge.CallAs[int](square, i+j)
					assert.NoError(t, err)
					assert.Equal(t, (i+j)*(i+j), got)
				}
			})
		}
		wg.Wait()
	})
	t.Run("interrupt", func(t *testing.T) {
		started := make(chan struct{})
		ended := make(chan error, 1)
		go func() {
			o, err := p.Eval("lambda f: (f(), [None for _ in iter(int, 1)])")
			if err == nil {
				_, err = o.Call(func() { close(started) })
			}
			ended <- err
		}()
		<-started
		require.True(t, p.Interrupt())
		require.Eventually(t, func() bool {
			select {
			case err := <-ended:
				assert.ErrorIs(t, err, pybridge.KeyboardInterrupt)
				return true
			default:
				p.Interrupt() // the first may have met the return of the callback
				return false
			}
		}, 10*time.Second, 10*time.Millisecond)
		p.Interrupt() // nothing runs
		assert.Equal(t, "2", remote("1 + 1").String())
	})
	t.Run("numpy", func(t *testing.T) {
		needNumpy(t)
		if _, err := p.Import("numpy"); err != nil {
			t.Skip("no numpy there")
		}
		a := remote("__import__('numpy').arange(6.0).reshape(2, 3)")
		got, err := pybridge.As[[][]float64](a)
		require.NoError(t, err)
		assert.Equal(t, [][]float64{{0, 1, 2}, {3, 4, 5}}, got)
		sum, err := pybridge.CallAs[float64](remote("lambda a: float(a.sum())"), []float64{1, 2, 3})
		require.NoError(t, err)
		assert.Equal(t, 6.0, sum)
		sum, err = pybridge.MethodAs[float64](a, "sum")
		require.NoError(t, err)
		assert.Equal(t, 15.0, sum)
		local, err := rt.Eval("numpy.asarray(a).sum()", pybridge.Kw{"a": a, "numpy": must(rt.Import("numpy"))})
		require.NoError(t, err)
		assert.Equal(t, "15.0", local.String())
		_, err = pybridge.OpenView[float64](a)
		assert.Error(t, err)
	})
	t.Run("reset", func(t *testing.T) {
		require.NoError(t, p.Reset())
		_, err := p.Eval("prepared")
		assert.ErrorIs(t, err, pybridge.NameError)
	})
	t.Run("nothing is kept", func(t *testing.T) {
		require.NoError(t, p.Exec("import sys, gc\nclass Probe: pass\nprobe = Probe()"))
		count := remote("lambda: (gc.collect(), sys.getrefcount(probe))[1]")
		before, err := pybridge.CallAs[int](count)
		require.NoError(t, err)
		for range 50 {
			o := remote("probe")
			_, _ = o.Attr("nothing")
			o.Close()
		}
		require.Eventually(t, func() bool {
			collect()
			now, err := pybridge.CallAs[int](count)
			return err == nil && now <= before+1
		}, 10*time.Second, 10*time.Millisecond)
	})
}

func TestProcessOutput(t *testing.T) {
	var out, errs bytes.Buffer
	p := newProcess(t, pybridge.ProcessConfig{Stdout: &out, Stderr: &errs, Dir: t.TempDir()})
	require.NoError(t, p.Exec("import sys, os\nprint('hello', flush=True)\nprint('oh', file=sys.stderr)\nprint(os.getcwd(), flush=True)"))
	require.NoError(t, p.Close())
	assert.Equal(t, "hello", lines(out.String())[0])
	assert.Equal(t, "oh\n", errs.String())
}

func TestProcessThatDies(t *testing.T) {
	p := newProcess(t, pybridge.ProcessConfig{Stderr: new(bytes.Buffer)})
	o, err := p.Eval("[1]")
	require.NoError(t, err)
	err = p.Exec("import os, sys\nprint('last words', file=sys.stderr, flush=True)\nos._exit(3)")
	var died *pybridge.ProcessError
	require.ErrorAs(t, err, &died)
	assert.Equal(t, 3, died.State.ExitCode())
	assert.Equal(t, "last words", died.Stderr)
	assert.False(t, p.Alive())
	_, err = o.Len()
	assert.ErrorContains(t, err, "has ended: exit status 3")
	_, err = p.Eval("1")
	require.ErrorAs(t, err, &died)
	assert.Equal(t, "3", eval(t, "1 + 2").String(), "this Python goes on")
	require.ErrorContains(t, newProcess(t, pybridge.ProcessConfig{Stderr: new(bytes.Buffer)}).Exec("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"), "signal: killed")
}

func TestProcessesThatDoNotStart(t *testing.T) {
	_, err := rt.NewProcess(t.Context(), pybridge.ProcessConfig{Python: "/nowhere/python3"})
	assert.ErrorContains(t, err, "/nowhere/python3")
	_, err = rt.NewProcess(t.Context(), pybridge.ProcessConfig{InitCode: []string{"1 / 0"}})
	assert.ErrorIs(t, err, pybridge.ZeroDivisionError)
	_, err = rt.NewProcess(t.Context(), pybridge.ProcessConfig{Dir: "/nowhere"})
	assert.ErrorIs(t, err, os.ErrNotExist)
}

// Another environment than that of this process, and another version where there is one.
func TestProcessOfAnotherEnvironment(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "some exotic näme')")
	base := rt.Info().Python.Executable
	if out, err := exec.CommandContext(t.Context(), base, "-m", "venv", "--without-pip", dir).CombinedOutput(); err != nil {
		t.Skipf("this Python makes no environments: %v\n%s", err, out)
	}
	p := newProcess(t, pybridge.ProcessConfig{Python: dir})
	prefix, err := pybridge.As[string](must(p.Get("sys.prefix")))
	require.NoError(t, err)
	assert.Equal(t, dir, prefix)
	here, err := pybridge.As[string](must(rt.Get("sys.prefix")))
	require.NoError(t, err)
	assert.NotEqual(t, dir, here)
}

// Processes of all the versions that the machine has, with a shared library or without.
func TestProcessesOfOtherVersions(t *testing.T) {
	if testing.Short() {
		t.Skip("each version takes a part of a second")
	}
	here := must(rt.Version())
	tried := 0
	for version, candidates := range pythonsOfThisMachine(t) {
		if version == rt.Info().Python.Short() || candidates[0].Python.Version[1] < 9 {
			continue
		}
		t.Run(version, func(t *testing.T) {
			p := newProcess(t, pybridge.ProcessConfig{Python: candidates[0].Path})
			there, err := pybridge.As[[]int](must(p.Eval("__import__('sys').version_info[:2]")))
			require.NoError(t, err)
			assert.NotEqual(t, []int{here.Major, here.Minor}, there)
			sum, err := pybridge.CallAs[int](must(p.Eval("lambda f, n: sum(map(f, n))")), func(n int) int { return n * n }, []any{1, 2, 3})
			require.NoError(t, err)
			assert.Equal(t, 14, sum)
			assert.ErrorIs(t, p.Exec("{}['k']"), pybridge.KeyError)
			tried++
		})
	}
	if tried == 0 {
		t.Skip("this machine has no other Python")
	}
}
