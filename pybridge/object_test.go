package pybridge_test

import (
	"strings"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestEvalExecGetSet(t *testing.T) {
	execute(t, "x = 20\ndef twice(n): return 2 * n\nclass Box: pass\nbox = Box()")
	assert.Equal(t, 42, as[int](t, "twice(x) + 2"))
	assert.Equal(t, 7, as[int](t, "  3 +\t4\n"))
	require.NoError(t, rt.Set("y", []any{1, "a"}))
	assert.Equal(t, "[1, 'a']", as[string](t, "repr(y)"))
	require.NoError(t, rt.Set("box.size", 3))
	size, err := rt.Get("box.size")
	require.NoError(t, err)
	assert.Equal(t, "3", size.String())
	length, err := rt.Get("len")
	require.NoError(t, err)
	n, err := pybridge.CallAs[int](length, "four")
	require.NoError(t, err)
	assert.Equal(t, 4, n)
	for _, name := range []string{"nowhere", "nowhere.near"} {
		_, err = rt.Get(name)
		assert.EqualError(t, err, "NameError: name 'nowhere' is not defined")
	}
	element, err := rt.Get("xml.etree.ElementTree.Element.__name__")
	require.NoError(t, err)
	assert.Equal(t, "Element", element.String())
	_, err = rt.Get("xml.nothing")
	assert.ErrorIs(t, err, pybridge.ModuleNotFoundError)
	_, err = rt.Get("math.nothing")
	assert.ErrorIs(t, err, pybridge.AttributeError)
	assert.Error(t, rt.Exec("def"))
	_, err = rt.Eval("x = 1")
	assert.ErrorIs(t, err, &pybridge.Error{Type: "SyntaxError"})
}

func TestRunCellReturnsTheLastExpression(t *testing.T) {
	for _, test := range []struct{ name, source, want string }{
		{"expression", "a = 1\na + 1", "2"},
		{"semicolon", "a = 1\na + 1;", "None"},
		{"statement", "a = 1", "None"},
		{"empty", "", "None"},
		{"function", "def f():\n    return 5\nf()", "5"},
	} {
		t.Run(test.name, func(t *testing.T) {
			o, err := rt.RunCell(test.source, "<cell 1>")
			require.NoError(t, err)
			assert.Equal(t, test.want, o.String())
		})
	}
}

func TestImport(t *testing.T) {
	path, err := rt.Import("os.path")
	require.NoError(t, err)
	joined, err := pybridge.MethodAs[string](path, "join", "a", "b")
	require.NoError(t, err)
	assert.Equal(t, "a/b", joined)
	_, err = rt.Import("no_such_module")
	assert.EqualError(t, err, "ModuleNotFoundError: No module named 'no_such_module'")
	assert.ErrorIs(t, err, &pybridge.Error{Type: "ImportError"})
}

func TestCallsWithKeywords(t *testing.T) {
	execute(t, "def show(*args, **kw): return repr((args, kw))")
	show := eval(t, "show")
	for _, test := range []struct {
		name string
		args []any
		want string
	}{
		{"nothing", nil, "((), {})"},
		{"one", []any{1}, "((1,), {})"},
		{"keywords are sorted", []any{1, pybridge.Kw{"b": 2, "a": []any{}}}, "((1,), {'a': [], 'b': 2})"},
		{"only keywords", []any{pybridge.Kw{"x": nil}}, "((), {'x': None})"},
		{"no keywords", []any{pybridge.Kw{}}, "((), {})"},
		{"many", []any{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, pybridge.Kw{"k": 1}},
			"((1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), {'k': 1})"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := pybridge.CallAs[string](show, test.args...)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
			obj, err := show.Call(test.args...)
			require.NoError(t, err)
			assert.Equal(t, test.want, obj.String())
		})
	}
	_, err := eval(t, "len").Call(1, 2)
	assert.ErrorIs(t, err, &pybridge.Error{Type: "TypeError"})
}

