package loader

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestTakeOfPages lays images of one byte out for pages that are larger than the system's, and for smaller ones.
func TestTakeOfPages(t *testing.T) {
	var m memory
	require.NoError(t, m.reserve())
	m.end = m.next + 2<<20
	const large = 1 << 20
	first, err := m.take(1, large)
	require.NoError(t, err)
	second, err := m.take(1, large)
	require.NoError(t, err)
	require.EqualValues(t, large, second-first)
	_, err = m.take(1, large)
	require.ErrorContains(t, err, "full")

	_, err = m.take(1, uint64(os.Getpagesize()/2))
	require.ErrorContains(t, err, "the system has pages of")
}
