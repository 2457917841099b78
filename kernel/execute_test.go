package kernel_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// byCode is an interpreter whose cells are named functions.
func byCode(cells map[string]func(ctx context.Context, out interpreter.Output) *interpreter.Error) *play {
	return &play{execute: func(ctx context.Context, cell interpreter.Cell, out interpreter.Output) *interpreter.Error {
		if run, ok := cells[cell.Source]; ok {
			return run(ctx, out)
		}
		return nil
	}}
}

type cell = func(ctx context.Context, out interpreter.Output) *interpreter.Error

func TestOutputsOfACell(t *testing.T) {
	c := front(t, byCode(map[string]cell{
		"all": func(_ context.Context, out interpreter.Output) *interpreter.Error {
			out.Stream("stdout", "one\n")
			out.Stream("stdout", "two\n")
			out.Stream("stderr", "three\n")
			out.Stream("stdout", "four\n")
			out.Display(text("shown"), "", false)
			out.Display(text("with id"), "d1", false)
			out.Display(text("updated"), "d1", true)
			out.ClearOutput(true)
			out.Result(text("42"))
			return nil
		},
	}))
	id := c.Execute("all")
	c.RecvBusy(id)
	c.RecvInput(id, "all", 1)
	c.RecvStream(id, "stdout", "one\ntwo\n")
	c.RecvStream(id, "stderr", "three\n")
	c.RecvStream(id, "stdout", "four\n")
	for _, want := range []struct {
		of       messaging.Type
		text, id string
	}{{messaging.TypeDisplayData, "shown", ""}, {messaging.TypeDisplayData, "with id", "d1"}, {messaging.TypeUpdateDisplayData, "updated", "d1"}} {
		got := kerneltest.Content[messaging.DisplayData](t, c.RecvIOPub(want.of, id))
		assert.Equal(t, want.text, got.Data["text/plain"])
		assert.Equal(t, want.id, got.Transient.DisplayID)
	}
	assert.True(t, kerneltest.Content[messaging.ClearOutput](t, c.RecvIOPub(messaging.TypeClearOutput, id)).Wait)
	c.RecvResult(id, "42", 1)
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, 1)
}

func TestFailedCell(t *testing.T) {
	c := front(t, byCode(map[string]cell{
		"fail": func(_ context.Context, out interpreter.Output) *interpreter.Error {
			out.Stream("stdout", "before")
			return &interpreter.Error{Name: "Panic", Value: "boom", Traceback: []string{"a", "b"}}
		},
		"no traceback": func(context.Context, interpreter.Output) *interpreter.Error {
			return &interpreter.Error{Name: "Interrupt"}
		},
		"kernel panic": func(context.Context, interpreter.Output) *interpreter.Error { panic("a fault of ours") },
	}))
	id := c.Execute("fail")
	c.RecvBusy(id)
	c.RecvInput(id, "fail", 1)
	c.RecvStream(id, "stdout", "before")
	want := messaging.Failure{Name: "Panic", Value: "boom", Traceback: []string{"a", "b"}}
	assert.Equal(t, want, c.RecvError(id, "Panic"))
	c.RecvIdle(id)
	assert.Equal(t, &want, c.RecvExecuteReply(id, messaging.StatusError, 1).Failure)

	id = c.Execute("no traceback")
	c.RecvBusy(id)
	c.RecvInput(id, "no traceback", 2)
	c.RecvError(id, "Interrupt")
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusError, 2)

	id = c.Execute("kernel panic")
	c.RecvBusy(id)
	c.RecvInput(id, "kernel panic", 3)
	assert.Contains(t, c.RecvError(id, "KernelError").Value, "a fault of ours")
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusError, 3)

	c.Run("the kernel lives", 4)
}

