package kernel_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// commIDs asks which comms of a target are open.
func commIDs(t *testing.T, c *kerneltest.Client, target string) map[string]messaging.CommTarget {
	t.Helper()
	reply := c.Ask(messaging.Shell, messaging.TypeCommInfoRequest, messaging.CommInfoRequest{TargetName: target})
	return kerneltest.Content[messaging.CommInfoReply](t, reply).Comms
}

func TestCommOfUnknownTargetIsClosed(t *testing.T) {
	c := front(t, &play{comm: func(p comm.Packet, _ string, out interpreter.Output) *interpreter.Error {
		out.Comm(comm.Packet{Kind: comm.Closes, ID: p.ID})
		return nil
	}})
	assert.Empty(t, commIDs(t, c, ""))
	id := c.Send(messaging.Shell, messaging.TypeCommOpen, messaging.Comm{ID: "x", TargetName: "jupyter.widget"})
	c.RecvBusy(id)
	closed := kerneltest.Content[messaging.Comm](t, c.RecvIOPub(messaging.TypeCommClose, id))
	assert.Equal(t, "x", closed.ID)
	c.RecvIdle(id)
	assert.Empty(t, commIDs(t, c, ""))
}

func TestMessagesOfCommsThatAreNotOpen(t *testing.T) {
	c := front(t, &play{comm: func(comm.Packet, string, interpreter.Output) *interpreter.Error {
		t.Error("it came through")
		return nil
	}})
	for _, of := range []messaging.Type{messaging.TypeCommMsg, messaging.TypeCommClose} {
		id := c.Send(messaging.Shell, of, messaging.Comm{ID: "x"})
		c.RecvBusy(id)
		c.RecvIdle(id)
	}
}

func TestCommOfFrontEnd(t *testing.T) {
	var kinds []comm.Kind
	c := front(t, &play{comm: func(p comm.Packet, request string, out interpreter.Output) *interpreter.Error {
		kinds = append(kinds, p.Kind)
		assert.NotEmpty(t, request)
		if p.Kind == comm.Tells {
			assert.Equal(t, [][]byte{{0, 255}}, p.Buffers)
			assert.JSONEq(t, `{"version":"2.1.0"}`, string(p.Metadata))
			out.Stream("stdout", "handled")
			out.Comm(comm.Packet{Kind: comm.Tells, ID: p.ID, Message: comm.Message{Data: p.Data, Metadata: json.RawMessage(`{"a":1}`), Buffers: [][]byte{{1}, {}}}})
		}
		return nil
	}})
	id := c.Send(messaging.Shell, messaging.TypeCommOpen, messaging.Comm{ID: "x", TargetName: "mine"})
	c.RecvBusy(id)
	c.RecvIdle(id)
	assert.Equal(t, map[string]messaging.CommTarget{"x": {TargetName: "mine"}}, commIDs(t, c, "mine"))
	assert.Empty(t, commIDs(t, c, "other"))

	m := c.Message(messaging.TypeCommMsg, messaging.Comm{ID: "x", Data: json.RawMessage(`{"y":2}`)})
	m.Metadata, m.Buffers = json.RawMessage(`{"version":"2.1.0"}`), [][]byte{{0, 255}}
	c.SendFrames(messaging.Shell, c.Frames(m)...)
	c.RecvBusy(m.Header.ID)
	assert.Equal(t, "handled", kerneltest.Content[messaging.Stream](t, c.RecvIOPub(messaging.TypeStream, m.Header.ID)).Text)
	answer := c.RecvIOPub(messaging.TypeCommMsg, m.Header.ID)
	assert.JSONEq(t, `{"comm_id":"x","data":{"y":2}}`, string(answer.Content))
	assert.JSONEq(t, `{"a":1}`, string(answer.Metadata))
	assert.Equal(t, [][]byte{{1}, {}}, answer.Buffers)
	c.RecvIdle(m.Header.ID)

	id = c.Send(messaging.Shell, messaging.TypeCommClose, messaging.Comm{ID: "x"})
	c.RecvBusy(id)
	c.RecvIdle(id)
	assert.Empty(t, commIDs(t, c, ""))
	assert.Equal(t, []comm.Kind{comm.Opens, comm.Tells, comm.Closes}, kinds)
}

