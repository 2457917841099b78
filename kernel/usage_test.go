package kernel_test

import (
	"context"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

func TestUsageWhileACellRuns(t *testing.T) {
	end := make(chan struct{})
	c := front(t, &play{execute: func(context.Context, interpreter.Cell, interpreter.Output) *interpreter.Error {
		<-end
		return nil
	}})
	id := c.Execute("wait")
	c.RecvBusy(id)
	c.RecvInput(id, "wait", 1)
	reply := kerneltest.Content[messaging.UsageReply](t, c.Ask(messaging.Control, messaging.TypeUsageRequest, struct{}{}))
	close(end)
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, 1)

	assert.Equal(t, os.Getpid(), reply.PID)
	assert.Equal(t, runtime.NumCPU(), reply.CPUCount)
	if runtime.GOOS == "linux" {
		assert.Positive(t, *reply.Memory)
		assert.Zero(t, *reply.CPU, "there is nothing to compare with")
		assert.Nil(t, reply.HostCPU)
		assert.NotNil(t, reply.HostMemory)
	}
}
