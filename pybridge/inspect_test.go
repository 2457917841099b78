package pybridge_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOperators(t *testing.T) {
	execute(t, `
class Vector:
    def __init__(self, *v): self.v = v
    def __matmul__(self, other): return sum(a * b for a, b in zip(self.v, other.v))
    def __iadd__(self, n): self.v = tuple(a + n for a in self.v); return self
    def __neg__(self): return Vector(*(-a for a in self.v))
    def __repr__(self): return f'Vector{self.v}'
`)
	for _, test := range []struct {
		left, operator, right, want string
	}{
		{"7", "+", "2", "9"}, {"7", "-", "2", "5"}, {"7", "*", "2", "14"}, {"7", "/", "2", "3.5"}, {"7", "//", "2", "3"},
		{"7", "%", "2", "1"}, {"7", "**", "2", "49"}, {"7", "<<", "2", "28"}, {"7", ">>", "1", "3"}, {"6", "&", "3", "2"},
		{"6", "|", "1", "7"}, {"6", "^", "3", "5"}, {"7", "<", "2", "False"}, {"7", "<=", "7", "True"}, {"7", "==", "7.0", "True"},
		{"7", "!=", "7", "False"}, {"7", ">", "2", "True"}, {"7", ">=", "8", "False"},
		{"'a'", "+", "'b'", "ab"}, {"[1]", "*", "2", "[1, 1]"}, {"'%d!'", "%", "5", "5!"},
		{"Vector(1, 2)", "@", "Vector(3, 4)", "11"}, {"Vector(1, 2)", "+=", "1", "Vector(2, 3)"}, {"(1,)", "+=", "(2,)", "(1, 2)"},
	} {
		t.Run(test.left+" "+test.operator+" "+test.right, func(t *testing.T) {
			got, err := eval(t, test.left).Op(test.operator, eval(t, test.right))
			require.NoError(t, err)
			assert.Equal(t, test.want, got.String())
		})
	}
	for operator, want := range map[string]string{"-": "-5", "+": "5", "~": "-6", "not": "False", "abs": "5"} {
		got, err := eval(t, "5").Op(operator)
		require.NoError(t, err)
		assert.Equal(t, want, got.String(), operator)
	}
	v := eval(t, "Vector(1, 2)")
	same, err := v.Op("+=", 1)
	require.NoError(t, err)
	assert.True(t, same.Is(v))
	n, err := pybridge.OpAs[int](v, "@", v)
	require.NoError(t, err)
	assert.Equal(t, 13, n)
	_, err = v.Op("+", 1)
	assert.ErrorIs(t, err, pybridge.TypeError)
	for _, bad := range []struct {
		operator string
		others   []any
	}{{"=", []any{1}}, {"~", []any{1}}, {"**", nil}, {"+", []any{1, 2}}} {
		_, err = v.Op(bad.operator, bad.others...)
		assert.ErrorContains(t, err, "no operator of Python is")
		_, err = pybridge.OpAs[int](v, bad.operator, bad.others...)
		assert.ErrorContains(t, err, "no operator of Python is")
	}
}

func TestComparisons(t *testing.T) {
	five := eval(t, "5")
	for operator, want := range map[string]bool{"<": true, "<=": true, "==": false, "!=": true, ">": false, ">=": false} {
		got, err := five.Compare(operator, 6)
		require.NoError(t, err)
		assert.Equal(t, want, got, operator)
	}
	_, err := five.Compare("<", "x")
	assert.ErrorIs(t, err, pybridge.TypeError)
	_, err = five.Compare("<>", 1)
	assert.EqualError(t, err, `"<>" compares nothing`)
}

