package main

import (
	"strconv"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// A measure is one thing, done by Python's loop and by Go's.
type measure struct {
	name             string
	setup, statement string // of Python's loop, in which i counts from 1000
	numpy            bool   // it needs numpy
	// prepare returns what runs n turns on Go's side.
	prepare func(rt *pybridge.Runtime) (func(n int) error, error)
}

// measures lists the rows of the table.
func measures() []measure {
	return []measure{
		{name: "f()", setup: "def f(): pass", statement: "f()", prepare: callNothing},
		{name: "str(i) to a Go string", setup: "pass", statement: "str(i)", prepare: callStr},
		{name: "str(i), by Func1", setup: "pass", statement: "str(i)", prepare: callStrFunc},
		{name: "str(i), by Map, each", setup: "pass", statement: "str(i)", prepare: mapStr},
		{name: "f(i), by Map, each", setup: "def f(i): return i", statement: "f(i)", prepare: mapIdentity},
		{name: "chain: o.a.b[1].count(2)", setup: "class O: pass\no = O()\no.a = O()\no.a.b = [[], [1, 2, 3]]",
			statement: "o.a.b[1].count(2)", prepare: callChain},
		{name: "foo() that returns str(1)", setup: "def foo(): return str(1)", statement: "foo()", prepare: callFoo},
		{name: "str of an object", setup: "o = 12345678901", statement: "str(o)", prepare: strOfObject},
		{name: "method: l.count(2)", setup: "l = [1, 2, 3]", statement: "l.count(2)", prepare: callMethod},
		{name: "method with a text: s.startswith('no')", setup: "s = 'text'", statement: "s.startswith('no')", prepare: methodWithText},
		{name: "attribute: p.x", setup: "class P: x = 1.5\np = P()", statement: "p.x", prepare: attribute},
		{name: "keywords: f(1, b=3, c=4)", setup: "def f(a, b=1, c=2): return a", statement: "f(1, b=3, c=4)", prepare: keywords},
		{name: "a new object: list()", setup: "f = list", statement: "f()", prepare: newObject},
		{name: "exception", setup: "def f(): raise ValueError('no')",
			statement: "try: f()\nexcept ValueError: pass", prepare: exception},
		{name: "callback: f(1.5) in Python's loop", setup: "f = lambda x: x + 1", statement: "f(1.5)", prepare: callback},
		{name: "callback, a Short function", setup: "f = lambda x: x + 1", statement: "f(1.5)", prepare: callbackShort},
		{name: "slice of 10^6 to an ndarray, len", numpy: true, setup: "import array, numpy\na = array.array('d', bytes(8000000))",
			statement: "len(numpy.asarray(a))", prepare: sliceToArray},
		{name: "slice of 10^8 to an ndarray and back", numpy: true, setup: "import array, numpy\na = array.array('d', bytes(8000000))",
			statement: "memoryview(numpy.asarray(a))", prepare: thereAndBack},
		{name: "view of an ndarray of 10^6", numpy: true, setup: "import numpy\na = numpy.zeros(1000000)",
			statement: "memoryview(a)", prepare: viewOfArray},
		{name: "dict of 1,000 to a Go map", setup: "d = {str(i): i for i in range(1000)}", statement: "{k: v for k, v in d.items()}", prepare: dictToMap},
		{name: "Go map of 1,000 to a dict", setup: "d = {str(i): i for i in range(1000)}", statement: "{k: v for k, v in d.items()}",
			prepare: mapToDict},
		{name: "list of 10^6 floats to a slice", setup: "import array\nl = [float(i) for i in range(1000000)]",
			statement: "array.array('d', l)", prepare: listToSlice},
		{name: "1,000 texts to a list", setup: "r = [str(i) for i in range(1000)]", statement: "[s + '' for s in r]", prepare: textsToList},
		{name: "1,000 ints to a list", setup: "r = range(1000, 2000)", statement: "list(r)", prepare: sliceToList},
	}
}

// named runs source and returns one of the names that it binds.
func named(rt *pybridge.Runtime, name, source string) (*pybridge.Object, error) {
	if err := rt.Exec(source); err != nil {
		return nil, err
	}
	return rt.Get(name)
}

// repeat makes a loop of something that is done once.
func repeat(f func() error) func(n int) error {
	return func(n int) error {
		for range n {
			if err := f(); err != nil {
				return err
			}
		}
		return nil
	}
}

func callNothing(rt *pybridge.Runtime) (func(n int) error, error) {
	f, err := named(rt, "nothing", "def nothing(): pass")
	return repeat(func() error { _, err := f.Call(); return err }), err
}

func callStr(rt *pybridge.Runtime) (func(n int) error, error) {
	str, err := rt.Get("str")
	return func(n int) error {
		for i := range n {
			if _, err := pybridge.CallAs[string](str, 1000+i); err != nil {
				return err
			}
		}
		return nil
	}, err
}

func callStrFunc(rt *pybridge.Runtime) (func(n int) error, error) {
	o, err := rt.Get("str")
	str := pybridge.Func1[int, string](o)
	return func(n int) error {
		for i := range n {
			if _, err := str(1000 + i); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// mapped makes a loop of one Map over as many numbers as the loop has turns.
func mapped[R any](f *pybridge.Object) func(n int) error {
	return func(n int) error {
		numbers := make([]int, n)
		for i := range numbers {
			numbers[i] = 1000 + i
		}
		_, err := pybridge.Map[R](f, numbers)
		return err
	}
}

func mapStr(rt *pybridge.Runtime) (func(n int) error, error) {
	str, err := rt.Get("str")
	return mapped[string](str), err
}

func mapIdentity(rt *pybridge.Runtime) (func(n int) error, error) {
	f, err := named(rt, "identity", "def identity(i): return i")
	return mapped[int](f), err
}

func callChain(rt *pybridge.Runtime) (func(n int) error, error) {
	o, err := named(rt, "chained", "class O: pass\nchained = O()\nchained.a = O()\nchained.a.b = [[], [1, 2, 3]]")
	return repeat(func() error {
		_, err := pybridge.ChainAs[int](o.Chain().Attr("a").Attr("b").Index(1).Method("count", 2))
		return err
	}), err
}

func callFoo(rt *pybridge.Runtime) (func(n int) error, error) {
	foo, err := named(rt, "foo", "def foo(): return str(1)")
	return repeat(func() error { _, err := pybridge.CallAs[string](foo); return err }), err
}

func strOfObject(rt *pybridge.Runtime) (func(n int) error, error) {
	// An int that fits is carried by value; a subclass of it stays an object.
	o, err := named(rt, "number", "class Number(int): __slots__ = ()\nnumber = Number(12345678901)")
	return repeat(func() error { _, err := o.Str(); return err }), err
}

func callMethod(rt *pybridge.Runtime) (func(n int) error, error) {
	l, err := rt.Eval("[1, 2, 3]")
	return repeat(func() error { _, err := pybridge.MethodAs[int](l, "count", 2); return err }), err
}

func methodWithText(rt *pybridge.Runtime) (func(n int) error, error) {
	s, err := rt.Eval("'text'")
	return repeat(func() error { _, err := pybridge.MethodAs[bool](s, "startswith", "no"); return err }), err
}

func attribute(rt *pybridge.Runtime) (func(n int) error, error) {
	p, err := named(rt, "point", "class Point: x = 1.5\npoint = Point()")
	return repeat(func() error { _, err := pybridge.AttrAs[float64](p, "x"); return err }), err
}

func keywords(rt *pybridge.Runtime) (func(n int) error, error) {
	f, err := named(rt, "with_keywords", "def with_keywords(a, b=1, c=2): return a")
	kw := pybridge.Kw{"b": 3, "c": 4}
	return repeat(func() error { _, err := pybridge.CallAs[int](f, 1, kw); return err }), err
}

func newObject(rt *pybridge.Runtime) (func(n int) error, error) {
	list, err := rt.Get("list")
	return repeat(func() error { _, err := list.Call(); return err }), err
}

func exception(rt *pybridge.Runtime) (func(n int) error, error) {
	f, err := named(rt, "fails", "def fails(): raise ValueError('no')")
	return repeat(func() error { _, _ = f.Call(); return nil }), err // it always fails
}

func callback(rt *pybridge.Runtime) (func(n int) error, error) {
	return called(rt, func(x float64) float64 { return x + 1 })
}

func callbackShort(rt *pybridge.Runtime) (func(n int) error, error) {
	return called(rt, pybridge.Short(func(x float64) float64 { return x + 1 }))
}

// called makes a loop of Python that calls a Go function.
func called(rt *pybridge.Runtime, function any) (func(n int) error, error) {
	apply, err := named(rt, "apply", "def apply(f, n):\n    for _ in range(n): f(1.5)")
	if err != nil {
		return nil, err
	}
	f, err := rt.Of(function)
	return func(n int) error { _, err := apply.Call(f, n); return err }, err
}

func sliceToArray(rt *pybridge.Runtime) (func(n int) error, error) {
	length, err := rt.Get("len")
	data := make([]float64, 1_000_000)
	return repeat(func() error { _, err := pybridge.CallAs[int](length, data); return err }), err
}

// thereAndBack hands 800 MB to Python and opens what comes back; the pages are never touched.
func thereAndBack(rt *pybridge.Runtime) (func(n int) error, error) {
	identity, err := rt.Eval("lambda a: a")
	data := make([]float64, 100_000_000)
	return repeat(func() error {
		a, err := identity.Call(data)
		if err != nil {
			return err
		}
		defer a.Close()
		v, err := pybridge.OpenView[float64](a)
		if err == nil {
			v.Close()
		}
		return err
	}), err
}

func viewOfArray(rt *pybridge.Runtime) (func(n int) error, error) {
	array, err := rt.Of(make([]float64, 1_000_000))
	return repeat(func() error {
		v, err := pybridge.OpenView[float64](array)
		if err == nil {
			v.Close()
		}
		return err
	}), err
}

func dictToMap(rt *pybridge.Runtime) (func(n int) error, error) {
	d, err := rt.Eval("{str(i): i for i in range(1000)}")
	return repeat(func() error { _, err := pybridge.As[map[string]int](d); return err }), err
}

func mapToDict(rt *pybridge.Runtime) (func(n int) error, error) {
	d, err := rt.Eval("{str(i): i for i in range(1000)}")
	if err != nil {
		return nil, err
	}
	length, err := rt.Get("len")
	if err != nil {
		return nil, err
	}
	m, err := pybridge.As[map[string]int](d)
	return repeat(func() error { _, err := pybridge.CallAs[int](length, m); return err }), err
}

func listToSlice(rt *pybridge.Runtime) (func(n int) error, error) {
	l, err := rt.Eval("[float(i) for i in range(1000000)]")
	return repeat(func() error { _, err := pybridge.As[[]float64](l); return err }), err
}

func textsToList(rt *pybridge.Runtime) (func(n int) error, error) {
	length, err := rt.Get("len")
	texts := make([]string, 1000)
	for i := range texts {
		texts[i] = strconv.Itoa(i)
	}
	return repeat(func() error { _, err := pybridge.CallAs[int](length, texts); return err }), err
}

func sliceToList(rt *pybridge.Runtime) (func(n int) error, error) {
	length, err := rt.Get("len")
	values := make([]any, 1000)
	for i := range values {
		values[i] = i + 1000
	}
	return repeat(func() error { _, err := pybridge.CallAs[int](length, values); return err }), err
}
