package pybridge_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// Fraction stands for a class as generated packages do it.
type Fraction struct{ *pybridge.Object }

func (Fraction) PyClass() (module, name string) { return "fractions", "Fraction" }

// Gone stands for a class that is not there.
type Gone struct{ *pybridge.Object }

func (Gone) PyClass() (module, name string) { return "fractions", "Gone" }

// Anything stands for no class.
type Anything struct{ *pybridge.Object }

func TestClassed(t *testing.T) {
	class, err := pybridge.ClassOf[Fraction]()
	require.NoError(t, err)
	half, err := class.Call(1, 2)
	require.NoError(t, err)

	f, err := pybridge.As[Fraction](half)
	require.NoError(t, err)
	assert.True(t, f.Is(half))
	text, err := pybridge.MethodAs[string](f.Object, "__str__")
	require.NoError(t, err)
	assert.Equal(t, "1/2", text)

	back, err := rt.Of([]any{f, map[string]Fraction{"f": f}})
	require.NoError(t, err)
	assert.Equal(t, "[Fraction(1, 2), {'f': Fraction(1, 2)}]", must(back.Repr()), "as an argument it is the object")
	many, err := pybridge.As[[]Fraction](must(rt.Eval("[f, f]", pybridge.Kw{"f": f})))
	require.NoError(t, err)
	require.Len(t, many, 2)
	assert.True(t, many[1].Is(half))
	called, err := pybridge.CallAs[Fraction](class, "3/4")
	require.NoError(t, err)
	assert.Equal(t, "3/4", called.String())
	field, err := pybridge.As[struct{ F Fraction }](must(rt.Eval("{'F': f}", pybridge.Kw{"f": f})))
	require.NoError(t, err)
	assert.True(t, field.F.Is(half))
	any, err := pybridge.As[Anything](must(rt.Of("text")))
	require.NoError(t, err)
	assert.Equal(t, "text", any.String())
}

// TestClassedParameters has a Go function that Python calls with instances.
func TestClassedParameters(t *testing.T) {
	sign := func(f Fraction, more ...Fraction) (string, Fraction) { return f.String(), f }
	call := must(rt.Eval("lambda f, *args: f(*args)"))
	got, err := call.Call(sign, must(rt.From("fractions", "Fraction")).PyObject())
	require.ErrorIs(t, err, pybridge.TypeError, "the class is no instance: %v", got)
	half := must(must(rt.From("fractions", "Fraction")).Call(1, 2))
	got, err = call.Call(sign, half, half)
	require.NoError(t, err)
	assert.Equal(t, "('1/2', Fraction(1, 2))", must(got.Repr()))
}

func TestClassedErrors(t *testing.T) {
	tests := map[string]struct {
		err  error
		want string
	}{
		"another class":   {second(pybridge.As[Fraction](must(rt.Eval("[1]")))), "want pybridge_test.Fraction, got list"},
		"a number":        {second(pybridge.As[Fraction](must(rt.Eval("1")))), "want pybridge_test.Fraction, got int"},
		"None":            {second(pybridge.As[Fraction](pybridge.None)), "want pybridge_test.Fraction, got NoneType"},
		"in a list":       {second(pybridge.As[[]Fraction](must(rt.Eval("[__import__('fractions').Fraction(1), 2]")))), "list[1]: want pybridge_test.Fraction, got int"},
		"no class":        {second(pybridge.As[Gone](must(rt.Eval("1")))), "the class that pybridge_test.Gone stands for: AttributeError"},
		"no class at all": {second(pybridge.ClassOf[Gone]()), "AttributeError"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { require.ErrorContains(t, test.err, test.want) })
	}
}

func second[T any](_ T, err error) error { return err }
