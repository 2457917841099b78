package pybridge_test

import (
	"fmt"
	"log"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// TestBind binds a builtin, a class, a function under another name, and a value (A36).
func TestBind(t *testing.T) {
	var bound struct {
		Sum      func(xs []int) (int, error)                 `py:"sum"`
		Fraction func(n, d int) (*pybridge.Object, error)    `py:"fractions.Fraction"`
		G        func(a, b int) int                          `py:"math.gcd"`
		Today    func(pybridge.Kw) (*pybridge.Object, error) `py:"datetime.timedelta"`
		Parse    func(text string) (*pybridge.Object, error) `py:"datetime.date.fromisoformat"`
		Digits   string                                      `py:"string.digits"`
		Object   *pybridge.Object                            `py:"os.path"`
		Left     func()
	}
	bound.Digits = "before"
	require.NoError(t, rt.Bind(&bound))
	n, err := bound.Sum([]int{1, 2, 3})
	require.NoError(t, err)
	assert.Equal(t, 6, n)
	half, err := bound.Fraction(2, 4)
	require.NoError(t, err)
	assert.Equal(t, "1/2", half.String())
	assert.Equal(t, 6, bound.G(12, 18))
	day, err := bound.Today(pybridge.Kw{"days": 1})
	require.NoError(t, err)
	assert.Equal(t, "1 day, 0:00:00", day.String())
	date, err := bound.Parse("1999-12-31")
	require.NoError(t, err)
	assert.Equal(t, "1999-12-31", date.String())
	assert.Equal(t, "0123456789", bound.Digits)
	name, err := pybridge.AttrAs[string](bound.Object, "__name__")
	require.NoError(t, err)
	assert.Equal(t, "posixpath", name)
	assert.Nil(t, bound.Left)

	_, err = bound.Fraction(1, 0)
	assert.ErrorIs(t, err, pybridge.ZeroDivisionError)
	require.NoError(t, rt.Reset())
	assert.Equal(t, 4, bound.G(8, 12), "it does not hang on a name in __main__")
}

// TestBindKeepsKinds calls a function whose defaults look alike (A37).
func TestBindKeepsKinds(t *testing.T) {
	execute(t, "def kinds(a=[], b=(), c=False, d=None): return repr((a, b, c, d))")
	var bound struct {
		Kinds func(args ...any) (string, error) `py:"kinds"`
	}
	require.NoError(t, rt.Bind(&bound))
	tests := map[string]struct {
		args []any
		want string
	}{
		"omitted":     {nil, "([], (), False, None)"},
		"overridden":  {[]any{1, 2, 3, 4}, "(1, 2, 3, 4)"},
		"by keyword":  {[]any{pybridge.Kw{"b": []any{}, "d": pybridge.Tuple{}}}, "([], [], False, ())"},
		"each other":  {[]any{pybridge.Tuple{}, []any{}, nil, false}, "((), [], None, False)"},
		"of each one": {[]any{nil, false, pybridge.Kw{"c": []any{}}}, "(None, False, [], None)"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := bound.Kinds(test.args...)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}

// TestBindSignatures has parameters of all kinds, names that are Go's keywords, and unknown keywords (A38, A39).
func TestBindSignatures(t *testing.T) {
	execute(t, "def none(): return 'none'\ndef every(A, /, b=2, *rest, type='t', func=None, π=3, **others): return repr((A, b, rest, type, func, π, others))")
	var bound struct {
		None  func() (string, error)                         `py:"none"`
		Every func(args ...any) (string, error)              `py:"every"`
		Named func(a, b int, kw pybridge.Kw) (string, error) `py:"every"`
	}
	require.NoError(t, rt.Bind(&bound))
	got, err := bound.None()
	require.NoError(t, err)
	assert.Equal(t, "none", got)
	got, err = bound.Every(1, 2, 3, 4, pybridge.Kw{"func": "f", "range": 5, "A": 6})
	require.NoError(t, err)
	assert.Equal(t, "(1, 2, (3, 4), 't', 'f', 3, {'A': 6, 'range': 5})", got)
	got, err = bound.Named(1, 2, pybridge.Kw{"type": nil, "π": 0})
	require.NoError(t, err)
	assert.Equal(t, "(1, 2, (), None, None, 0, {})", got)
	_, err = bound.Every()
	assert.ErrorIs(t, err, pybridge.TypeError)
}

func TestBindErrors(t *testing.T) {
	var bound struct {
		Missing func()  `py:"math.nothing"`
		Pi      func()  `py:"math.pi"`
		E       string  `py:"math.e"`
		hidden  float64 `py:"math.pi"`
		Tau     float64 `py:"math.tau"`
	}
	err := rt.Bind(&bound)
	assert.ErrorIs(t, err, pybridge.AttributeError)
	for _, want := range []string{"binding Missing to math.nothing: ", "binding E to math.e: ", "binding hidden to math.pi: the field is not exported"} {
		assert.ErrorContains(t, err, want)
	}
	assert.InDelta(t, 6.28, bound.Tau, 0.01, "the others are set")
	assert.Zero(t, bound.hidden)
	for _, target := range []any{nil, bound, (*struct{})(nil), new(int)} {
		assert.ErrorContains(t, rt.Bind(target), "the address of a struct", fmt.Sprintf("%T", target))
	}
}

func ExampleRuntime_Bind() {
	r, err := pybridge.Default()
	if err != nil {
		log.Fatal(err)
	}
	var math struct {
		Hypot func(x, y float64) (float64, error) `py:"math.hypot"`
		Pi    float64                             `py:"math.pi"`
	}
	if err := r.Bind(&math); err != nil {
		log.Fatal(err)
	}
	length, err := math.Hypot(3, 4)
	fmt.Println(length, err, math.Pi)
	// Output: 5 <nil> 3.141592653589793
}
