package goroutine

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What the functions do in a worker is tested with cells, in package interpreter.
func TestPlainProgram(t *testing.T) {
	require.False(t, Supported)
	SetRun(1)
	require.Zero(t, Run())
	require.Empty(t, Waiting(1))
	require.False(t, (&Wait{}).Wake())
}