func TestCounting(t *testing.T) {
	var counts []int
	c := front(t, &play{execute: func(_ context.Context, cell interpreter.Cell, out interpreter.Output) *interpreter.Error {
		counts = append(counts, cell.Count)
		out.Result(text(cell.Source))
		return nil
	}})
	steps := []struct {
		name    string
		code    string
		options []kerneltest.Option
		input   bool // execute_input is published
		result  bool
		count   int
	}{
		{name: "first", code: "a", input: true, result: true, count: 1},
		{name: "second", code: "b", input: true, result: true, count: 2},
		{name: "not stored", code: "c", options: []kerneltest.Option{kerneltest.With("store_history", false)}, input: true, result: true, count: 2},
		{name: "silent", code: "d", options: []kerneltest.Option{kerneltest.With("silent", true)}, count: 2},
		{name: "silent says no to history whatever else is said", code: "e", options: []kerneltest.Option{kerneltest.With("silent", true), kerneltest.With("store_history", true)}, count: 2},
		{name: "empty", code: "", input: true, count: 2},
		{name: "blank", code: " \n\t", input: true, count: 2},
		{name: "third", code: "f", input: true, result: true, count: 3},
	}
	for _, s := range steps {
		id := c.Execute(s.code, s.options...)
		c.RecvBusy(id)
		if s.input {
			c.RecvInput(id, s.code, s.count)
		}
		if s.result {
			c.RecvResult(id, s.code, s.count)
		}
		c.RecvIdle(id)
		c.RecvExecuteReply(id, messaging.StatusOK, s.count)
	}
	assert.Equal(t, []int{1, 2, 0, 0, 0, 3}, counts)

	reply := kerneltest.Content[messaging.HistoryReply](t, c.Ask(messaging.Shell, messaging.TypeHistoryRequest,
		map[string]any{"hist_access_type": "tail", "n": 10, "output": true, "raw": true}))
	assert.Equal(t, []messaging.HistoryEntry{
		{Session: 1, Line: 1, Input: "a", Output: "a", WithOutput: true},
		{Session: 1, Line: 2, Input: "b", Output: "b", WithOutput: true},
		{Session: 1, Line: 3, Input: "f", Output: "f", WithOutput: true},
	}, reply.History)
}

func TestSilentCell(t *testing.T) {
	c := front(t, byCode(map[string]cell{
		"print": func(_ context.Context, out interpreter.Output) *interpreter.Error {
			out.Stream("stdout", "text")
			out.Result(text("unseen"))
			return nil
		},
		"fail": func(context.Context, interpreter.Output) *interpreter.Error {
			return &interpreter.Error{Name: "Panic"}
		},
	}))
	id := c.Execute("print", kerneltest.With("silent", true))
	c.RecvBusy(id)
	c.RecvStream(id, "stdout", "text")
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, 0)

	id = c.Execute("fail", kerneltest.With("silent", true))
	c.RecvBusy(id)
	c.RecvIdle(id)
	assert.Equal(t, "Panic", c.RecvExecuteReply(id, messaging.StatusError, 0).Name)
}

func TestExecuteReplyMetadata(t *testing.T) {
	c := front(t, &play{})
	id := c.Execute("x")
	c.RecvBusy(id)
	c.RecvInput(id, "x", 1)
	c.RecvIdle(id)
	reply := c.RecvReply(messaging.Shell, messaging.TypeExecuteReply, id)
	var metadata struct{ Started string }
	require.NoError(t, json.Unmarshal(reply.Metadata, &metadata))
	assert.NotEmpty(t, metadata.Started)
	assert.LessOrEqual(t, metadata.Started, reply.Header.Date)
}

