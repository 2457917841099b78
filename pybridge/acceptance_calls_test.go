package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/big"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestA21Calls(t *testing.T) {
	named := func(name string, args ...any) any {
		t.Helper()
		f, err := rt.Get(name)
		require.NoError(t, err)
		v, err := pybridge.CallAs[any](f, args...)
		require.NoError(t, err)
		return v
	}
	assert.Equal(t, 42, named("abs", -42))
	assert.Equal(t, 9, named("sum", pybridge.Tuple{3, 2, 4}))
	assert.Equal(t, []any{"h", "e", "l", "l", "o"}, named("list", "hello"))
	assert.Equal(t, 1.5, named("math.sqrt", 2.25))
	assert.Equal(t, 49, call[int](t, "lambda x: x * x", 7))
	assert.Equal(t, 12, call[int](t, "lambda x, y: x * y", 3, 4))
	execute(t, "def minus(a, b): return a - b")
	assert.Equal(t, -1, named("minus", pybridge.Kw{"a": 1, "b": 2}))
	assert.Equal(t, 1, named("minus", pybridge.Kw{"b": 1, "a": 2}))
	assert.Equal(t, 1, named("minus", 2, pybridge.Kw{"b": 1}))
	f := func(n int) int { return n + 1 }
	assert.Equal(t, 6, call[int](t, "lambda f, x: f(x)", f, 5))
	assert.Equal(t, "same", call[string](t, "lambda s: s", "same"))
	object := eval(t, "lambda: 'called'")
	text, err := pybridge.CallAs[string](object)
	require.NoError(t, err)
	assert.Equal(t, "called", text)
	var many []any
	for i := range 1000 {
		many = append(many, i)
	}
	assert.Equal(t, 1000, call[int](t, "lambda *a: len(a)", many...))
}

func TestA22Maps(t *testing.T) {
	out, err := rt.Capture(func() error {
		print, err := rt.Get("print")
		if err == nil {
			_, err = print.Call(map[string]int{})
		}
		return err
	})
	require.NoError(t, err)
	assert.Equal(t, "{}\n", out.Stdout)
	m := map[string]int{"a": 1, "b": 2}
	assert.Equal(t, 2, call[int](t, "lambda m: m['b']", m))
	assert.Equal(t, 2, call[int](t, "len", m))
}

func TestA23Methods(t *testing.T) {
	o, err := rt.Of(pybridge.Tuple{1, 2, 3})
	require.NoError(t, err)
	n, err := pybridge.MethodAs[int](o, "__len__")
	require.NoError(t, err)
	assert.Equal(t, 3, n)
	format, err := rt.Of("hello {0}")
	require.NoError(t, err)
	text, err := pybridge.MethodAs[string](format, "format", "world")
	require.NoError(t, err)
	assert.Equal(t, "hello world", text)
	execute(t, "class Faulty:\n    def camelCase(self): raise ValueError('inside')")
	_, err = must(eval(t, "Faulty").Call()).Method("camelCase")
	assert.ErrorIs(t, err, pybridge.ValueError)
	assert.EqualError(t, err, "ValueError: inside")
}

func TestA24Generators(t *testing.T) {
	n := 0
	numbers, err := rt.Generator(func() int { n++; return n }, 5)
	require.NoError(t, err)
	list, err := pybridge.CallAs[[]int](eval(t, "list"), numbers)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2, 3, 4}, list)
	letters := []rune("hello")
	next := func() any {
		if len(letters) == 0 {
			return nil
		}
		letter := string(letters[0])
		letters = letters[1:]
		return letter
	}
	texts, err := rt.Generator(next, nil)
	require.NoError(t, err)
	joined, err := pybridge.CallAs[string](eval(t, "''.join"), texts)
	require.NoError(t, err)
	assert.Equal(t, "hello", joined)
}

func TestA25Attributes(t *testing.T) {
	execute(t, `
class Person:
    def __init__(self): self.name, self._age = 'Ann', 30
    @property
    def age(self): return self._age
    @age.setter
    def age(self, n): self._age = n
person = Person()
`)
	five, err := rt.Of(5)
	require.NoError(t, err)
	real, err := pybridge.AttrAs[int](five, "real")
	require.NoError(t, err)
	assert.Equal(t, 5, real)
	person := eval(t, "person")
	for _, attribute := range []string{"name", "age"} {
		o, err := person.Attr(attribute)
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"name": "Ann", "age": "30"}[attribute], o.String())
	}
	require.NoError(t, person.SetAttr("age", 31))
	assert.Equal(t, 31, as[int](t, "person._age"))
	require.NoError(t, person.DelAttr("name"))
	_, err = person.Attr("name")
	assert.ErrorIs(t, err, pybridge.AttributeError)
}

