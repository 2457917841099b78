package kernel_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

func TestComplete(t *testing.T) {
	p := &play{complete: func(_ context.Context, code string, cursor int) (interpreter.Completion, error) {
		switch code {
		case "none":
			return interpreter.Completion{Start: cursor, End: cursor}, nil
		case "error":
			return interpreter.Completion{}, errors.New("no export data")
		case "panic":
			panic("a fault of ours")
		}
		return interpreter.Completion{Start: 2, End: cursor, Items: []interpreter.CompletionItem{
			{Text: "Split", Kind: "function", Signature: "(s, sep string) []string"}, {Text: "Sp", Kind: "variable"},
		}}, nil
	}}
	c := front(t, p)
	ask := func(code string, cursor int) *messaging.Message {
		return c.Ask(messaging.Shell, messaging.TypeCompleteRequest, map[string]any{"code": code, "cursor_pos": cursor})
	}
	assert.JSONEq(t, `{"status":"ok","matches":["Split","Sp"],"cursor_start":2,"cursor_end":4,"metadata":{"_jupyter_types_experimental":[
		{"text":"Split","type":"function","start":2,"end":4,"signature":"(s, sep string) []string"},
		{"text":"Sp","type":"variable","start":2,"end":4,"signature":""}]}}`, string(ask("s.Sp", 4).Content))
	for cursor, want := range map[int]int{-3: 0, 0: 0, 4: 4, 99: 4} {
		got := kerneltest.Content[messaging.CompleteReply](t, ask("none", cursor))
		assert.Equal(t, messaging.StatusOK, got.Status, "no match is an ordinary reply")
		assert.Equal(t, want, got.CursorStart, "cursor %d", cursor)
		assert.Empty(t, got.Matches)
	}
	assert.Equal(t, 4, kerneltest.Content[messaging.CompleteReply](t, ask("😀😀ab", 9)).CursorEnd, "in code points")
	for _, code := range []string{"error", "panic"} {
		assert.Equal(t, messaging.StatusError, kerneltest.Content[messaging.ErrorReply](t, ask(code, 0)).Status)
	}
}

func TestInspect(t *testing.T) {
	c := front(t, &play{inspect: func(code string, cursor, detail int) (display.Bundle, bool, error) {
		switch code {
		case "strings.Split":
			assert.Equal(t, 13, cursor)
			assert.Equal(t, 1, detail)
			return text("func Split"), true, nil
		case "error":
			return display.Bundle{}, false, errors.New("no export data")
		}
		return text("must not be sent"), false, nil
	}})
	ask := func(code string) *messaging.Message {
		return c.Ask(messaging.Shell, messaging.TypeInspectRequest, map[string]any{"code": code, "cursor_pos": 13, "detail_level": 1})
	}
	assert.JSONEq(t, `{"status":"ok","found":true,"data":{"text/plain":"func Split"},"metadata":{}}`, string(ask("strings.Split").Content))
	assert.JSONEq(t, `{"status":"ok","found":false,"data":{},"metadata":{}}`, string(ask("x").Content))
	assert.Equal(t, messaging.StatusError, kerneltest.Content[messaging.ErrorReply](t, ask("error")).Status)
}

