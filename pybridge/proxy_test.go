package pybridge_test

import (
	"bytes"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type engine struct {
	Power   int
	Serials [2]int
}

type car struct {
	Make    string
	Year    int `py:"built"`
	Engine  engine
	Spare   *engine
	Made    time.Time
	Prices  []float64
	secret  int
	Hidden  int `py:"-"`
	Drivers map[string]int
}

func (c *car) Drive(km int) (string, error) {
	if km < 0 {
		return "", errors.New("no way back")
	}
	return fmt.Sprintf("%s drove %d km", c.Make, km), nil
}
func (c *car) AddDrivers(kw pybridge.Kw, _ ...int) int { return len(kw) }
func (c *car) Fill(names ...string) int                { return len(names) }
func (c car) GetHTTPName() string                      { return "car/" + c.Make }
func (c *car) Self() *car                              { return c }
func (c *car) Import() string                          { return "imported" }
func (c *car) Panic()                                  { panic("crashed") }
func (c *car) TakesObject(o *pybridge.Object, more ...*pybridge.Object) string {
	return o.String() + fmt.Sprint(len(more))
}

// stack has what Python has syntax for.
type stack struct {
	items  []int
	closed bool
	log    []string
}

func (s *stack) Len() int           { return len(s.items) }
func (s *stack) String() string     { return fmt.Sprintf("stack of %d", len(s.items)) }
func (s *stack) All() iter.Seq[int] { return func(yield func(int) bool) { s.each(yield) } }
func (s *stack) each(yield func(int) bool) {
	for _, i := range s.items {
		if !yield(i) {
			return
		}
	}
}
func (s *stack) Close() error             { s.closed = true; return nil }
func (s *stack) Equal(other *stack) bool  { return fmt.Sprint(s.items) == fmt.Sprint(other.items) }
func (s *stack) Compare(other *stack) int { return len(s.items) - len(other.items) }
func (s *stack) PyGetItem(i int) (int, error) {
	if i < 0 || i >= len(s.items) {
		return 0, pybridge.IndexError
	}
	return s.items[i], nil
}
func (s *stack) PySetItem(i, v int)         { s.items[i] = v }
func (s *stack) PyContains(i int) bool      { return i == 7 }
func (s *stack) PyCall(n int, more int) int { return n * more }
func (s *stack) PyHash() int                { return 99 }
func (s *stack) PyAdd(other *stack) *stack  { return &stack{items: append(s.items, other.items...)} }
func (s *stack) PyNeg() int                 { return -len(s.items) }
func (s *stack) PyBool() bool               { return !s.closed }
func (s *stack) PyGetAttr(name string) (any, error) {
	if name == "magic" {
		return func(n int) int { return n + 1 }, nil
	}
	return nil, fmt.Errorf("%w", pybridge.AttributeError)
}
func (s *stack) PySetAttr(name string, value any) error {
	s.log = append(s.log, fmt.Sprint(name, "=", value))
	return nil
}

// run evaluates an expression with names.
func run(t *testing.T, source string, names pybridge.Kw) string {
	t.Helper()
	o, err := rt.Eval(source, names)
	require.NoError(t, err)
	return o.String()
}

func TestPointersStandForGoValues(t *testing.T) {
	c := &car{secret: 1, Make: "Lada", Year: 1970, Engine: engine{Power: 60}, Made: time.Date(1970, 4, 19, 0, 0, 0, 0, time.UTC), Prices: []float64{1, 2}}
	names := pybridge.Kw{"c": c}
	for _, test := range []struct{ source, want string }{
		{"c.Make", "Lada"}, {"c.make", "Lada"}, {"c.built", "1970"}, {"c.Engine.Power", "60"}, {"c.engine.power", "60"},
		{"c.Spare is None", "True"}, {"c.Made.year", "1970"}, {"c.Prices[1] * 2", "4.0"},
		{"c.Drive(5)", "Lada drove 5 km"}, {"c.drive(5)", "Lada drove 5 km"}, {"c.fill('a', 'b')", "2"}, {"c.GetHTTPName()", "car/Lada"},
		{"c.get_http_name()", "car/Lada"}, {"c.import_()", "imported"}, {"getattr(c, 'Import')()", "imported"},
		{"c.Self() is c", "True"}, {"c == c, c != c, hash(c) == hash(c)", "(True, False, True)"},
		{"type(c).__name__, type(c).__module__", "('car', 'go')"}, {"type(c).__doc__", "Go's *pybridge_test.car."},
		{"[n for n in dir(c) if n in ('secret', 'Hidden', 'hidden', 'Year')]", "[]"}, {"c.takes_object([1], 2, 3)", "[1]2"},
		{"c.Drive.__doc__", "func (*pybridge_test.car) Drive(int) (string, error)"},
		{"sorted([c.Drive(2), c.Drive(1)])[0]", "Lada drove 1 km"}, {"(lambda d: d(3))(c.drive)", "Lada drove 3 km"},
		{"len(c.engine.serials)", "2"},
	} {
		t.Run(test.source, func(t *testing.T) { assert.Equal(t, test.want, run(t, test.source, names)) })
	}
	require.NoError(t, rt.Exec(`
c.Make = 'Volga'
c.built = 1956
c.engine.power = 65
c.Prices[0] = 100
c.Spare = c.Engine
c.Drivers = {'ann': 3}
c.engine.Serials[1] = 7
`, names))
	assert.Equal(t, "Volga", c.Make)
	assert.Equal(t, 1, c.secret)
	assert.Equal(t, 1956, c.Year)
	assert.Equal(t, 65, c.Engine.Power)
	assert.Equal(t, 100.0, c.Prices[0])
	assert.Same(t, &c.Engine, c.Spare)
	assert.Equal(t, map[string]int{"ann": 3}, c.Drivers)
	if as[bool](t, "hasattr(c.engine.Serials, 'dtype')") {
		assert.Equal(t, 7, c.Engine.Serials[1], "an array of numbers is shared")
	}
}

func TestWhatIsWrongWithGoValues(t *testing.T) {
	names := pybridge.Kw{"c": &car{Make: "Lada"}}
	for _, test := range []struct {
		source, want string
		is           error
	}{
		{"c.Drive(-1)", "GoError: no way back", nil},
		{"c.Drive('far')", "argument 1: want int, got str", pybridge.TypeError},
		{"c.Drive()", "Drive() takes 1 arguments, got 0", pybridge.TypeError},
		{"c.Drive(1, x=2)", "Drive() takes no keyword arguments", pybridge.TypeError},
		{"c.nothing", "'car' object has no attribute 'nothing'", pybridge.AttributeError},
		{"setattr(c, 'Year', 1)", "", nil},
		{"setattr(c, 'built', 'x')", ".built: want int, got str", pybridge.TypeError},
		{"type(c).Drive(None, 1)", "want *pybridge_test.car, got None", pybridge.TypeError},
		{"type(c).Drive()", "missing 1 required positional argument", pybridge.TypeError},
		{"type(c).Drive(5, 1)", "want pybridge_test.car, got int", pybridge.TypeError},
		{"__import__('pickle').dumps(c)", "a car belongs to the process that made it and cannot be pickled", pybridge.TypeError},
		{"__import__('copy').copy(c)", "cannot be pickled", pybridge.TypeError},
		{"type(c)(1, 2, 3, 4, 5, 6, 7, 8)", "there are 7 fields, and 8 values for them", pybridge.TypeError},
		{"type(c)(wheels=3)", "there is no field wheels", pybridge.TypeError},
	} {
		t.Run(test.source, func(t *testing.T) {
			_, err := rt.Eval(test.source, names)
			if test.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, test.want)
			if test.is != nil {
				assert.ErrorIs(t, err, test.is)
			}
		})
	}
	assert.PanicsWithValue(t, "crashed", func() { _, _ = rt.Eval("c.Panic()", names) })
}

