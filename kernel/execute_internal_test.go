package kernel

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

func TestAbortWaitsUntilNoMoreCellsCome(t *testing.T) {
	var k Kernel
	newest := time.Now()
	k.newest.Store(&messaging.Message{Received: newest})
	k.abortQueued(context.Background())
	assert.GreaterOrEqual(t, k.abortBefore.Sub(newest), settleTime)

	newest = time.Now().Add(time.Hour) // as if cells came without end
	k.newest.Store(&messaging.Message{Received: newest})
	k.abortQueued(context.Background())
	assert.True(t, k.abortBefore.Before(newest), "not for ever")

	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	k.abortQueued(ctx)
	assert.True(t, k.abortBefore.Before(newest), "not when the kernel ends")
}
