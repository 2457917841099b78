package pybridge_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// TestCallersAreKnown calls what looks for names where it is called from. Go code has none in Python; it is as if the
// call stood in __main__.
func TestCallersAreKnown(t *testing.T) {
	t.Cleanup(func() { require.NoError(t, rt.Reset()) })
	execute(t, `
import inspect, sys
limit = 5
def caller(name, level=1): return sys._getframe(level).f_globals.get(name)
def formula(name):
    frame = inspect.currentframe()
    for _ in range(2):
        if frame is None: raise ValueError("call-stack is not that deep!")
        frame, last = frame.f_back, frame
    return last.f_globals[name]
class Looker:
    def look(self, name): return caller(name, 2)
    def fail(self): raise ValueError("call stack is not deep enough")
`)
	tests := map[string]func() (*pybridge.Object, error){
		"a call":   func() (*pybridge.Object, error) { return eval(t, "caller").Call("limit") },
		"keywords": func() (*pybridge.Object, error) { return eval(t, "caller").Call(pybridge.Kw{"name": "limit"}) },
		"of patsy": func() (*pybridge.Object, error) { return eval(t, "formula").Call("limit") },
		"a method": func() (*pybridge.Object, error) { return eval(t, "Looker()").Method("look", "limit") },
		"interruptible": func() (*pybridge.Object, error) {
			return eval(t, "Looker()").MethodContext(t.Context(), "look", "limit")
		},
	}
	for name, call := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := call()
			require.NoError(t, err)
			assert.Equal(t, "5", got.String())
		})
	}
	_, err := eval(t, "Looker()").Method("fail")
	require.ErrorIs(t, err, pybridge.ValueError)
}

func TestCallersKeepTheirConverters(t *testing.T) {
	t.Cleanup(func() { require.NoError(t, rt.Reset()) })
	execute(t, "import sys\ndef looks(x):\n    sys._getframe(1)\n    return [x, type(x).__name__]")
	c := new(pybridge.Converters)
	pybridge.ToPython(c, func(x float64) (any, error) { return pybridge.Decimal("0.5"), nil })
	got, err := eval(t, "looks").Using(c).Call(1.5)
	require.NoError(t, err)
	assert.Equal(t, "[Decimal('0.5'), 'Decimal']", got.String())
}