// A front end that comes later learns of a comm that a cell has opened, also while the cell runs.
func TestCommOfCell(t *testing.T) {
	end := make(chan struct{})
	c := front(t, &play{execute: func(_ context.Context, cell interpreter.Cell, out interpreter.Output) *interpreter.Error {
		out.Comm(comm.Packet{Kind: comm.Opens, ID: "x", Target: "mine", Message: comm.Message{Data: json.RawMessage(`{}`)}})
		<-end
		return nil
	}})
	id := c.Send(messaging.Shell, messaging.TypeExecuteRequest, messaging.ExecuteRequest{Code: "open()"})
	c.RecvBusy(id)
	c.RecvIOPub(messaging.TypeExecuteInput, id)
	opened := kerneltest.Content[messaging.Comm](t, c.RecvIOPub(messaging.TypeCommOpen, id))
	assert.Equal(t, "mine", opened.TargetName)
	reply := c.Ask(messaging.Control, messaging.TypeCommInfoRequest, struct{}{})
	assert.Contains(t, kerneltest.Content[messaging.CommInfoReply](t, reply).Comms, "x")
	close(end)
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, 1)
}

// Who opened them does not matter.
func TestCommsAreClosedTogether(t *testing.T) {
	c := front(t, &play{
		comm: func(comm.Packet, string, interpreter.Output) *interpreter.Error { return nil },
		execute: func(_ context.Context, _ interpreter.Cell, out interpreter.Output) *interpreter.Error {
			out.Comm(comm.Packet{Kind: comm.Opens, ID: "b", Target: "mine"})
			out.CloseComms()
			return nil
		},
	})
	id := c.Send(messaging.Shell, messaging.TypeCommOpen, messaging.Comm{ID: "a", TargetName: "mine"})
	c.RecvBusy(id)
	c.RecvIdle(id)
	id = c.Execute("crash()")
	c.RecvBusy(id)
	c.RecvInput(id, "crash()", 1)
	c.RecvIOPub(messaging.TypeCommOpen, id)
	for _, want := range []string{"a", "b"} {
		assert.Equal(t, want, kerneltest.Content[messaging.Comm](t, c.RecvIOPub(messaging.TypeCommClose, id)).ID)
	}
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, 1)
	assert.Empty(t, commIDs(t, c, ""))
}

func TestHandlerOfCommFails(t *testing.T) {
	c := front(t, &play{comm: func(p comm.Packet, _ string, out interpreter.Output) *interpreter.Error {
		if p.Kind == comm.Opens {
			return nil
		}
		if string(p.Data) == `"panic"` {
			panic("in the kernel")
		}
		return &interpreter.Error{Name: "panic", Value: "boom", Traceback: []string{"boom"}}
	}})
	id := c.Send(messaging.Shell, messaging.TypeCommOpen, messaging.Comm{ID: "x", TargetName: "mine"})
	c.RecvBusy(id)
	c.RecvIdle(id)
	for data, name := range map[string]string{`"fail"`: "panic", `"panic"`: "KernelError"} {
		id := c.Send(messaging.Shell, messaging.TypeCommMsg, messaging.Comm{ID: "x", Data: json.RawMessage(data)})
		c.RecvBusy(id)
		failure := kerneltest.Content[messaging.Failure](t, c.RecvIOPub(messaging.TypeError, id))
		assert.Equal(t, name, failure.Name)
		c.RecvIdle(id)
	}
	require.Contains(t, commIDs(t, c, ""), "x", "it is still open")
}
