package pybridge_test

import (
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/require"
)

func TestFirst(t *testing.T) {
	o, err := rt.Eval("1+1")
	require.NoError(t, err)
	n, err := pybridge.As[int](o)
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.NoError(t, rt.Exec("import sys\nx = [1, 'a', 2.5, None, (1,2), {'a': [True]}]"))
	o, err = rt.Get("x")
	require.NoError(t, err)
	v, err := pybridge.As[any](o)
	require.NoError(t, err)
	t.Logf("%#v", v)
	_, err = rt.Eval("1/0")
	require.Error(t, err)
	var pe *pybridge.Error
	require.ErrorAs(t, err, &pe)
	t.Log(pe.Type, pe.Message, pe.Traceback())
	a, err := rt.Of([]float64{1, 2, 3})
	require.NoError(t, err)
	t.Log(a.Repr())
	f, err := rt.Of(func(a, b int) int { return a + b })
	require.NoError(t, err)
	s, err := pybridge.CallAs[int](f, 1, 2)
	require.NoError(t, err)
	require.Equal(t, 3, s)
}