func TestUserExpressions(t *testing.T) {
	p := byCode(map[string]cell{"fail": func(context.Context, interpreter.Output) *interpreter.Error {
		return &interpreter.Error{Name: "Panic"}
	}})
	p.evaluate = func(expr string) (display.Bundle, *interpreter.Error) {
		switch expr {
		case "bad":
			return display.Bundle{}, &interpreter.Error{Name: "CompileError", Value: "undefined: bad"}
		case "panic":
			panic("a fault of ours")
		case "nan":
			return display.Bundle{Data: map[string]any{"application/json": math.NaN()}}, nil
		}
		return text(expr), nil
	}
	c := front(t, p)
	ask := func(code string, count int, status messaging.Status) messaging.ExecuteReply {
		id := c.Execute(code, kerneltest.With("user_expressions", map[string]string{
			"good": "1+1", "wrong": "bad", "broken": "panic", "not JSON": "nan"}))
		c.RecvBusy(id)
		c.RecvInput(id, code, count)
		if status == messaging.StatusError {
			c.RecvError(id, "Panic")
		}
		c.RecvIdle(id)
		return c.RecvExecuteReply(id, status, count)
	}
	got := ask("x", 1, messaging.StatusOK).UserExpressions
	require.Len(t, got, 4)
	assert.Equal(t, messaging.StatusOK, got["good"].Status)
	assert.Equal(t, "1+1", got["good"].Data["text/plain"])
	assert.Equal(t, messaging.StatusError, got["wrong"].Status)
	assert.Equal(t, messaging.Failure{Name: "CompileError", Value: "undefined: bad", Traceback: []string{}}, *got["wrong"].Failure)
	assert.Contains(t, got["broken"].Value, "a fault of ours")
	assert.Equal(t, messaging.StatusError, got["not JSON"].Status)

	assert.Empty(t, ask("fail", 2, messaging.StatusError).UserExpressions, "only after success")
}

func TestDisplayThatIsNotJSONIsSaid(t *testing.T) {
	c := front(t, byCode(map[string]cell{"nan": func(_ context.Context, out interpreter.Output) *interpreter.Error {
		out.Display(display.Bundle{Data: map[string]any{"text/plain": "NaN", "application/json": math.NaN()}}, "", false)
		return nil
	}}))
	id := c.Execute("nan")
	c.RecvBusy(id)
	c.RecvInput(id, "nan", 1)
	s := kerneltest.Content[messaging.Stream](t, c.RecvIOPub(messaging.TypeStream, id))
	assert.Equal(t, "stderr", s.Name)
	assert.Contains(t, s.Text, "not shown")
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, 1)
}

// TestLateOutputKeepsItsParent lets a goroutine of the first cell write after the second one has ended.
func TestLateOutputKeepsItsParent(t *testing.T) {
	goOn, written := make(chan struct{}), make(chan struct{})
	c := front(t, byCode(map[string]cell{"late": func(_ context.Context, out interpreter.Output) *interpreter.Error {
		go func() {
			<-goOn
			out.Stream("stdout", "late")
			out.Display(text("later"), "", false)
			close(written)
		}()
		return nil
	}}))
	first := c.Execute("late")
	c.RecvBusy(first)
	c.RecvInput(first, "late", 1)
	c.RecvIdle(first)
	c.RecvExecuteReply(first, messaging.StatusOK, 1)
	c.Run("another", 2)
	close(goOn)
	wait(t, written)
	c.RecvStream(first, "stdout", "late")
	c.RecvIOPub(messaging.TypeDisplayData, first)
}

// failing has a cell that fails once it may, so that others can be queued behind it.
func failing(mayFail <-chan struct{}) *play {
	return byCode(map[string]cell{"fail": func(context.Context, interpreter.Output) *interpreter.Error {
		<-mayFail
		return &interpreter.Error{Name: "Panic"}
	}})
}

