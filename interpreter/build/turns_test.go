package build

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTurns(t *testing.T) {
	var turns turns
	release, err := turns.take(t.Context(), "a")
	require.NoError(t, err)
	other, err := turns.take(t.Context(), "b")
	require.NoError(t, err)
	other()

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = turns.take(cancelled, "a")
	require.ErrorIs(t, err, context.Canceled)

	var inside atomic.Int32
	var wg sync.WaitGroup
	for range 10 {
		wg.Go(func() {
			release, err := turns.take(t.Context(), "a")
			require.NoError(t, err)
			require.Equal(t, int32(1), inside.Add(1))
			inside.Add(-1)
			release()
		})
	}
	release()
	wg.Wait()
	require.Empty(t, turns.taken)
}

// TestBuildOnce builds a unit from several goroutines at the same time.
func TestBuildOnce(t *testing.T) {
	w := open(t)
	u := unit(fmt.Sprintf("const text = %q", rand.Text()))
	var built atomic.Int32
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			object, err := w.Build(t.Context(), u)
			require.NoError(t, err)
			if !object.Cached {
				built.Add(1)
			}
		})
	}
	wg.Wait()
	require.Equal(t, int32(1), built.Load())
}
