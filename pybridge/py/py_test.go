package py_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/pybridge/py"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func init() { runtime.LockOSThread() }

// As in the worker: the main thread runs Python, and what comes first is the configuration.
func TestMain(m *testing.M) {
	pybridge.Configure(pybridge.Config{MainThread: true})
	if os.Getenv("GOPY_TEST_NO_PYTHON") != "" {
		os.Exit(withoutPython())
	}
	rt := py.Runtime()
	ctx, stop := context.WithCancel(context.Background())
	code := 0
	go func() {
		code = m.Run()
		stop()
	}()
	rt.ServeMain(ctx)
	os.Exit(code)
}

func TestTheWholeFace(t *testing.T) {
	py.Exec("class Box:\n    size = 1\n    def grow(self, by=1): self.size += by; return self")
	box := py.Get("Box").Call()
	assert.Equal(t, 4, py.AttrAs[int](box.Method("grow", py.Kw{"by": 3}), "size"))
	box.SetAttr("label", "x")
	assert.Equal(t, "x", box.Attr("label").Str())
	box.DelAttr("label")
	assert.Equal(t, 6, py.As[int](py.Eval("2 * 3")))
	assert.Equal(t, 5, py.CallAs[int](py.Get("len"), "12345"))
	assert.Equal(t, "a-b", py.MethodAs[string](py.Of("-"), "join", []string{"a", "b"}))
	py.Set("numbers", []any{1, 2, 3})
	numbers := py.Get("numbers")
	assert.Equal(t, 3, numbers.Len())
	assert.True(t, numbers.Contains(2))
	assert.True(t, numbers.Equal([]any{1, 2, 3}))
	assert.True(t, numbers.Truth())
	assert.True(t, numbers.Is(py.Get("numbers")))
	assert.False(t, numbers.IsNone())
	numbers.SetIndex("z", 0)
	numbers.DelIndex(-1)
	assert.Equal(t, "['z', 2]", numbers.Repr())
	assert.Equal(t, "z", numbers.Index(0).String())
	assert.Equal(t, "<class 'list'>", numbers.Type().String())
	var seen []string
	for item := range numbers.Iter() {
		seen = append(seen, item.String())
	}
	assert.Equal(t, []string{"z", "2"}, seen)
	assert.Equal(t, "['z', 2]", numbers.MIMEBundle().Data["text/plain"])
	numbers.Close()
}

func TestTables(t *testing.T) {
	type row struct{ X int }
	table := py.ReadTable(py.Of(py.TableOf([]row{{1}, {2}})))
	assert.Equal(t, []int{1, 2}, py.ColumnAs[int](table, "X"))
	assert.Equal(t, []row{{1}, {2}}, py.RowsAs[row](table))
	assert.Panics(t, func() { py.ReadTable(py.Of(1)) })
}

func TestManyInOneCrossing(t *testing.T) {
	assert.Equal(t, []string{"1", "22"}, py.Map[string](py.Get("str"), []int{1, 22}))
	assert.Equal(t, 8.0, py.Func2[float64, float64, float64](py.Get("pow"))(2, 3))
	assert.Equal(t, "12", py.Func1[int, string](py.Get("str"))(12))
	o := py.Eval("[[1, 2], {'k': 'v'}]")
	assert.Equal(t, "V", py.ChainAs[string](o.Chain().Index(1).Index("k").Method("upper")))
	assert.Equal(t, "slice", py.ChainAs[string](py.Get("slice").Chain().Call(3).Attr("__class__").Attr("__name__")))
	o.Chain().Index(0).SetIndex(5, 0).Do()
	assert.Equal(t, "[5, 2]", o.Chain().Index(0).Object().Repr())
	py.Exec("class Holder: pass\nholder = Holder()")
	py.Get("holder").Chain().SetAttr("x", 1).Do()
	assert.Equal(t, 1, py.AttrAs[int](py.Get("holder"), "x"))
	assert.Panics(t, func() { o.Chain().Index(7).Do() })
}

