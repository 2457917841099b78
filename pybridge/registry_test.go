package pybridge

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRegistry(t *testing.T) {
	g := newRegistry()
	assert.Nil(t, g.get(0))
	assert.Nil(t, g.get(1<<40|7))
	ids := map[uint64]int{}
	for i := range 3 * registryChunk {
		ids[g.add(i)] = i
	}
	require.Len(t, ids, 3*registryChunk, "every number is another")
	assert.NotContains(t, ids, uint64(0))
	for id, i := range ids {
		assert.Equal(t, i, g.get(id))
	}
	for id := range ids {
		g.forget(id)
		g.forget(id) // which is nothing
		assert.Nil(t, g.get(id))
	}
	assert.Zero(t, g.count())
	again := g.add("again")
	assert.NotContains(t, ids, again, "a number comes once")
	assert.Len(t, *g.chunks.Load(), 3, "places are used again")
}

func TestRegistryFromManyGoroutines(t *testing.T) {
	g := newRegistry()
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for j := range 2000 {
				id := g.add([2]int{i, j})
				if got := g.get(id); got != [2]int{i, j} {
					t.Errorf("got %v, not %d, %d", got, i, j)
				}
				g.forget(id)
			}
		})
	}
	wait.Wait()
	assert.Zero(t, g.count())
}
