package pybridge_test

import (
	"errors"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func newClass(t *testing.T, c pybridge.ClassConfig) *pybridge.Object {
	t.Helper()
	class, err := rt.NewClass(c)
	require.NoError(t, err)
	return class
}

func TestClassesInGo(t *testing.T) {
	class := newClass(t, pybridge.ClassConfig{
		Name: "Account", Doc: "Money.",
		Methods: map[string]any{
			"__init__": func(self *pybridge.Object, owner string) error { return self.SetAttr("owner", owner) },
			"deposit": func(self *pybridge.Object, amounts ...float64) (sum float64) {
				for _, a := range amounts {
					sum += a
				}
				return sum
			},
			"__len__": func(self *pybridge.Object) int { return 3 },
			"fails":   func(self *pybridge.Object) error { return pybridge.ValueError },
			"options": func(self *pybridge.Object, kw pybridge.Kw) int { return len(kw) },
		},
		Static: map[string]any{"double": func(n int) int { return 2 * n }},
		Properties: map[string]pybridge.Property{"upper": {Get: func(self *pybridge.Object) (*pybridge.Object, error) {
			return self.Chain().Attr("owner").Method("upper").Object()
		}, Doc: "Loud."}, "rate": {Get: func(*pybridge.Object) int { return 5 }, Set: func(self *pybridge.Object, n int) error { return self.SetAttr("_rate", n) }}},
		Attrs: map[string]any{"currency": "EUR"},
	})
	require.NoError(t, rt.Set("Account", class))
	for _, test := range []struct{ source, want string }{
		{"Account('ann').owner", "ann"}, {"Account('ann').deposit(1, 2.5)", "3.5"}, {"len(Account('x'))", "3"}, {"Account.double(4)", "8"},
		{"Account('ann').upper", "ANN"}, {"Account.currency", "EUR"}, {"Account.__doc__", "Money."}, {"Account.upper.__doc__", "Loud."},
		{"Account('x').options(a=1, b=2)", "2"}, {"Account.__name__, Account.__mro__[1].__name__", "('Account', 'object')"},
	} {
		assert.Equal(t, test.want, run(t, test.source, nil), test.source)
	}
	require.NoError(t, rt.Exec("account = Account('x')\naccount.rate = 7"))
	assert.Equal(t, 7, as[int](t, "account._rate"))
	_, err := rt.Eval("account.fails()")
	assert.ErrorIs(t, err, pybridge.ValueError)
	_, err = rt.Eval("setattr(account, 'upper', 1)")
	assert.ErrorIs(t, err, pybridge.AttributeError)
	_, err = rt.Eval("Account()")
	assert.ErrorIs(t, err, pybridge.TypeError)
}

func TestClassesInGoDeriveFromThoseOfPython(t *testing.T) {
	execute(t, `
import threading, json, html.parser, logging, abc
class Shape(abc.ABC):
    def __init__(self, name): self.name = name
    @abc.abstractmethod
    def area(self): ...
    def describe(self): return f'{self.name} of {self.area()}'
`)
	var shape *pybridge.Object
	shape = newClass(t, pybridge.ClassConfig{
		Name: "Square", Bases: []*pybridge.Object{eval(t, "Shape")},
		Methods: map[string]any{
			"__init__": func(self *pybridge.Object, side float64) error {
				super, err := self.Super(shape)
				if err != nil {
					return err
				}
				if _, err := super.Method("__init__", "square"); err != nil {
					return err
				}
				return self.SetAttr("side", side)
			},
			"area": func(self *pybridge.Object) (float64, error) {
				side, err := pybridge.AttrAs[float64](self, "side")
				return side * side, err
			},
			"describe": func(self *pybridge.Object) (string, error) {
				super, err := self.Super(shape)
				if err != nil {
					return "", err
				}
				text, err := pybridge.MethodAs[string](super, "describe")
				return text + "!", err
			},
		},
	})
	square, err := shape.Call(3)
	require.NoError(t, err)
	text, err := pybridge.MethodAs[string](square, "describe")
	require.NoError(t, err)
	assert.Equal(t, "square of 9.0!", text)
	abstract := newClass(t, pybridge.ClassConfig{Name: "Abstract", Bases: []*pybridge.Object{eval(t, "Shape")}})
	_, err = abstract.Call("x")
	assert.ErrorIs(t, err, pybridge.TypeError)

	ran := make(chan string, 1)
	thread := newClass(t, pybridge.ClassConfig{Name: "Worker", Bases: []*pybridge.Object{eval(t, "threading.Thread")},
		Methods: map[string]any{"run": func(self *pybridge.Object) error {
			name, err := pybridge.AttrAs[string](self, "name")
			ran <- name
			return err
		}}})
	o, err := thread.Call(pybridge.Kw{"name": "mine"})
	require.NoError(t, err)
	_, err = o.Method("start")
	require.NoError(t, err)
	_, err = o.Method("join")
	require.NoError(t, err)
	assert.Equal(t, "mine", <-ran)

	encoder := newClass(t, pybridge.ClassConfig{Name: "Encoder", Bases: []*pybridge.Object{eval(t, "json.JSONEncoder")},
		Methods: map[string]any{"default": func(self, value *pybridge.Object) (string, error) { return value.Repr() }}})
	got, err := pybridge.CallAs[string](eval(t, "json.dumps"), eval(t, "[1, {2}]"), pybridge.Kw{"cls": encoder})
	require.NoError(t, err)
	assert.Equal(t, `[1, "{2}"]`, got)

	lost := errors.New("lost")
	mine := newClass(t, pybridge.ClassConfig{Name: "Mine", Bases: []*pybridge.Object{eval(t, "Exception")},
		Methods: map[string]any{"__str__": func(*pybridge.Object) (string, error) { return "", lost }}})
	_, err = rt.Eval("(_ for _ in ()).throw(mine)", pybridge.Kw{"mine": mine})
	assert.EqualError(t, err, "go.Mine: (its str() failed)")
	_, err = rt.NewClass(pybridge.ClassConfig{Name: "Bad", Bases: []*pybridge.Object{eval(t, "bool")}})
	assert.ErrorIs(t, err, pybridge.TypeError)

	execute(t, "class Meta(type):\n    def __new__(m, name, bases, ns, *, extra=None):\n        ns['extra'] = extra\n        return super().__new__(m, name, bases, ns)\n    def __init__(cls, *args, **kw): super().__init__(*args)")
	made := newClass(t, pybridge.ClassConfig{Name: "Made", Keywords: pybridge.Kw{"metaclass": eval(t, "Meta"), "extra": 5}})
	n, err := pybridge.AttrAs[int](made, "extra")
	require.NoError(t, err)
	assert.Equal(t, 5, n)
}