func TestIsComplete(t *testing.T) {
	tests := []struct {
		name string
		in   interpreter.Completeness
		want string
	}{
		{"complete", interpreter.Completeness{Status: "complete"}, `{"status":"complete"}`},
		{"incomplete", interpreter.Completeness{Status: "incomplete", Indent: "\t"}, `{"status":"incomplete","indent":"\t"}`},
		{"invalid", interpreter.Completeness{Status: "invalid"}, `{"status":"invalid"}`},
		{"anything else", interpreter.Completeness{}, `{"status":"unknown"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := front(t, &play{isComplete: func(string) interpreter.Completeness { return tt.in }})
			assert.JSONEq(t, tt.want, string(c.Ask(messaging.Shell, messaging.TypeIsCompleteRequest, messaging.IsCompleteRequest{Code: "x"}).Content))
		})
	}
}

func TestHistory(t *testing.T) {
	c := front(t, &play{})
	for i, code := range []string{"a1", "b", "a2", "a1", "path/x"} {
		c.Run(code, i+1)
	}
	type entry = messaging.HistoryEntry
	one, two, three, four, five := entry{Session: 1, Line: 1, Input: "a1"}, entry{Session: 1, Line: 2, Input: "b"},
		entry{Session: 1, Line: 3, Input: "a2"}, entry{Session: 1, Line: 4, Input: "a1"}, entry{Session: 1, Line: 5, Input: "path/x"}
	tests := []struct {
		name    string
		request map[string]any
		want    []entry
	}{
		{"tail", map[string]any{"hist_access_type": "tail", "n": 2}, []entry{four, five}},
		{"tail of more than there is", map[string]any{"hist_access_type": "tail", "n": 1000}, []entry{one, two, three, four, five}},
		{"tail of none", map[string]any{"hist_access_type": "tail", "n": 0}, []entry{}},
		{"tail of less than none", map[string]any{"hist_access_type": "tail", "n": -5}, []entry{}},
		{"range", map[string]any{"hist_access_type": "range", "session": 0, "start": 2, "stop": 4}, []entry{two, three}},
		{"range to the end", map[string]any{"hist_access_type": "range", "session": 0, "start": 4}, []entry{four, five}},
		{"range backwards", map[string]any{"hist_access_type": "range", "session": 0, "start": 4, "stop": 2}, []entry{}},
		{"range by number of the session", map[string]any{"hist_access_type": "range", "session": 1, "start": 0, "stop": 2}, []entry{one}},
		{"range of a session before", map[string]any{"hist_access_type": "range", "session": -1, "start": 0}, []entry{}},
		{"search", map[string]any{"hist_access_type": "search", "pattern": "a*"}, []entry{one, three, four}},
		{"search, newest", map[string]any{"hist_access_type": "search", "pattern": "a*", "n": 2}, []entry{three, four}},
		{"search, each once", map[string]any{"hist_access_type": "search", "pattern": "a*", "n": 2, "unique": true}, []entry{three, four}},
		{"search, all once", map[string]any{"hist_access_type": "search", "pattern": "a*", "unique": true}, []entry{three, four}},
		{"search across a slash", map[string]any{"hist_access_type": "search", "pattern": "*t*x"}, []entry{five}},
		{"search of the whole text", map[string]any{"hist_access_type": "search", "pattern": "a"}, []entry{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			reply := kerneltest.Content[messaging.HistoryReply](t, c.Ask(messaging.Shell, messaging.TypeHistoryRequest, tt.request))
			assert.Equal(t, tt.want, reply.History)
		})
	}
	refused := c.Ask(messaging.Shell, messaging.TypeHistoryRequest, map[string]any{"hist_access_type": "all"})
	assert.Contains(t, kerneltest.Content[messaging.ErrorReply](t, refused).Value, "range, tail and search")
}

// TestEditorsAreServedWhileACellRuns also asks for everything else that does not wait for cells.
func TestEditorsAreServedWhileACellRuns(t *testing.T) {
	goOn := make(chan struct{})
	c := front(t, byCode(map[string]cell{"wait": func(context.Context, interpreter.Output) *interpreter.Error {
		<-goOn
		return nil
	}}))
	id := c.Execute("wait")
	c.RecvBusy(id)
	c.RecvInput(id, "wait", 1)
	ask := map[string]any{"code": "x", "cursor_pos": 0, "hist_access_type": "tail"}
	for _, of := range []messaging.Type{
		messaging.TypeCompleteRequest, messaging.TypeInspectRequest, messaging.TypeIsCompleteRequest,
		messaging.TypeKernelInfoRequest, messaging.TypeCommInfoRequest, messaging.TypeHistoryRequest, messaging.TypeConnectRequest,
	} {
		for _, ch := range []messaging.Channel{messaging.Shell, messaging.Control} {
			c.Ask(ch, of, ask)
		}
	}
	c.Beat()
	close(goOn)
	c.RecvIdle(id)
	c.RecvExecuteReply(id, messaging.StatusOK, 1)
}

// TestEditorsAreServedDuringAFlood prints without end until the front end has had its answers.
func TestEditorsAreServedDuringAFlood(t *testing.T) {
	goOn := make(chan struct{})
	r := start(t, messaging.ZMQ(nil), byCode(map[string]cell{"flood": func(_ context.Context, out interpreter.Output) *interpreter.Error {
		for {
			select {
			case <-goOn:
				return nil
			default:
				out.Stream("stdout", "0123456789012345678901234567890123456789\n")
			}
		}
	}}))
	c := r.dial(t)
	id := c.Execute("flood")
	for range 20 {
		asked := c.Send(messaging.Shell, messaging.TypeCompleteRequest, map[string]any{"code": "x", "cursor_pos": 0})
		c.RecvReply(messaging.Shell, messaging.TypeCompleteReply, asked)
	}
	close(goOn)
	for statuses := 0; statuses < 2+2*20; { // busy and idle of the flood and of each completion
		if m := c.Next(messaging.IOPub); m.Header.Type == messaging.TypeStatus {
			statuses++
		}
	}
	c.RecvExecuteReply(id, messaging.StatusOK, 1)
}

func TestSlowInspectionHoldsUpNoCompletion(t *testing.T) {
	goOn := make(chan struct{})
	c := front(t, &play{inspect: func(string, int, int) (display.Bundle, bool, error) {
		<-goOn
		return display.Bundle{}, false, nil
	}})
	slow := c.Send(messaging.Shell, messaging.TypeInspectRequest, map[string]any{"code": "x", "cursor_pos": 0})
	c.RecvBusy(slow)
	c.Ask(messaging.Shell, messaging.TypeCompleteRequest, map[string]any{"code": "x", "cursor_pos": 0})
	close(goOn)
	c.RecvIdle(slow)
	c.RecvReply(messaging.Shell, messaging.TypeInspectReply, slow)
}