func TestMoreOfTheFace(t *testing.T) {
	assert.Equal(t, "[2]", py.Eval("[1, 2, 3]").Index(py.Slice{Start: 1, Stop: 2}).String())
	v := py.OpenView[byte](py.Eval("bytearray(b'abc')"))
	defer v.Close()
	assert.Equal(t, []byte("abc"), v.Copy())
	py.Hold(func() { assert.Equal(t, 3, py.As[int](py.Eval("1 + 2"))) })
	py.Exec("import contextlib\nseen = []\n@contextlib.contextmanager\ndef noted():\n    try: yield 5\n    except ValueError as e: seen.append(str(e))")
	py.Get("noted").Call().With(func(o *py.Object) { py.Exec("raise ValueError('taken')") })
	assert.Equal(t, []string{"taken"}, py.As[[]string](py.Get("seen")))
	assert.PanicsWithValue(t, "mine", func() { py.Get("noted").Call().With(func(*py.Object) { panic("mine") }) })
	assert.PanicsWithError(t, "KeyError: 1", func() { py.Get("noted").Call().With(func(*py.Object) { py.Eval("{}[1]") }) })
}

func TestObjectsOfBothFacesAreOne(t *testing.T) {
	list := py.Eval("[1, [2]]")
	assert.Equal(t, 2, py.CallAs[int](py.Get("len"), list), "as an argument")
	inner := py.As[[]*py.Object](list)
	assert.Equal(t, "[2]", inner[1].String())
	m := py.As[map[string]*py.Object](py.Eval("{'a': [5]}"))
	assert.Equal(t, "[5]", m["a"].String())
	f := func(o *py.Object, more ...*py.Object) int { return o.Len() + len(more) }
	assert.Equal(t, 4, py.As[int](py.Eval("lambda f: f([1, 2], 3, 4)").Call(f)))
	same := py.As[*py.Object](list)
	assert.True(t, same.Is(list))
	var shown interface{ MIMEBundle() display.Bundle } = list
	assert.NotNil(t, shown.MIMEBundle().Data)
}

func TestExceptionsPanic(t *testing.T) {
	defer func() {
		err, is := recover().(error)
		require.True(t, is)
		var e *py.Error
		require.True(t, errors.As(err, &e))
		assert.Equal(t, "ZeroDivisionError", e.Type)
	}()
	py.Eval("1 / 0")
	t.Fatal("no panic")
}

func TestExceptionsAreRecognised(t *testing.T) {
	caught := func(source string) (err error) {
		defer func() { err, _ = recover().(error) }()
		py.Exec(source)
		return nil
	}
	assert.ErrorIs(t, caught("{}['k']"), py.KeyError)
	assert.ErrorIs(t, caught("{}['k']"), py.LookupError)
	assert.NotErrorIs(t, caught("1 / 0"), py.KeyError)
	assert.NoError(t, caught("1"))
}

func TestQuestionsOfTheFace(t *testing.T) {
	py.Exec("class Known:\n    'A thing.'\n    size = 5\n    def grow(self, by=1): pass\nknown = Known()")
	known := py.Get("known")
	assert.Equal(t, "A thing.", known.Doc())
	assert.Contains(t, known.Methods(), "grow")
	assert.Contains(t, known.Attrs(), "size")
	assert.Contains(t, known.Dir(), "size")
	assert.Equal(t, "(by=1)", known.Attr("grow").Signature())
	assert.Contains(t, known.Help(), "A thing.")
	assert.True(t, known.HasAttr("size"))
	assert.True(t, known.IsInstance(py.Get("Known")))
	assert.NotZero(t, known.ID())
	assert.Equal(t, known.Hash(), py.As[int](py.Eval("hash(known)")))
	assert.True(t, known.Weak().Object().Is(known))
	assert.Equal(t, "[1, 2]", py.Of([]any{1}).Op("+", []any{2}).String())
	assert.Equal(t, 6, py.OpAs[int](py.Of(2), "*", 3))
	assert.True(t, py.Of(2).Compare("<", 3))
	assert.Equal(t, "[1]", py.Unpickle(py.Of([]any{1}).Pickle()).String())
	assert.Equal(t, "4", py.Get("len").Go("four").Wait().String())
	upper := py.Of("a").GoMethod("upper")
	<-upper.Done()
	assert.Equal(t, "A", upper.Wait().String())
}