func TestGoValuesComeBackAsThemselves(t *testing.T) {
	c := &car{Make: "Lada"}
	same := eval(t, "lambda v: v")
	o, err := same.Call(c)
	require.NoError(t, err)
	again, err := same.Call(c)
	require.NoError(t, err)
	assert.True(t, o.Is(again), "one object for one pointer")
	back, err := pybridge.As[*car](o)
	require.NoError(t, err)
	assert.Same(t, c, back)
	value, err := pybridge.As[car](o)
	require.NoError(t, err)
	assert.Equal(t, *c, value, "a copy where a copy is wanted")
	dynamic, err := pybridge.As[any](o)
	require.NoError(t, err)
	assert.Same(t, c, dynamic)
	list, err := pybridge.CallAs[[]any](eval(t, "lambda v: [v, v]"), c)
	require.NoError(t, err)
	assert.Equal(t, []any{c, c}, list)
	var s fmt.Stringer
	s, err = pybridge.CallAs[fmt.Stringer](same, &stack{})
	require.NoError(t, err)
	assert.Equal(t, "stack of 0", s.String())
	_, err = pybridge.CallAs[int](same, c)
	assert.EqualError(t, err, "want int, got Go's *pybridge_test.car")
	_, err = pybridge.CallAs[fmt.Stringer](same, c)
	assert.EqualError(t, err, "want fmt.Stringer, got Go's *pybridge_test.car")
	_, err = pybridge.CallAs[[]*car](eval(t, "lambda v: [v, 1]"), c)
	assert.EqualError(t, err, "list[1]: want pybridge_test.car, got int")

	takes := func(a *car, b car, c any, d *pybridge.Object) bool {
		return a == c && b.Make == a.Make && d.String() != ""
	}
	ok, err := pybridge.CallAs[bool](eval(t, "lambda f, c: f(c, c, c, c)"), takes, c)
	require.NoError(t, err)
	assert.True(t, ok)

	f := func(n int) int { return n + 1 }
	back2, err := pybridge.CallAs[any](same, f)
	require.NoError(t, err)
	assert.Equal(t, 3, back2.(func(int) int)(2), "functions, too")
	wider, err := pybridge.CallAs[func(float64) (float64, error)](same, f)
	require.NoError(t, err)
	_, err = wider(1.5)
	assert.ErrorIs(t, err, pybridge.TypeError)
	n, err := wider(2)
	assert.ErrorIs(t, err, pybridge.TypeError)
	assert.Zero(t, n)
	_, err = pybridge.CallAs[any](eval(t, "lambda c: type(c).Drive"), c)
	require.NoError(t, err)
}