func TestWhatThereIsToKnow(t *testing.T) {
	execute(t, `
class Known:
    """What it is.

    And more.
    """
    size = 5
    evaluated = []
    @property
    def costly(self): self.evaluated.append(1); return 1
    def method(self, x, /, *, key=None): "Does it."
    @staticmethod
    def static(): pass
    @classmethod
    def made(cls): pass
known = Known()
`)
	known := eval(t, "known")
	methods, err := known.Methods()
	require.NoError(t, err)
	assert.Subset(t, methods, []string{"method", "static", "made", "__init__"})
	assert.NotContains(t, methods, "size")
	assert.NotContains(t, methods, "costly")
	attrs, err := known.Attrs()
	require.NoError(t, err)
	assert.Subset(t, attrs, []string{"size", "costly", "__dict__"})
	assert.NotContains(t, attrs, "method")
	assert.Empty(t, as[[]int](t, "Known.evaluated"), "no property was evaluated")
	dir, err := known.Dir()
	require.NoError(t, err)
	assert.True(t, slices.Contains(dir, "costly"))
	doc, err := known.Doc()
	require.NoError(t, err)
	assert.Equal(t, "What it is.\n\nAnd more.", doc)
	method, err := known.Attr("method")
	require.NoError(t, err)
	signature, err := method.Signature()
	require.NoError(t, err)
	assert.Equal(t, "(x, /, *, key=None)", signature)
	none, err := eval(t, "5").Signature()
	require.NoError(t, err)
	assert.Empty(t, none)
	help, err := method.Help()
	require.NoError(t, err)
	assert.Contains(t, help, "method(x, /, *, key=None)")
	assert.Contains(t, help, "Does it.")
	assert.NotContains(t, help, "\b")

	has, err := known.HasAttr("size")
	require.NoError(t, err)
	assert.True(t, has)
	has, err = known.HasAttr("nothing")
	require.NoError(t, err)
	assert.False(t, has)
	is, err := known.IsInstance(eval(t, "Known"))
	require.NoError(t, err)
	assert.True(t, is)
	is, err = known.IsInstance(eval(t, "(int, str)"))
	require.NoError(t, err)
	assert.False(t, is)
	_, err = known.IsInstance(known)
	assert.ErrorIs(t, err, pybridge.TypeError)
	hash, err := eval(t, "'x'").Hash()
	require.NoError(t, err)
	assert.Equal(t, as[int](t, "hash('x')"), hash)
	_, err = eval(t, "[]").Hash()
	assert.ErrorIs(t, err, pybridge.TypeError)
	assert.Equal(t, as[uint64](t, "id(known)"), known.ID())
	assert.Zero(t, pybridge.None.ID())
}

func TestWeakReferences(t *testing.T) {
	execute(t, "class Thing: pass\nthing = Thing()")
	thing := eval(t, "thing")
	weak, err := thing.Weak()
	require.NoError(t, err)
	o, err := weak.Object()
	require.NoError(t, err)
	assert.True(t, o.Is(thing))
	o.Close()
	thing.Close()
	execute(t, "del thing\nimport gc; gc.collect()")
	o, err = weak.Object()
	require.NoError(t, err)
	assert.Nil(t, o)
	_, err = eval(t, "[]").Weak()
	assert.ErrorIs(t, err, pybridge.TypeError)
}

func TestPickling(t *testing.T) {
	data, err := eval(t, "{'a': [1, (2.5, None)]}").Pickle()
	require.NoError(t, err)
	o, err := rt.Unpickle(data)
	require.NoError(t, err)
	assert.Equal(t, "{'a': [1, (2.5, None)]}", o.String())
	const refused = "TypeError: a Go value belongs to the process that made it and cannot be pickled"
	f, err := rt.Of(func() {})
	require.NoError(t, err)
	_, err = f.Pickle()
	assert.EqualError(t, err, refused)
	in, err := rt.Of([]any{1, func() {}})
	require.NoError(t, err)
	_, err = in.Pickle()
	assert.EqualError(t, err, refused)
	_, err = rt.Unpickle([]byte("x"))
	assert.Error(t, err)
}

func TestNamesForOneExpression(t *testing.T) {
	execute(t, "a = 100")
	for _, test := range []struct {
		source string
		names  pybridge.Kw
		want   string
	}{
		{"a + b", pybridge.Kw{"a": 4, "b": 7}, "11"},
		{"[x * n for x in range(3)]", pybridge.Kw{"n": 2}, "[0, 2, 4]"},
		{"(lambda: n)()", pybridge.Kw{"n": "inner"}, "inner"},
		{"a # the rest\n + 1", pybridge.Kw{"unused": 1}, "101"},
		{"len(s)", pybridge.Kw{"s": "'quoted'"}, "8"},
		{"f(2)", pybridge.Kw{"f": func(n int) int { return n * 3 }}, "6"},
		{"5", pybridge.Kw{}, "5"},
	} {
		for range 2 { // the second time without compiling
			got, err := rt.Eval(test.source, test.names)
			require.NoError(t, err)
			assert.Equal(t, test.want, got.String(), test.source)
		}
	}
	assert.Equal(t, 100, as[int](t, "a"), "it is what it was")
	_, err := rt.Eval("x = 1", pybridge.Kw{"x": 1})
	assert.ErrorIs(t, err, pybridge.SyntaxError)
	_, err = rt.Eval("1", pybridge.Kw{"not a name": 1})
	assert.ErrorIs(t, err, pybridge.SyntaxError)
	require.NoError(t, rt.Exec("c = a + d", pybridge.Kw{"d": 1}))
	assert.Equal(t, 101, as[int](t, "c"))
	assert.ErrorContains(t, rt.Exec("1", pybridge.Kw{"d": make(chan<- int)}), "setting d: ")
}