func TestStopOnErrorAbortsWhatIsQueued(t *testing.T) {
	mayFail := make(chan struct{})
	c := front(t, failing(mayFail))
	failed := c.Execute("fail")
	c.RecvBusy(failed)
	c.RecvInput(failed, "fail", 1)
	var queued []string
	for i := range 3 {
		queued = append(queued, c.Execute(fmt.Sprint(i)))
	}
	comm := c.Send(messaging.Shell, messaging.TypeCommMsg, messaging.Comm{ID: "x"})
	c.Ask(messaging.Shell, messaging.TypeIsCompleteRequest, messaging.IsCompleteRequest{}) // so all have come
	close(mayFail)

	c.RecvError(failed, "Panic")
	c.RecvIdle(failed)
	c.RecvExecuteReply(failed, messaging.StatusError, 1)
	for _, id := range queued {
		c.RecvBusy(id)
		c.RecvIdle(id)
		assert.Equal(t, "Aborted", c.RecvExecuteReply(id, messaging.StatusAborted, 1).Name)
	}
	c.RecvBusy(comm) // what is not a cell is served
	c.RecvIdle(comm)
	c.Run("after", 2)
}

func TestCellsRunInTheOrderTheyCame(t *testing.T) {
	c := front(t, &play{})
	var ids []string
	for i := range 20 {
		ids = append(ids, c.Execute(fmt.Sprint(i)))
	}
	for i, id := range ids {
		c.RecvBusy(id)
		c.RecvInput(id, fmt.Sprint(i), i+1)
		c.RecvIdle(id)
		c.RecvExecuteReply(id, messaging.StatusOK, i+1)
	}
}

func TestNothingIsAborted(t *testing.T) {
	tests := []struct {
		name    string
		options []kerneltest.Option
		silent  bool
	}{
		{name: "stop_on_error false", options: []kerneltest.Option{kerneltest.With("stop_on_error", false)}},
		{name: "silent", options: []kerneltest.Option{kerneltest.With("silent", true)}, silent: true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			mayFail := make(chan struct{})
			c := front(t, failing(mayFail))
			failed, next := c.Execute("fail", tt.options...), c.Execute("next")
			close(mayFail)
			c.RecvBusy(failed)
			count := 0
			if !tt.silent {
				count++
				c.RecvInput(failed, "fail", count)
				c.RecvError(failed, "Panic")
			}
			c.RecvIdle(failed)
			c.RecvExecuteReply(failed, messaging.StatusError, count)
			c.RecvBusy(next)
			c.RecvInput(next, "next", count+1)
			c.RecvIdle(next)
			c.RecvExecuteReply(next, messaging.StatusOK, count+1)
		})
	}
}

// TestFailingCellsOneByOne is a front end that waits for each reply: it is never aborted.
func TestFailingCellsOneByOne(t *testing.T) {
	mayFail := make(chan struct{})
	close(mayFail)
	c := front(t, failing(mayFail))
	for count := 1; count <= 10; count++ {
		id := c.Execute("fail")
		c.RecvExecuteReply(id, messaging.StatusError, count)
		c.RecvBusy(id)
		c.RecvInput(id, "fail", count)
		c.RecvError(id, "Panic")
		c.RecvIdle(id)
	}
}

func TestMuchOutputArrivesWhole(t *testing.T) {
	const lines = 200_000
	line := strings.Repeat("x", 30) + "\n"
	r := start(t, messaging.ZMQ(nil), byCode(map[string]cell{"print": func(_ context.Context, out interpreter.Output) *interpreter.Error {
		for range lines {
			out.Stream("stdout", line)
		}
		out.Stream("stdout", strings.Repeat("y", 10_000_000)) // in one write
		return nil
	}}))
	c := r.dial(t)
	id := c.Execute("print")
	c.RecvBusy(id)
	c.RecvInput(id, "print", 1)
	got, messages := 0, 0
	for got < lines*len(line)+10_000_000 {
		s := kerneltest.Content[messaging.Stream](t, c.RecvIOPub(messaging.TypeStream, id))
		got += len(s.Text)
		messages++
	}
	assert.Equal(t, lines*len(line)+10_000_000, got)
	assert.Less(t, messages, 1000, "servers cut off what sends more in a second")
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, 1)
}