func TestTheRuntimeOfTheFace(t *testing.T) {
	assert.Equal(t, 5.0, py.CallAs[float64](py.From("math", "hypot"), 3, 4))
	assert.Len(t, py.FromAll("math", "sin", "cos"), 2)
	assert.Equal(t, "7", py.Eval("a + b", py.Kw{"a": 3, "b": 4}).String())
	py.Exec("c = a", py.Kw{"a": 5})
	py.SetAll(py.Kw{"d": 6})
	assert.Equal(t, 11, py.As[int](py.Eval("c + d")))
	n := 0
	assert.Equal(t, []int{1, 2}, py.As[[]int](py.Get("list").Call(py.Generator(func() int { n++; return n }, 3))))
	assert.Equal(t, py.Output{Stdout: "hi\n"}, py.Capture(func() { py.Exec("print('hi')") }))
	assert.Equal(t, 3, py.Version().Major)
	assert.Contains(t, py.Configuration(), "library")
	assert.Regexp(t, `(?m)^\* \S.* \(\S+\): 3\.\d+\.\d+, .*libpython`, py.Info().String())
	py.Reset()
	assert.Panics(t, func() { py.Get("d") })
}

type counter struct{ N int }

func (c *counter) Add(n int) int { c.N += n; return c.N }

func TestClassesOfTheFace(t *testing.T) {
	c := &counter{}
	py.Exec("c.add(2)\nc.N += 1", py.Kw{"c": c})
	assert.Equal(t, 3, c.N)
	made := py.ClassFor[counter](func(n int) *counter { return &counter{n} }).Call(5)
	assert.Equal(t, 5, py.As[*counter](made).N)
	names := map[string]int{}
	py.Exec("m['a'] = 1", py.Kw{"m": py.Ref{Value: names}})
	assert.Equal(t, map[string]int{"a": 1}, names)
	var class *py.Object
	class = py.NewClass(py.Class{Name: "Loud", Bases: []*py.Object{py.Get("str")}, Methods: map[string]any{
		"lower": func(self *py.Object) string { return self.Super(class).Method("upper").Str() },
	}})
	assert.Equal(t, "ABC", class.Call("abc").Method("lower").Str())
}

func TestConvertersOfTheFace(t *testing.T) {
	c := new(py.Converters)
	py.ToPython(c, func(x float64) any { return py.Decimal(fmt.Sprint(x)) })
	py.FromPython(c, py.Get("decimal.Decimal"), func(o *py.Object) float64 { return py.As[float64](o.Method("__float__")) })
	add := py.Eval("lambda a, b: a + b").Using(c)
	assert.Equal(t, 0.3, py.CallAs[any](add, 0.1, 0.2))
	py.Convert(c)
	defer py.Convert(nil)
	assert.Equal(t, "Decimal('0.5')", py.Of(0.5).Repr())
}

func TestProcessesOfTheFace(t *testing.T) {
	p := py.NewProcess("")
	defer p.Close()
	p.Exec("x = a", py.Kw{"a": 5})
	p.Set("y", []any{1})
	assert.Equal(t, "[5, 1]", p.Eval("[x, *y]").String())
	assert.Equal(t, 3.0, py.CallAs[float64](p.From("math", "sqrt"), 9))
	assert.Equal(t, 2.0, py.MethodAs[float64](p.Import("math"), "sqrt", 4))
	assert.Equal(t, "5", p.Get("x").String())
	p.Interrupt()
	assert.True(t, p.Alive())
	assert.Panics(t, func() { py.Get("x") })
}

func TestValuesOfTheFace(t *testing.T) {
	assert.Equal(t, 3, py.Of(py.Range{Stop: 3}).Len())
	assert.Equal(t, "Decimal('1.10')", py.Of(py.Decimal("1.10")).Repr())
	assert.Equal(t, "a", py.AttrAs[string](py.Of(py.Path("/b/a")), "name"))
	assert.Equal(t, 5, py.AttrAs[int](py.Of(py.UUID{15: 5}), "int"))
}

