package kernel_test

import (
	"context"
	"fmt"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/kernel"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// endless is an interpreter whose cell "loop" ends by interrupt, by the end of its context, or
// when the interpreter is closed.
func endless() *play {
	interrupted, closed := make(chan struct{}, 1), make(chan struct{})
	p := byCode(map[string]cell{"loop": func(ctx context.Context, out interpreter.Output) *interpreter.Error {
		out.Stream("stdout", "started")
		select {
		case <-interrupted:
			return &interpreter.Error{Name: "Interrupt"}
		case <-ctx.Done():
			return &interpreter.Error{Name: "Ended"}
		case <-closed:
			return &interpreter.Error{Name: "Closed"}
		}
	}})
	p.interrupt = func() {
		select {
		case interrupted <- struct{}{}:
		default:
		}
	}
	p.close = func(context.Context) error {
		close(closed)
		return nil
	}
	return p
}

func TestInterruptEndsTheCell(t *testing.T) {
	r := start(t, messaging.ZMQ(nil), endless())
	c := r.dial(t)
	for count := 1; count <= 3; count++ {
		id := c.Execute("loop")
		c.RecvBusy(id)
		c.RecvInput(id, "loop", count)
		c.RecvStream(id, "stdout", "started")
		if count == 3 { // as a signal does
			r.kernel.Interrupt()
			c.RecvError(id, "Interrupt")
			c.RecvIdle(id)
			c.RecvExecuteReply(id, messaging.StatusError, count)
			break
		}
		interrupt := c.Send(messaging.Control, messaging.TypeInterruptRequest, struct{}{})
		c.RecvReply(messaging.Control, messaging.TypeInterruptReply, interrupt)
		c.RecvExecuteReply(id, messaging.StatusError, count)
		for range 4 { // busy and idle of the interrupt, error and idle of the cell
			c.Next(messaging.IOPub)
		}
	}
	c.Run("next", 4)
}

func TestShutdown(t *testing.T) {
	for _, ch := range []messaging.Channel{messaging.Control, messaging.Shell} {
		for _, restart := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, restart %v", ch, restart), func(t *testing.T) {
				r := start(t, messaging.ZMQ(nil), &play{})
				c := r.dial(t)
				id := c.Send(ch, messaging.TypeShutdownRequest, messaging.ShutdownRequest{Restart: restart})
				c.RecvBusy(id)
				copied := c.RecvIOPub(messaging.TypeShutdownReply, id)
				c.RecvIdle(id)
				reply := c.RecvReply(ch, messaging.TypeShutdownReply, id)
				for _, m := range []*messaging.Message{copied, reply} {
					assert.Equal(t, messaging.ShutdownReply{Status: messaging.StatusOK, Restart: restart},
						kerneltest.Content[messaging.ShutdownReply](t, m))
				}
				assert.NotEqual(t, copied.Header.ID, reply.Header.ID)
				c.RecvEnd()
				require.NoError(t, r.wait(t))
			})
		}
	}
}

// TestShutdownWhileACellRuns ends the cell, aborts what is queued, and every request has its idle.
func TestShutdownWhileACellRuns(t *testing.T) {
	r := start(t, messaging.ZMQ(nil), endless())
	c := r.dial(t)
	running := c.Execute("loop")
	c.RecvBusy(running)
	c.RecvInput(running, "loop", 1)
	c.RecvStream(running, "stdout", "started")
	queued := c.Execute("never")
	c.Ask(messaging.Shell, messaging.TypeConnectRequest, struct{}{}) // so it has come
	shutdown := c.Send(messaging.Control, messaging.TypeShutdownRequest, messaging.ShutdownRequest{})
	c.RecvReply(messaging.Control, messaging.TypeShutdownReply, shutdown)
	c.RecvBusy(shutdown)
	c.RecvIOPub(messaging.TypeShutdownReply, shutdown)
	c.RecvIdle(shutdown)
	c.RecvError(running, "Ended")
	c.RecvIdle(running)
	c.RecvExecuteReply(running, messaging.StatusError, 1)
	c.RecvBusy(queued)
	c.RecvIdle(queued)
	assert.Contains(t, c.RecvExecuteReply(queued, messaging.StatusAborted, 1).Value, "the kernel ended")
	c.RecvEnd()
	require.NoError(t, r.wait(t))
}

// TestShutdownIsAlwaysAnswered does what loses messages most: a shutdown behind much output.
func TestShutdownIsAlwaysAnswered(t *testing.T) {
	for range 50 {
		r := start(t, messaging.ZMQ(nil), byCode(map[string]cell{"print": func(_ context.Context, out interpreter.Output) *interpreter.Error {
			for i := range 50 {
				out.Display(text(fmt.Sprint(i)), "", false)
			}
			return nil
		}}))
		c := r.dial(t)
		id := c.Execute("print")
		reply := c.RecvReply(messaging.Shell, messaging.TypeExecuteReply, id)
		assert.NotNil(t, reply)
		shutdown := c.Send(messaging.Control, messaging.TypeShutdownRequest, messaging.ShutdownRequest{})
		require.NoError(t, r.wait(t))
		c.RecvReply(messaging.Control, messaging.TypeShutdownReply, shutdown)
		idle := make(map[string]bool)
		for range 1 + 1 + 50 + 1 + 3 { // busy, input, displays, idle; busy, reply, idle
			m := c.Next(messaging.IOPub)
			if m.Header.Type == messaging.TypeStatus && kerneltest.Content[messaging.KernelStatus](t, m).State == messaging.Idle {
				idle[m.ParentID()] = true
			}
		}
		assert.Equal(t, map[string]bool{id: true, shutdown: true}, idle)
		c.RecvEnd()
	}
}

func TestEndOfContextEndsTheKernel(t *testing.T) {
	r := start(t, messaging.ZMQ(nil), endless())
	c := r.dial(t)
	id := c.Execute("loop")
	c.RecvBusy(id)
	c.RecvInput(id, "loop", 1)
	c.RecvStream(id, "stdout", "started")
	r.stop()
	require.NoError(t, r.wait(t))
	c.RecvError(id, "Ended")
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusError, 1)
	c.RecvEnd()
}

func TestInterpreterThatDoesNotEnd(t *testing.T) {
	goOn := make(chan struct{})
	defer close(goOn)
	r := start(t, messaging.ZMQ(nil), byCode(map[string]cell{"hang": func(context.Context, interpreter.Output) *interpreter.Error {
		<-goOn
		return nil
	}}))
	c := r.dial(t)
	id := c.Execute("hang")
	c.RecvBusy(id)
	c.RecvInput(id, "hang", 1)
	r.stop()
	require.NoError(t, r.wait(t))
	c.RecvEnd()
}

func TestKernelEndsWithItsParent(t *testing.T) {
	parent := exec.Command("sleep", "1000")
	if err := parent.Start(); err != nil {
		t.Skipf("no process to watch: %v", err)
	}
	watch := func(pid int) func(*kernel.Config) { return func(c *kernel.Config) { c.ParentPID = pid } }
	r := start(t, messaging.NewMemory(), &play{}, watch(parent.Process.Pid))
	r.dial(t).Run("x", 1)
	require.NoError(t, parent.Process.Kill())
	require.Error(t, parent.Wait())
	require.NoError(t, r.wait(t))

	gone := start(t, messaging.NewMemory(), &play{}, watch(parent.Process.Pid))
	gone.dial(t).Run("a process that was never there is not watched", 1)
}
