package kernel_test

import (
	"context"
	"errors"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// asking is an interpreter whose cells ask the user, with themselves as prompt, and print the answer.
func asking() *play {
	return &play{execute: func(ctx context.Context, cell interpreter.Cell, out interpreter.Output) *interpreter.Error {
		got, err := out.Input(ctx, cell.Source, cell.Source == "password")
		switch {
		case errors.Is(err, io.EOF):
			out.Stream("stdout", "<end>")
		case errors.Is(err, context.Canceled):
			return &interpreter.Error{Name: "Interrupt"}
		case err != nil:
			return &interpreter.Error{Name: "Input", Value: err.Error()}
		default:
			out.Stream("stdout", got)
		}
		return nil
	}}
}

var mayAsk = kerneltest.With("allow_stdin", true)

func TestInput(t *testing.T) {
	c := front(t, asking())
	count := 0
	tests := []struct {
		name, prompt, answer, want string
		password, parent           bool
	}{
		{name: "line", prompt: "name: ", answer: "Ann ü", want: "Ann ü", parent: true},
		{name: "password", prompt: "password", answer: "secret", want: "secret", password: true, parent: true},
		{name: "reply without a parent, as jupyter_client sends it", prompt: "p", answer: "a", want: "a"},
		{name: "end of input", prompt: "p", answer: "\x04", want: "<end>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			count++
			id := c.Execute(tt.prompt, mayAsk)
			c.RecvBusy(id)
			c.RecvInput(id, tt.prompt, count)
			question := c.RecvReply(messaging.Stdin, messaging.TypeInputRequest, id)
			assert.Equal(t, messaging.InputRequest{Prompt: tt.prompt, Password: tt.password},
				kerneltest.Content[messaging.InputRequest](t, question))
			reply := c.Message(messaging.TypeInputReply, messaging.InputReply{Value: tt.answer})
			if tt.parent {
				reply.Parent = question.RawHeader
			}
			c.SendFrames(messaging.Stdin, c.Frames(reply)...)
			c.RecvStream(id, "stdout", tt.want)
			c.RecvIdle(id)
			c.RecvExecuteReply(id, messaging.StatusOK, count)
		})
	}
}

func TestEmptyAnswer(t *testing.T) {
	c := front(t, asking())
	id := c.Execute("p", mayAsk)
	c.RecvBusy(id)
	c.RecvInput(id, "p", 1)
	c.RecvReply(messaging.Stdin, messaging.TypeInputRequest, id)
	c.Send(messaging.Stdin, messaging.TypeInputReply, messaging.InputReply{})
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, 1)
}

func TestStaleAnswersAreDropped(t *testing.T) {
	c := front(t, asking())
	stale := c.Message(messaging.TypeInputReply, messaging.InputReply{Value: "stale"})
	c.SendFrames(messaging.Stdin, c.Frames(stale)...)
	c.Ask(messaging.Stdin, messaging.TypeConnectRequest, struct{}{}) // so the stale one has come

	id := c.Execute("p", mayAsk)
	c.RecvBusy(id)
	c.RecvInput(id, "p", 1)
	question := c.RecvReply(messaging.Stdin, messaging.TypeInputRequest, id)

	other := c.Message(messaging.TypeInputReply, messaging.InputReply{Value: "to another question"})
	other.Parent = stale.RawHeader
	c.SendFrames(messaging.Stdin, c.Frames(other)...)
	broken := c.Message(messaging.TypeInputReply, map[string]int{"value": 7})
	c.SendFrames(messaging.Stdin, c.Frames(broken)...)

	right := c.Message(messaging.TypeInputReply, messaging.InputReply{Value: "right"})
	right.Parent = question.RawHeader
	c.SendFrames(messaging.Stdin, c.Frames(right)...)
	c.RecvStream(id, "stdout", "right")
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, 1)
}

func TestInputIsRefused(t *testing.T) {
	r := start(t, messaging.ZMQ(nil), asking())
	c := r.dial(t)
	id := c.Execute("p") // allow_stdin is false
	c.RecvBusy(id)
	c.RecvInput(id, "p", 1)
	assert.Contains(t, c.RecvError(id, "Input").Value, "takes no input")
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusError, 1)

	// A front end that has no stdin connection could never answer.
	ctx, cancel := context.WithTimeout(context.Background(), kerneltest.Patience)
	defer cancel()
	connection := r.server.Connection()
	shell, err := r.transport.Dial(ctx, messaging.Shell, connection.Address(messaging.Shell), "")
	require.NoError(t, err)
	defer shell.Close(ctx)
	session := messaging.NewSession(connection.Key, "ann")
	m, err := session.Message(messaging.TypeExecuteRequest, nil, map[string]any{"code": "p", "allow_stdin": true})
	require.NoError(t, err)
	require.NoError(t, shell.Send(ctx, session.Frames(m)))
	frames, err := shell.Recv(ctx)
	require.NoError(t, err)
	reply, err := session.Parse(messaging.Shell, frames)
	require.NoError(t, err)
	assert.Contains(t, kerneltest.Content[messaging.ExecuteReply](t, reply).Value, "takes no input")
}

func TestInterruptEndsAQuestion(t *testing.T) {
	c := front(t, asking())
	for count := 1; count <= 3; count++ {
		id := c.Execute("p", mayAsk)
		c.RecvBusy(id)
		c.RecvInput(id, "p", count)
		c.RecvReply(messaging.Stdin, messaging.TypeInputRequest, id)
		interrupt := c.Send(messaging.Control, messaging.TypeInterruptRequest, struct{}{})
		c.RecvReply(messaging.Control, messaging.TypeInterruptReply, interrupt)
		c.RecvExecuteReply(id, messaging.StatusError, count)
		statuses, errs := 0, 0
		for range 4 { // the two requests end side by side
			switch m := c.Next(messaging.IOPub); m.Header.Type {
			case messaging.TypeStatus:
				statuses++
			case messaging.TypeError:
				errs++
			}
		}
		assert.Equal(t, 3, statuses)
		assert.Equal(t, 1, errs)
	}
}