func TestFrom(t *testing.T) {
	hypot, err := rt.From("math", "hypot")
	require.NoError(t, err)
	n, err := pybridge.CallAs[float64](hypot, 3, 4)
	require.NoError(t, err)
	assert.Equal(t, 5.0, n)
	both, err := rt.FromAll("os.path", "join", "split")
	require.NoError(t, err)
	assert.Len(t, both, 2)
	_, err = rt.FromAll("math", "hypot", "nothing")
	assert.ErrorIs(t, err, pybridge.AttributeError)
	_, err = rt.From("no_such_module", "x")
	assert.ErrorIs(t, err, pybridge.ImportError)
}

func TestFutures(t *testing.T) {
	execute(t, "import time\ndef fails(): raise ValueError('no')")
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	square := eval(t, "lambda n: n * n")
	futures := []*pybridge.Future{square.Go(ctx, 2), square.Go(ctx, 3), eval(t, "fails").Go(ctx), eval(t, "'a'").GoMethod(ctx, "upper")}
	for _, i := range []int{3, 1, 0, 1} { // in any order, and twice
		o, err := futures[i].Wait()
		require.NoError(t, err)
		assert.Equal(t, []string{"4", "9", "", "A"}[i], o.String())
	}
	<-futures[2].Done()
	_, err := futures[2].Wait()
	assert.EqualError(t, err, "ValueError: no")
	assert.PanicsWithValue(t, "oops", func() { _, _ = eval(t, "lambda f: f()").Go(ctx, func() { panic("oops") }).Wait() })
	ended, end := context.WithCancel(t.Context())
	f := eval(t, "lambda: [None for _ in iter(int, 1)]").Go(ended)
	end()
	_, err = f.Wait()
	assert.ErrorIs(t, err, context.Canceled)
}

func TestGenerator(t *testing.T) {
	n := 0
	numbers, err := rt.Generator(func() int { n++; return n }, 5)
	require.NoError(t, err)
	list, err := pybridge.CallAs[[]int](eval(t, "list"), numbers)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2, 3, 4}, list)
	n = 0
	fails, err := rt.Generator(func() (int, error) { return 0, errors.New("dry") }, 5)
	require.NoError(t, err)
	_, err = eval(t, "list").Call(fails)
	assert.ErrorContains(t, err, "dry")
}

func TestScopes(t *testing.T) {
	execute(t, "import sys\nclass Probe: pass\nscoped = Probe()")
	count := eval(t, "lambda: sys.getrefcount(scoped)")
	before, err := pybridge.CallAs[int](count)
	require.NoError(t, err)
	var s pybridge.Scope
	for range 10 {
		_, err := s.Keep(rt.Get("scoped"))
		require.NoError(t, err)
	}
	held, err := pybridge.CallAs[int](count)
	require.NoError(t, err)
	assert.Equal(t, before+10, held)
	s.Close()
	after, err := pybridge.CallAs[int](count)
	require.NoError(t, err)
	assert.Equal(t, before, after)
	_, err = s.Keep(rt.Get("nowhere"))
	assert.ErrorIs(t, err, pybridge.NameError)
	s.Close()
}

func TestVersionAndConfiguration(t *testing.T) {
	v, err := rt.Version()
	require.NoError(t, err)
	assert.Equal(t, as[[]int](t, "__import__('sys').version_info[:3]"), []int{v.Major, v.Minor, v.Micro})
	assert.Equal(t, "3.14.0beta1", pybridge.Version{Major: 3, Minor: 14, Level: "beta", Serial: 1}.String())
	assert.Equal(t, rt.Info().Python.VersionText(), v.String())
	text, err := rt.Configuration()
	require.NoError(t, err)
	for _, part := range []string{rt.Info().Library, rt.Info().Python.Executable, "numpy ", "path "} {
		assert.Contains(t, text, part)
	}
	assert.True(t, rt.Alive())
}

func TestObjectsAsText(t *testing.T) {
	execute(t, "class Box:\n    def __str__(self): return 'a box'\n    def __repr__(self): return 'Box()'\nclass Mute:\n    def __str__(self): raise ValueError('no')\nbox = Box()")
	box := eval(t, "box")
	assert.Equal(t, "a box", box.String())
	text, err := box.Repr()
	require.NoError(t, err)
	assert.Equal(t, "Box()", text)
	assert.Equal(t, "Box()", box.MIMEBundle().Data["text/plain"])
	assert.Equal(t, as[uint64](t, "id(box)"), box.ID())
	assert.Equal(t, "<Python object: ValueError: no>", eval(t, "Mute()").String(), "printing never fails")
	box.Close()
	assert.Equal(t, "<Python object: the Python object has been closed>", box.String())
}

func TestClosingAnObject(t *testing.T) {
	execute(t, "gone = []\nclass Last:\n    def __del__(self): gone.append(1)")
	o := eval(t, "Last()")
	assert.Empty(t, as[[]int](t, "gone"))
	o.Close()
	assert.Equal(t, []int{1}, as[[]int](t, "gone"), "dropped at once")
	o.Close()
	_, err := o.Attr("x")
	assert.ErrorIs(t, err, pybridge.ErrClosed)
}