func TestA27CallbacksThatCallPython(t *testing.T) {
	f := func(x float64) (float64, error) {
		sqrt, err := rt.Get("math.sqrt")
		if err != nil {
			return 0, err
		}
		return pybridge.CallAs[float64](sqrt, x)
	}
	assert.Equal(t, 4.5, call[float64](t, "lambda f: f(4.0) + f(6.25)", f))
}

func TestA28Futures(t *testing.T) {
	ctx := t.Context()
	futures := make([]*pybridge.Future, 3)
	for i := range futures {
		futures[i] = eval(t, "lambda n: n * 10").Go(ctx, i)
	}
	for _, i := range []int{2, 0, 1, 2} {
		o, err := futures[i].Wait()
		require.NoError(t, err)
		assert.Equal(t, fmt.Sprint(i*10), o.String())
	}
	failed := eval(t, "lambda: 1 / 0").Go(ctx)
	_, err := failed.Wait()
	assert.ErrorIs(t, err, pybridge.ZeroDivisionError)
	method := eval(t, "'a-b'").GoMethod(ctx, "split", "-")
	o, err := method.Wait()
	require.NoError(t, err)
	assert.Equal(t, "['a', 'b']", o.String())
}

func TestA29Chains(t *testing.T) {
	hello, err := rt.Of("hello {0}")
	require.NoError(t, err)
	text, err := pybridge.ChainAs[string](hello.Chain().Method("format", "world").Method("capitalize"))
	require.NoError(t, err)
	assert.Equal(t, "Hello world", text)
	name := "you"
	text, err = pybridge.ChainAs[string](hello.Chain().Method("format", name+"!").Method("capitalize"))
	require.NoError(t, err)
	assert.Equal(t, "Hello you!", text)
	n, err := pybridge.ChainAs[int](eval(t, "slice").Chain().Call(3).Attr("stop"))
	require.NoError(t, err)
	assert.Equal(t, 3, n)
	letter, err := pybridge.ChainAs[string](hello.Chain().Index(4))
	require.NoError(t, err)
	assert.Equal(t, "o", letter)
	twice, err := pybridge.ChainAs[int](eval(t, "{'a': {'b': 7}}").Chain().Index("a").Index("b"))
	require.NoError(t, err)
	assert.Equal(t, 7, twice)
	t.Run("arrays", func(t *testing.T) {
		needNumpy(t)
		a, err := rt.Of([][]int{{1, 2}, {3, 4}})
		require.NoError(t, err)
		n, err := pybridge.ChainAs[int](a.Chain().Index(1, 0))
		require.NoError(t, err)
		assert.Equal(t, 3, n)
		row, err := pybridge.ChainAs[[]int](a.Chain().Index(1, pybridge.Slice{Start: 0, Stop: 2}))
		require.NoError(t, err)
		assert.Equal(t, []int{3, 4}, row)
	})
}

func TestA30ChainsWithKeywords(t *testing.T) {
	execute(t, `
class Thing:
    def __init__(self, size=1, *, Name='none'): self.size, self.Name = size, Name
    def describe(self, prefix='', Suffix='.'): return f'{prefix}{self.Name} {self.size}{Suffix}'
`)
	thing := eval(t, "Thing")
	for want, c := range map[string]*pybridge.Chain{
		"none 1.":   thing.Chain().Call().Method("describe"),
		"box 3!":    thing.Chain().Call(pybridge.Kw{"size": 3, "Name": "box"}).Method("describe", pybridge.Kw{"Suffix": "!"}),
		"> none 2.": thing.Chain().Call(2).Method("describe", "> "),
	} {
		text, err := pybridge.ChainAs[string](c)
		require.NoError(t, err)
		assert.Equal(t, want, text)
	}
	_, err := thing.Chain().Call(pybridge.Kw{"name": "x"}).Object()
	assert.ErrorIs(t, err, pybridge.TypeError, "names keep their case")
}

// shape is a Go value that chains go through.
type shape struct {
	Side  float64
	Label string
}

func (s *shape) Scale(by float64) *shape { return &shape{s.Side * by, s.Label} }

func (s *shape) PyGetAttr(name string) (any, error) {
	return pybridge.CallAs[any](must(rt.Get("int")), "no "+name) // an error of Python inside a Go function
}

func TestA31NestedChains(t *testing.T) {
	s, err := rt.Of(&shape{2, "square"})
	require.NoError(t, err)
	side, err := pybridge.ChainAs[float64](s.Chain().Method("scale", s.Chain().Attr("side")).Attr("Side"))
	require.NoError(t, err)
	assert.Equal(t, 4.0, side, "an argument that is a chain itself")
	same, err := pybridge.ChainAs[*shape](s.Chain().Method("Scale", 1))
	require.NoError(t, err)
	assert.Equal(t, "square", same.Label)
	_, err = s.Chain().Attr("nothing").Object()
	assert.ErrorIs(t, err, pybridge.ValueError, "what Python raised inside Go's attribute function")
	assert.ErrorContains(t, err, "no nothing")
	_, err = s.Chain().Method("scale", s.Chain().Attr("nothing")).Object()
	assert.ErrorIs(t, err, pybridge.ValueError)
}