func TestWhatPythonHasSyntaxFor(t *testing.T) {
	s := &stack{items: []int{1, 2}}
	names := pybridge.Kw{"s": s, "same": &stack{items: []int{1, 2}}, "more": &stack{items: []int{1, 2, 3}}}
	for _, test := range []struct{ source, want string }{
		{"len(s)", "2"}, {"str(s)", "stack of 2"}, {"repr(s)", "<*pybridge_test.stack stack of 2>"}, {"list(s)", "[1, 2]"}, {"[i for i in s]", "[1, 2]"},
		{"s == same, s != same, s == more, s == 5, s != None", "(True, False, False, False, True)"},
		{"s < more, s >= more, more > s, s <= same", "(True, False, True, True)"}, {"sorted([more, s])[0] is s", "True"}, {"hash(s)", "99"},
		{"s[1]", "2"}, {"7 in s, 1 in s", "(True, False)"}, {"s(6, 7)", "42"}, {"list(s + more)", "[1, 2, 1, 2, 3]"}, {"-s", "-2"}, {"bool(s)", "True"},
		{"s.magic(1)", "2"}, {"callable(s)", "True"},
	} {
		t.Run(test.source, func(t *testing.T) { assert.Equal(t, test.want, run(t, test.source, names)) })
	}
	_, err := rt.Eval("s[5]", names)
	assert.ErrorIs(t, err, pybridge.IndexError)
	_, err = rt.Eval("s.nothing", names)
	assert.ErrorIs(t, err, pybridge.AttributeError)
	_, err = rt.Eval("s < 5", names)
	assert.ErrorIs(t, err, pybridge.TypeError)
	has, err := rt.Eval("hasattr(s, 'nothing')", names)
	require.NoError(t, err)
	assert.Equal(t, "False", has.String())
	require.NoError(t, rt.Exec("with s as inside:\n    inside[0] = 50\n    open_then = bool(inside)\ns.color = 'red'\nresult = open_then, inside is s", names))
	assert.Equal(t, "(True, True)", eval(t, "result").String())
	assert.True(t, s.closed)
	assert.Equal(t, []int{50, 2}, s.items)
	assert.Equal(t, []string{"color=red"}, s.log)
}