func TestAttributesAndItems(t *testing.T) {
	execute(t, "class Thing: pass\nthing = Thing()\nmatrix = {(1, 2): 'a'}\nitems = [1, 2, 3, 4]")
	thing := eval(t, "thing")
	require.NoError(t, thing.SetAttr("größe", 5))
	size, err := pybridge.AttrAs[int](thing, "größe")
	require.NoError(t, err)
	assert.Equal(t, 5, size)
	require.NoError(t, thing.DelAttr("größe"))
	_, err = thing.Attr("größe")
	assert.EqualError(t, err, "AttributeError: 'Thing' object has no attribute 'größe'")

	item, err := eval(t, "matrix").Index(1, 2)
	require.NoError(t, err)
	assert.Equal(t, "a", item.String())

	items := eval(t, "items")
	part, err := items.Index(pybridge.Slice{1, nil, 2})
	require.NoError(t, err)
	assert.Equal(t, "[2, 4]", part.String())
	require.NoError(t, items.SetIndex("x", -1))
	require.NoError(t, items.DelIndex(0))
	assert.Equal(t, "[2, 3, 'x']", items.String())
	_, err = items.Index(9)
	assert.ErrorIs(t, err, &pybridge.Error{Type: "LookupError"})
}

func TestQuestionsToObjects(t *testing.T) {
	list := eval(t, "[1, 2, 3]")
	n, err := list.Len()
	require.NoError(t, err)
	assert.Equal(t, 3, n)
	in, err := list.Contains(2)
	require.NoError(t, err)
	assert.True(t, in)
	same, err := list.Equal([]any{1, 2, 3})
	require.NoError(t, err)
	assert.True(t, same)
	yes, err := eval(t, "[]").Truth()
	require.NoError(t, err)
	assert.False(t, yes)
	text, err := eval(t, "'it''s'").Repr()
	require.NoError(t, err)
	assert.Equal(t, "'its'", text)
	long, err := eval(t, "'é' * 500").Str()
	require.NoError(t, err)
	assert.Equal(t, strings.Repeat("é", 500), long)
	kind, err := list.Type()
	require.NoError(t, err)
	assert.Equal(t, "<class 'list'>", kind.String())
	assert.True(t, list.Is(list))
	assert.False(t, list.Is(eval(t, "[1, 2, 3]")))
	assert.True(t, eval(t, "None").IsNone())
	assert.True(t, eval(t, "None").Is(pybridge.None))
	assert.True(t, eval(t, "1 == 1").Is(pybridge.True))
	_, err = eval(t, "5").Len()
	assert.EqualError(t, err, "TypeError: object of type 'int' has no len()")
}

func TestNumbersAreObjectsToo(t *testing.T) {
	n := eval(t, "255")
	hex, err := pybridge.MethodAs[string](n, "__format__", "x")
	require.NoError(t, err)
	assert.Equal(t, "ff", hex)
	half, err := eval(t, "0.5").Method("as_integer_ratio")
	require.NoError(t, err)
	assert.Equal(t, "(1, 2)", half.String())
	n.Close()
	assert.Equal(t, "255", n.String(), "what is carried by value needs no Close")
}

func TestIteration(t *testing.T) {
	var got []string
	for item, err := range eval(t, "(c for c in 'abc')").Iter() {
		require.NoError(t, err)
		got = append(got, item.String())
	}
	assert.Equal(t, []string{"a", "b", "c"}, got)

	execute(t, "def broken():\n    yield 1\n    raise ValueError('two')")
	var last error
	n := 0
	for _, err := range eval(t, "broken()").Iter() {
		n++
		last = err
	}
	assert.Equal(t, 2, n)
	assert.EqualError(t, last, "ValueError: two")

	for _, err := range eval(t, "5").Iter() {
		assert.ErrorContains(t, err, "not iterable")
	}
	for range eval(t, "__import__('itertools').count()").Iter() {
		break
	}
}

func TestClosedObjects(t *testing.T) {
	o := eval(t, "object()")
	o.Close()
	o.Close()
	_, err := o.Call()
	assert.ErrorIs(t, err, pybridge.ErrClosed)
	_, err = pybridge.As[any](o)
	assert.ErrorIs(t, err, pybridge.ErrClosed)
	_, err = rt.Of([]any{o})
	assert.ErrorIs(t, err, pybridge.ErrClosed)
}

func TestIdentitySurvivesTheWay(t *testing.T) {
	execute(t, "kept = object()\nhold = [kept]")
	kept := eval(t, "kept")
	back, err := eval(t, "lambda v: v").Call(kept)
	require.NoError(t, err)
	assert.True(t, kept.Is(back))
	list, err := pybridge.As[[]*pybridge.Object](eval(t, "hold"))
	require.NoError(t, err)
	assert.True(t, kept.Is(list[0]))
}