func TestA32SettingThroughChains(t *testing.T) {
	execute(t, "class Thing: pass\nthing = Thing()\nthing.list = [1, 2, 3]\nnested = [{'a': 1}]")
	thing := eval(t, "thing")
	require.NoError(t, thing.Chain().SetAttr("snake_name", 5).Do())
	assert.Equal(t, 5, as[int](t, "thing.snake_name"))
	list, err := thing.Attr("list")
	require.NoError(t, err)
	require.NoError(t, list.SetIndex(4, 0))
	require.NoError(t, thing.Chain().Attr("list").SetIndex(2, 1).Do())
	got, err := pybridge.As[[]int](list)
	require.NoError(t, err)
	assert.Equal(t, []int{4, 2, 3}, got)
	require.NoError(t, eval(t, "nested").Chain().Index(0).SetIndex(3, "a").Do())
	assert.Equal(t, "[{'a': 3}]", eval(t, "nested").String())
}

func TestA33RemoteObjects(t *testing.T) {
	o, err := eval(t, "sorted").Call([]any{3, 1, 2})
	require.NoError(t, err)
	assert.Equal(t, "<class 'list'>", must(o.Type()).String(), "a result stays in Python")
	v, err := pybridge.CallAs[any](eval(t, "sorted"), []any{3, 1, 2})
	require.NoError(t, err)
	assert.Equal(t, []any{1, 2, 3}, v, "until its value is asked for")
	seen := []any{}
	f := func(v any) any { seen = append(seen, v); return v }
	inside, err := eval(t, "lambda f: [f([1]), f((2,))]").Call(f)
	require.NoError(t, err)
	assert.Equal(t, []any{[]any{1}, pybridge.Tuple{2}}, seen, "Go functions get values")
	assert.Equal(t, "[[1], (2,)]", inside.String())
	kept := func(o *pybridge.Object) *pybridge.Object { return o }
	assert.True(t, call[bool](t, "lambda f, o: f(o) is o", kept, o), "or the objects themselves")
}

func TestA40Callbacks(t *testing.T) {
	assert.Equal(t, "called", call[string](t, "lambda f: f()", func() string { return "called" }))
	assert.Nil(t, call[any](t, "lambda f: f()", func() any { return nil }))
	assert.Equal(t, math.Pi, call[float64](t, "lambda f: f()", func() float64 { return math.Pi }), "exactly")
	assert.Equal(t, 6, call[int](t, "lambda f: f(5)", func(n int) int { return n + 1 }))
	assert.Equal(t, 11, call[int](t, "lambda f: f(5, 6)", func(a, b int) int { return a + b }))
	plus := func(n ...int) (sum int) {
		for _, x := range n {
			sum += x
		}
		return sum
	}
	assert.Equal(t, 10, call[int](t, "lambda f: f(1, 2, 3, 4)", plus))
	kind := func(v any) any { return v }
	assert.Equal(t, "(1, 2)", run(t, "repr(f((1, 2)))", pybridge.Kw{"f": kind}))
	assert.Equal(t, "[1, 2]", run(t, "repr(f([1, 2]))", pybridge.Kw{"f": kind}))
	keywords := func(kw pybridge.Kw) string { return fmt.Sprint(len(kw), kw["b"]) }
	assert.Equal(t, "0 <nil>", run(t, "f()", pybridge.Kw{"f": keywords}))
	assert.Equal(t, "1 2", run(t, "f(b=2)", pybridge.Kw{"f": keywords}))
	type point3 struct{ X, Y, Z float64 }
	assert.Equal(t, "{'X': 3.0, 'Y': 2.0, 'Z': 1.0}", run(t, "f({'X': 1, 'Y': 2, 'Z': 3})", pybridge.Kw{"f": func(p point3) point3 { return point3{p.Z, p.Y, p.X} }}))
	assert.Equal(t, new(big.Int).Lsh(big.NewInt(1), 65), call[*big.Int](t, "lambda f: f(2**64)", func(n *big.Int) *big.Int { return n.Lsh(n, 1) }))
	lost := errors.New("lost")
	_, err := eval(t, "lambda f: f()").Call(func() error { return lost })
	assert.ErrorIs(t, err, lost)
	_, err = eval(t, "lambda f: f()").Call(func(context.Context) error { return nil })
	assert.NoError(t, err)
}