func TestReadersAndWritersAreFiles(t *testing.T) {
	read := func(text string) pybridge.Kw { return pybridge.Kw{"f": strings.NewReader(text)} }
	assert.Equal(t, "b'one\\ntwo'", run(t, "f.read()", read("one\ntwo")))
	assert.Equal(t, "[b'one', b'\\ntw', b'o', b'']", run(t, "[f.read(3) for _ in range(4)]", read("one\ntwo")))
	assert.Equal(t, "[b'one\\n', b'two']", run(t, "list(f)", read("one\ntwo")))
	assert.Equal(t, "(b'one\\n', b't', b'wo')", run(t, "(f.readline(), f.readline(1), f.read())", read("one\ntwo")))
	assert.Equal(t, "{'a': 1}", run(t, "__import__('json').load(f)", read(`{"a": 1}`)))
	assert.Equal(t, "[['a', 'b'], ['1', '2']]", run(t, "list(__import__('csv').reader(__import__('codecs').getreader('utf-8')(f)))", read("a,b\n1,2\n")))
	buffer := new(bytes.Buffer)
	require.NoError(t, rt.Exec("f.write(b'abc')\nprint('ü', file=__import__('codecs').getwriter('utf-8')(f))\nf.flush()", pybridge.Kw{"f": buffer}))
	assert.Equal(t, "abcü\n", buffer.String())
	fails := iotestErr{errors.New("broken pipe")}
	_, err := rt.Eval("f.read()", pybridge.Kw{"f": &fails})
	assert.ErrorIs(t, err, fails.err)
}

type iotestErr struct{ err error }

func (i *iotestErr) Read([]byte) (int, error) { return 0, i.err }

func TestMapsAndSlicesByReference(t *testing.T) {
	m := map[string]int{"a": 1, "b": 2}
	names := pybridge.Kw{"m": pybridge.Ref{m}}
	for _, test := range []struct{ source, want string }{
		{"m['a']", "1"}, {"m.get('x', 5)", "5"}, {"len(m)", "2"}, {"list(m)", "['a', 'b']"}, {"'a' in m, 'x' in m", "(True, False)"},
		{"list(m.items())", "[('a', 1), ('b', 2)]"}, {"dict(m)", "{'a': 1, 'b': 2}"}, {"m == {'a': 1, 'b': 2}", "True"},
	} {
		assert.Equal(t, test.want, run(t, test.source, names), test.source)
	}
	require.NoError(t, rt.Exec("m['c'] = 3\ndel m['a']\nm.update(d=4)", names))
	assert.Equal(t, map[string]int{"b": 2, "c": 3, "d": 4}, m)
	_, err := rt.Eval("m['x']", names)
	assert.ErrorIs(t, err, pybridge.KeyError)
	_, err = rt.Eval("m.__setitem__('x', 'y')", names)
	assert.ErrorIs(t, err, pybridge.TypeError)
	back, err := pybridge.CallAs[map[string]int](eval(t, "lambda m: m"), pybridge.Ref{m})
	require.NoError(t, err)
	back["z"] = 1
	assert.Contains(t, m, "z", "it is the same map")

	points := []point{{1, 2}, {3, 4}}
	names = pybridge.Kw{"s": pybridge.Ref{&points}, "t": pybridge.Ref{&[]string{"a", "b", "c"}}, "fixed": pybridge.Ref{&[2]string{"x", "y"}}}
	for _, test := range []struct{ source, want string }{
		{"len(s)", "2"}, {"s[0].X, s[-1].Y", "(1, 4)"}, {"t[1:]", "['b', 'c']"}, {"list(t)", "['a', 'b', 'c']"}, {"'b' in t, t.index('c')", "(True, 2)"},
		{"list(reversed(t))", "['c', 'b', 'a']"}, {"list(fixed)", "['x', 'y']"},
	} {
		assert.Equal(t, test.want, run(t, test.source, names), test.source)
	}
	require.NoError(t, rt.Exec("s[0].X = 10\ns.append({'X': 5, 'Y': 6})\ns.insert(0, s[1])\ndel s[2]\nfixed[0] = 'z'", names))
	assert.Equal(t, []point{{3, 4}, {10, 2}, {5, 6}}, points)
	for source, is := range map[string]error{"s[9]": pybridge.IndexError, "fixed.append('x')": pybridge.TypeError, "s.append(1)": pybridge.TypeError,
		"t.__setitem__(slice(0, 1), 'x')": pybridge.TypeError, "fixed.__delitem__(0)": pybridge.TypeError} {
		_, err := rt.Eval(source, names)
		assert.ErrorIs(t, err, is, source)
	}
	_, err = rt.Of(pybridge.Ref{5})
	assert.EqualError(t, err, "a Ref needs a pointer or a map, not a int")
	none, err := rt.Of(pybridge.Ref{(*[]int)(nil)})
	require.NoError(t, err)
	assert.True(t, none.IsNone())
}