func TestIterationPanics(t *testing.T) {
	py.Exec("def two():\n    yield 1\n    raise ValueError('two')")
	assert.PanicsWithError(t, "ValueError: two", func() {
		for range py.Get("two").Call().Iter() {
		}
	})
}

// Without a usable Python the panic says what was tried.
func TestNoPython(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = []string{"GOPY_TEST_NO_PYTHON=1", "GOPY_PYTHON=/nowhere/python3", "HOME=" + t.TempDir()}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.ENOEXEC) {
		t.Skip("an emulator runs this program, and the system cannot start it")
	}
	require.NoError(t, err, "%s", out)
	assert.Equal(t, "no usable Python among the 1 that were tried:\n  /nowhere/python3 (GOPY_PYTHON): there is no such file\n", string(out))
}

func withoutPython() (code int) {
	defer func() { fmt.Println(recover()) }()
	py.Import("sys")
	return 1
}

func ExampleImport() {
	math := py.Import("math")
	fmt.Println(py.MethodAs[float64](math, "sqrt", 2.25))
	fmt.Println(py.As[[]int](py.Eval("[x * x for x in range(5)]")))
	// Output:
	// 1.5
	// [0 1 4 9 16]
}

func ExampleObject_Iter() {
	for word := range py.Of("a few words").Method("split").Iter() {
		fmt.Println(word)
	}
	// Output:
	// a
	// few
	// words
}

func ExampleBind() {
	var math struct {
		Hypot func(x, y float64) float64 `py:"math.hypot"`
		Pi    float64                    `py:"math.pi"`
	}
	py.Bind(&math)
	fmt.Println(math.Hypot(3, 4), math.Pi)
	// Output: 5 3.141592653589793
}

// fraction stands for a class as the types of generated packages do.
type fraction struct{ *py.Object }

func (fraction) PyClass() (module, name string) { return "fractions", "Fraction" }

func TestClassedOfTheFace(t *testing.T) {
	f := py.As[fraction](py.ClassOf[fraction]().Call(3, 4))
	assert.Equal(t, 0.75, py.MethodAs[float64](f, "__float__"))
	assert.Equal(t, 3, py.AttrAs[int](f, "numerator"))
	assert.Equal(t, "5/4", py.OpAs[fraction](f, "+", py.ClassOf[fraction]().Call(1, 2)).String())
	assert.True(t, f.Is(py.As[*py.Object](f)))
	assert.True(t, f.IsInstance(py.ClassOf[fraction]()))
	assert.Equal(t, "3/4", py.Eval("str(f)", py.Kw{"f": f}).String())
	assert.PanicsWithError(t, "want py_test.fraction, got list", func() { py.As[fraction](py.Of([]any{1})) })
}

func TestAsyncOfTheFace(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	py.Exec(`
import asyncio, contextlib
async def count(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i
@contextlib.asynccontextmanager
async def noted():
    try: yield asyncio.get_running_loop()
    except KeyError: pass
`)
	n := 0
	for item := range py.Get("count").Call(4).AsyncIter(ctx) {
		n += py.As[int](item)
	}
	assert.Equal(t, 6, n)
	entered := false
	py.Get("noted").Call().AsyncWith(ctx, func(_ context.Context, loop *py.Object) {
		entered = py.As[bool](loop.Method("is_running"))
		py.Exec("{}[1]")
	})
	assert.True(t, entered)
	assert.Equal(t, "7", py.Get("asyncio.sleep").CallAwait(ctx, 0, 7).String())
	assert.Equal(t, "7", py.Import("asyncio").MethodAwait(ctx, "sleep", 0, 7).String())
	assert.PanicsWithError(t, "TypeError: 'async for' requires an object with __aiter__ method, got list", func() {
		for range py.Of([]any{1}).AsyncIter(ctx) {
		}
	})
	assert.Equal(t, py.Output{Stdout: "hi\n", Stderr: "ho"}, py.CaptureAll(func() { py.Exec("import os; os.system('echo hi'); os.write(2, b'ho')") }))
}
