package kerneltest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// Content decodes the content of a message.
func Content[T any](t testing.TB, m *messaging.Message) T {
	t.Helper()
	var v T
	require.NoError(t, json.Unmarshal(m.Content, &v), "content of %s", m.Header.Type)
	return v
}

// An Option changes an execute_request.
type Option func(map[string]any)

// With sets a field of the request, such as "silent".
func With(field string, value any) Option {
	return func(content map[string]any) { content[field] = value }
}

// Execute sends a cell and returns the id of the request.
func (c *Client) Execute(code string, options ...Option) string {
	c.t.Helper()
	content := map[string]any{
		"code":             code,
		"silent":           false,
		"store_history":    true,
		"user_expressions": map[string]string{},
		"allow_stdin":      false,
		"stop_on_error":    true,
	}
	for _, o := range options {
		o(content)
	}
	return c.Send(messaging.Shell, messaging.TypeExecuteRequest, content)
}

// RecvIOPub takes the next IOPub message, which must be of type t and caused by request id.
func (c *Client) RecvIOPub(t messaging.Type, id string) *messaging.Message {
	c.t.Helper()
	m := c.Next(messaging.IOPub)
	require.Equal(c.t, t, m.Header.Type, "content: %s", m.Content)
	require.Equal(c.t, id, m.ParentID(), "parent of %s: %s", t, m.Content)
	return m
}

// RecvBusy takes the status that opens the work on a request.
func (c *Client) RecvBusy(id string) { c.t.Helper(); c.recvStatus(id, messaging.Busy) }

// RecvIdle takes the status that ends it.
func (c *Client) RecvIdle(id string) { c.t.Helper(); c.recvStatus(id, messaging.Idle) }

func (c *Client) recvStatus(id string, want messaging.State) {
	c.t.Helper()
	m := c.RecvIOPub(messaging.TypeStatus, id)
	require.Equal(c.t, want, Content[messaging.KernelStatus](c.t, m).State)
}

// RecvInput takes the execute_input of a cell.
func (c *Client) RecvInput(id, code string, count int) {
	c.t.Helper()
	m := c.RecvIOPub(messaging.TypeExecuteInput, id)
	require.Equal(c.t, messaging.ExecuteInput{Code: code, ExecutionCount: count}, Content[messaging.ExecuteInput](c.t, m))
}

// RecvStream takes as many stream messages as it takes to get text; how text is cut into messages
// is the kernel's choice.
func (c *Client) RecvStream(id, name, text string) {
	c.t.Helper()
	for got := ""; len(got) < len(text); {
		s := Content[messaging.Stream](c.t, c.RecvIOPub(messaging.TypeStream, id))
		require.Equal(c.t, name, s.Name)
		got += s.Text
		require.LessOrEqual(c.t, len(got), len(text), "text beyond what was expected: %q", s.Text)
		require.Equal(c.t, text[:len(got)], got)
	}
}

// RecvResult takes the value of a cell, of which the text is compared.
func (c *Client) RecvResult(id, text string, count int) messaging.ExecuteResult {
	c.t.Helper()
	r := Content[messaging.ExecuteResult](c.t, c.RecvIOPub(messaging.TypeExecuteResult, id))
	require.Equal(c.t, text, r.Data["text/plain"])
	require.Equal(c.t, count, r.ExecutionCount)
	return r
}

// RecvError takes the error of a cell.
func (c *Client) RecvError(id, name string) messaging.Failure {
	c.t.Helper()
	f := Content[messaging.Failure](c.t, c.RecvIOPub(messaging.TypeError, id))
	require.Equal(c.t, name, f.Name)
	return f
}

// RecvReply takes the next message on a channel, which must be the reply of type t to request id.
func (c *Client) RecvReply(ch messaging.Channel, t messaging.Type, id string) *messaging.Message {
	c.t.Helper()
	m := c.Next(ch)
	require.Equal(c.t, t, m.Header.Type, "content: %s", m.Content)
	require.Equal(c.t, id, m.ParentID())
	return m
}

// RecvExecuteReply takes the reply to a cell, which must have this status and number.
func (c *Client) RecvExecuteReply(id string, status messaging.Status, count int) messaging.ExecuteReply {
	c.t.Helper()
	r := Content[messaging.ExecuteReply](c.t, c.RecvReply(messaging.Shell, messaging.TypeExecuteReply, id))
	require.Equal(c.t, status, r.Status)
	require.Equal(c.t, count, r.ExecutionCount)
	return r
}

// Run sends a cell that shows nothing, and takes all that comes back.
func (c *Client) Run(code string, count int) {
	c.t.Helper()
	id := c.Execute(code)
	c.RecvBusy(id)
	c.RecvInput(id, code, count)
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, count)
}

// Ask sends a request that publishes nothing but its busy and idle, and returns the reply.
func (c *Client) Ask(ch messaging.Channel, t messaging.Type, content any) *messaging.Message {
	c.t.Helper()
	id := c.Send(ch, t, content)
	c.RecvBusy(id)
	reply := c.Next(ch)
	c.RecvIdle(id)
	assert.Equal(c.t, id, reply.ParentID())
	return reply
}