func TestPointersThatAreValues(t *testing.T) {
	moment := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	assert.Equal(t, "2024", run(t, "m.year", pybridge.Kw{"m": &moment}))
	text := "x"
	assert.Equal(t, "x", run(t, "t", pybridge.Kw{"t": &text}))
	u, err := url.Parse("https://go.dev/x?y=1")
	require.NoError(t, err)
	assert.Equal(t, "('go.dev', '/x', 'https://go.dev/x?y=1')", run(t, "(u.Host, u.path, str(u))", pybridge.Kw{"u": u}))
}

// The class of a Go type can be called, and derived from.
func TestClassesOfGoTypes(t *testing.T) {
	class, err := pybridge.ClassFor[car](nil)
	require.NoError(t, err)
	require.NoError(t, rt.Set("Car", class))
	assert.Equal(t, "('Lada', 1970, 60)", run(t, "(lambda c: (c.Make, c.built, c.engine.power))(Car('Lada', built=1970, Engine={'Power': 60}))", nil))
	made := as[*car](t, "Car('Lada')")
	assert.Equal(t, "Lada", made.Make)
	require.NoError(t, rt.Exec(`
class Taxi(Car):
    def __init__(self, make): self.fare = 5
    def Drive(self, km): return 'taxi: ' + super().Drive(km)
taxi = Taxi('Lada')
`))
	assert.Equal(t, "('taxi: Lada drove 2 km', 5, True)", run(t, "(taxi.Drive(2), taxi.fare, isinstance(taxi, Car))", nil))
	c := as[*car](t, "taxi")
	assert.Equal(t, "Lada", c.Make)
	assert.Equal(t, "True", run(t, "c is taxi", pybridge.Kw{"c": c}), "the derived object is the one")

	counted, err := pybridge.ClassFor[stack](func(n int) (*stack, error) {
		if n < 0 {
			return nil, pybridge.ValueError
		}
		return &stack{items: make([]int, n)}, nil
	})
	require.NoError(t, err)
	o, err := counted.Call(3)
	require.NoError(t, err)
	assert.Equal(t, "stack of 3", o.String())
	_, err = counted.Call(-1)
	assert.ErrorIs(t, err, pybridge.ValueError)
	is, err := o.IsInstance(counted)
	require.NoError(t, err)
	assert.True(t, is)
	_, err = rt.Eval("type(m)()", pybridge.Kw{"m": pybridge.Ref{map[string]int{}}})
	assert.ErrorContains(t, err, "only Go makes values of")
}

func TestGoValuesAreForgotten(t *testing.T) {
	execute(t, "kept = []")
	keep := eval(t, "lambda v: (kept.append(v), kept.pop())[0]")
	shared := &car{}
	unchanged(t, 200, func() {
		_, err := keep.Call(&car{Make: "x"})
		require.NoError(t, err)
		_, err = keep.Call(shared)
		require.NoError(t, err)
		_, err = eval(t, "lambda v: [v, v.engine, v.drive]").Call(shared)
		require.NoError(t, err)
		_, err = keep.Call([]any{shared, make(chan<- int)})
		require.Error(t, err)
	})
}
