package messaging

import (
	"encoding/json"
	"math"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMessageArrivesAsItWasSent(t *testing.T) {
	front, kernel := NewSession("k", "ann"), NewSession("k", "kernel")
	sent, err := front.Message(TypeExecuteRequest, nil, map[string]any{"code": "a < b && c > d"})
	require.NoError(t, err)
	sent.Identities = frames("id")
	sent.Buffers = frames("\xff\x00")

	got, err := kernel.Parse(Shell, front.Frames(sent))
	require.NoError(t, err)
	require.NoError(t, got.Malformed)
	assert.Equal(t, sent.Header, got.Header)
	assert.Equal(t, front.ID(), got.Header.Session)
	assert.Equal(t, ProtocolVersion, got.Header.Version)
	assert.Equal(t, sent.Identities, got.Identities)
	assert.Equal(t, sent.Buffers, got.Buffers)
	assert.JSONEq(t, `{"code":"a < b && c > d"}`, string(got.Content))
	assert.Contains(t, string(got.Content), "a < b && c > d", "HTML is not escaped")
	assert.NotEqual(t, front.ID(), kernel.ID())
}

func TestParentIsEchoedByteForByte(t *testing.T) {
	const header = `{ "msg_type":"execute_request",  "msg_id":"1", "big": 12345678901234567890, "unknown": [1.0] }`
	s := NewSession("", "kernel")
	request, err := s.Parse(Shell, frames("id", "<IDS|MSG>", "", header, "{}", "{}", `{}`))
	require.NoError(t, err)
	reply, err := s.Message(TypeExecuteReply, request, ExecuteReply{Status: StatusOK})
	require.NoError(t, err)
	assert.Equal(t, header, string(s.Frames(reply)[3]))
	assert.Equal(t, "1", reply.ParentID())
}

func TestEveryMessageHasItsOwnID(t *testing.T) {
	s := NewSession("k", "kernel")
	a, err := s.Message(TypeShutdownReply, nil, ShutdownReply{})
	require.NoError(t, err)
	b, err := s.Message(TypeShutdownReply, nil, ShutdownReply{})
	require.NoError(t, err)
	assert.NotEqual(t, a.Header.ID, b.Header.ID)
	assert.Equal(t, "{}", string(a.Parent))
	assert.Empty(t, a.ParentID())
}

func TestDate(t *testing.T) {
	zone := time.FixedZone("somewhere", 2*60*60)
	assert.Equal(t, "2026-05-01T10:00:00.000007Z", Date(time.Date(2026, 5, 1, 12, 0, 0, 7000, zone)))
}

func TestParseRefuses(t *testing.T) {
	const header = `{"msg_id":"1","msg_type":"x"}`
	tests := []struct {
		name string
		in   [][]byte
		want string
	}{
		{"bad signature", frames("<IDS|MSG>", strings.Repeat("0", 64), header, "{}", "{}", "{}"), "signature"},
		{"no signature", frames("<IDS|MSG>", "", header, "{}", "{}", "{}"), "signature"},
		{"cut short", frames("<IDS|MSG>", "", header), "cut short"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := NewSession("k", "u").Parse(Shell, tt.in)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

func TestParseRefusesReplay(t *testing.T) {
	front, kernel := NewSession("k", "u"), NewSession("k", "kernel")
	m, err := front.Message(TypeCommInfoRequest, nil, CommInfoRequest{})
	require.NoError(t, err)
	_, err = kernel.Parse(Shell, front.Frames(m))
	require.NoError(t, err)
	_, err = kernel.Parse(Control, front.Frames(m))
	require.ErrorIs(t, err, errReplayed)
}

func TestParseBrokenParts(t *testing.T) {
	const header = `{"msg_id":"1","msg_type":"x"}`
	tests := []struct {
		name      string
		in        [][]byte
		want      string // of the error
		malformed string // of Malformed
	}{
		{name: "header cut", in: frames("<IDS|MSG>", "", `{"msg_id":`, "{}", "{}", "{}"), want: "header"},
		{name: "header without id", in: frames("<IDS|MSG>", "", `{"msg_type":"x"}`, "{}", "{}", "{}"), want: `"msg_id" is missing`},
		{name: "header with null", in: frames("<IDS|MSG>", "", `{"msg_id":null,"msg_type":"x"}`, "{}", "{}", "{}"), want: `"msg_id" is missing`},
		{name: "header with wrong type", in: frames("<IDS|MSG>", "", `{"msg_id":1,"msg_type":"x"}`, "{}", "{}", "{}"), want: "header"},
		{name: "header not UTF-8", in: frames("<IDS|MSG>", "", "{\"msg_id\":\"\xff\",\"msg_type\":\"x\"}", "{}", "{}", "{}"), want: "UTF-8"},
		{name: "header too deep", in: frames("<IDS|MSG>", "", strings.Repeat("[", 20000), "{}", "{}", "{}"), want: "header"},
		{name: "parent cut", in: frames("<IDS|MSG>", "", header, "{", "{}", "{}"), malformed: "parent_header"},
		{name: "metadata not UTF-8", in: frames("<IDS|MSG>", "", header, "{}", "{\"\xff\":1}", "{}"), malformed: "metadata"},
		{name: "content cut", in: frames("<IDS|MSG>", "", header, "{}", "{}", `{"code":`), malformed: "content"},
		{name: "content a list", in: frames("<IDS|MSG>", "", header, "{}", "{}", `[]`), malformed: "content"},
		{name: "content empty", in: frames("<IDS|MSG>", "", header, "{}", "{}", ``), malformed: "content"},
		{name: "content too deep", in: frames("<IDS|MSG>", "", header, "{}", "{}", `{"a":`+strings.Repeat("[", 20000)+`}`), malformed: "content"},
		{name: "null parent and metadata", in: frames("<IDS|MSG>", "", header, "null", "null", "{}")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := NewSession("", "u").Parse(Shell, tt.in)
			if tt.want != "" {
				require.ErrorContains(t, err, tt.want)
				return
			}
			require.NoError(t, err)
			if tt.malformed == "" {
				require.NoError(t, m.Malformed)
				return
			}
			require.ErrorContains(t, m.Malformed, tt.malformed)
		})
	}
}

func TestDecode(t *testing.T) {
	message := func(content string) *Message {
		return &Message{Header: Header{Type: TypeExecuteRequest}, Content: json.RawMessage(content)}
	}
	yes := true
	tests := []struct {
		name   string
		in     string
		want   ExecuteRequest
		counts bool
		err    string
	}{
		{name: "defaults", in: `{"code":"x"}`, want: ExecuteRequest{Code: "x", StopOnError: true}, counts: true},
		{name: "unknown field", in: `{"code":"x","cell":{"a":[]}}`, want: ExecuteRequest{Code: "x", StopOnError: true}, counts: true},
		{name: "null keeps the default", in: `{"code":"x","stop_on_error":null,"user_expressions":null}`, want: ExecuteRequest{Code: "x", StopOnError: true}, counts: true},
		{name: "silent", in: `{"code":"x","silent":true,"store_history":true,"stop_on_error":false}`, want: ExecuteRequest{Code: "x", Silent: true, StoreHistory: &yes}},
		{name: "no code", in: `{"silent":true}`, err: `"code" is missing`},
		{name: "code null", in: `{"code":null}`, err: `"code" is missing`},
		{name: "code a number", in: `{"code":1}`, err: "content of execute_request"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := Decode[ExecuteRequest](message(tt.in))
			if tt.err != "" {
				require.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
			assert.Equal(t, tt.counts, got.Counts())
		})
	}
}

// TestNothingIsNull makes every content empty: clients and the notebook format want objects and lists.
func TestNothingIsNull(t *testing.T) {
	failed := &Failure{Name: "E"}
	tests := []struct {
		name    string
		content any
	}{
		{"execute_reply", ExecuteReply{}},
		{"execute_reply, failed", ExecuteReply{Failure: failed}},
		{"execute_reply, expressions", ExecuteReply{UserExpressions: map[string]Expression{"a": {ExpressionValue: &ExpressionValue{}}, "b": {Failure: failed}}}},
		{"execute_result", ExecuteResult{}},
		{"display_data", DisplayData{}},
		{"error", Failure{}},
		{"error reply", ErrorReply{}},
		{"complete_reply", CompleteReply{}},
		{"inspect_reply", InspectReply{}},
		{"is_complete_reply", IsCompleteReply{}},
		{"history_reply", HistoryReply{}},
		{"kernel_info_reply", KernelInfoReply{}},
		{"comm_info_reply", CommInfoReply{}},
		{"comm_open", Comm{}},
		{"connect_reply", ConnectReply{}},
		{"shutdown_reply", ShutdownReply{}},
		{"input_request", InputRequest{}},
		{"stream", Stream{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := NewSession("", "u").Message("x", nil, tt.content)
			require.NoError(t, err)
			assert.NotContains(t, string(m.Content), "null")
		})
	}
	assert.Nil(t, failed.Traceback, "contents are not changed")
}

func TestContentsOnTheWire(t *testing.T) {
	tests := []struct {
		name    string
		content any
		want    string
	}{
		{"ok reply has no error fields", ExecuteReply{Status: StatusOK, ExecutionCount: 3},
			`{"status":"ok","execution_count":3,"user_expressions":{},"payload":[]}`},
		{"error reply", ExecuteReply{Status: StatusError, ExecutionCount: 3, Failure: &Failure{"E", "v", []string{"t"}}},
			`{"status":"error","execution_count":3,"user_expressions":{},"payload":[],"ename":"E","evalue":"v","traceback":["t"]}`},
		{"history", HistoryReply{Status: StatusOK, History: []HistoryEntry{{Session: 1, Line: 2, Input: "a"}, {Session: 1, Line: 3, Input: "b", Output: "c", WithOutput: true}, {Session: 1, Line: 4, Input: "d", WithOutput: true}}},
			`{"status":"ok","history":[[1,2,"a"],[1,3,["b","c"]],[1,4,["d",null]]]}`},
		{"bytes are base64 in one line", DisplayData{Data: map[string]any{"image/png": []byte(strings.Repeat("x", 90))}},
			`{"data":{"image/png":"` + strings.Repeat("eHh4", 30) + `"},"metadata":{},"transient":{}}`},
		{"integers stay integers", DisplayData{Data: map[string]any{"application/json": int64(math.MaxInt64)}},
			`{"data":{"application/json":9223372036854775807},"metadata":{},"transient":{}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := NewSession("", "u").Message("x", nil, tt.content)
			require.NoError(t, err)
			assert.Equal(t, tt.want, string(m.Content))
		})
	}
	_, err := NewSession("", "u").Message(TypeDisplayData, nil, DisplayData{Data: map[string]any{"application/json": math.NaN()}})
	assert.ErrorContains(t, err, "writing the content of display_data")
}

func TestHistoryEntryReadsWhatItWrites(t *testing.T) {
	for _, e := range []HistoryEntry{{1, 2, "a", "", false}, {1, 2, "a", "b", true}} {
		text, err := Encode(e)
		require.NoError(t, err)
		var got HistoryEntry
		require.NoError(t, json.Unmarshal(text, &got))
		assert.Equal(t, e, got)
	}
	var e HistoryEntry
	assert.Error(t, json.Unmarshal([]byte(`[1,2]x`), &e))
}

func TestHeaderDateHasMicrosecondsAndZone(t *testing.T) {
	m, err := NewSession("", "u").Message("x", nil, struct{}{})
	require.NoError(t, err)
	assert.Regexp(t, regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$`), m.Header.Date)
}
