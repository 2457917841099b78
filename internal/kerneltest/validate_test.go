package kerneltest

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

func TestValidate(t *testing.T) {
	tests := []struct {
		name    string
		of      messaging.Type
		content string
		want    string // "" for a right message
	}{
		{"status", "status", `{"execution_state":"busy"}`, ""},
		{"status of another kind", "status", `{"execution_state":"restarting"}`, "execution_state"},
		{"unknown type", "debug_event", `{}`, "no such message"},
		{"not an object", "status", `[]`, "not an object"},
		{"not JSON", "status", `{`, "not an object"},

		{"execute_reply", "execute_reply", `{"status":"ok","execution_count":1,"user_expressions":{},"payload":[]}`, ""},
		{"execute_reply without count", "execute_reply", `{"status":"ok","user_expressions":{},"payload":[]}`, "execution_count is missing"},
		{"count not an integer", "execute_reply", `{"status":"ok","execution_count":1.0,"user_expressions":{},"payload":[]}`, "not an integer"},
		{"failed cell", "execute_reply", `{"status":"error","execution_count":1,"ename":"E","evalue":"v","traceback":["t"]}`, ""},
		{"failed cell without count", "execute_reply", `{"status":"error","ename":"E","evalue":"v","traceback":["t"]}`, "execution_count is missing"},
		{"traceback null", "execute_reply", `{"status":"error","execution_count":1,"ename":"E","evalue":"v","traceback":null}`, "traceback"},
		{"aborted cell", "execute_reply", `{"status":"aborted","execution_count":1,"ename":"E","evalue":"v","traceback":[]}`, ""},
		{"aborted completion", "complete_reply", `{"status":"aborted","ename":"E","evalue":"v","traceback":[]}`, "status"},
		{"failed completion", "complete_reply", `{"status":"error","ename":"E","evalue":"v","traceback":[]}`, ""},

		{"is_complete_reply", "is_complete_reply", `{"status":"incomplete","indent":"  "}`, ""},
		{"failed is_complete", "is_complete_reply", `{"status":"error","ename":"E","evalue":"v","traceback":[]}`, ""},
		{"is_complete ok", "is_complete_reply", `{"status":"ok"}`, "status"},

		{"display", "display_data", `{"data":{"text/plain":"x","application/json":{"a":1},"image/svg+xml":"<svg/>"},"metadata":{},"transient":{}}`, ""},
		{"display without text", "display_data", `{"data":{"image/png":"x"},"metadata":{},"transient":{}}`, "text/plain is missing"},
		{"display with parameters", "display_data", `{"data":{"text/plain;charset=utf-8":"x"},"metadata":{},"transient":{}}`, "not a MIME type"},
		{"display of a number", "display_data", `{"data":{"text/plain":1},"metadata":{},"transient":{}}`, "not text"},
		{"display with null metadata", "display_data", `{"data":{"text/plain":"x"},"metadata":null,"transient":{}}`, "metadata"},
		{"update without id", "update_display_data", `{"data":{"text/plain":"x"},"metadata":{},"transient":{}}`, "display_id is missing"},
		{"empty text", "stream", `{"name":"stdout","text":""}`, "text"},
		{"lines", "stream", `{"name":"stdout","text":"\n\n"}`, ""},

		{"history", "history_reply", `{"status":"ok","history":[[1,2,"a"],[1,3,["b",null]]]}`, ""},
		{"history entry cut", "history_reply", `{"status":"ok","history":[[1,2]]}`, "[0]"},
		{"history entry with three texts", "history_reply", `{"status":"ok","history":[[1,2,["a","b","c"]]]}`, "[0]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := Validate(message(t, tt.of, tt.content))
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func message(t *testing.T, of messaging.Type, content string) *messaging.Message {
	m, err := messaging.NewSession("", "kernel").Message(of, nil, json.RawMessage(`{}`))
	require.NoError(t, err)
	m.Content = json.RawMessage(content)
	return m
}

func TestValidateHeader(t *testing.T) {
	tests := []struct {
		name   string
		header string
		want   string
	}{
		{"right", `{"msg_id":"1","session":"s","username":"u","date":"2026-01-02T03:04:05.000006Z","msg_type":"status","version":"5.3"}`, ""},
		{"whole seconds", `{"msg_id":"1","session":"s","username":"u","date":"2026-01-02T03:04:05Z","msg_type":"status","version":"5.3"}`, "date"},
		{"no zone", `{"msg_id":"1","session":"s","username":"u","date":"2026-01-02T03:04:05.000006","msg_type":"status","version":"5.3"}`, "date"},
		{"no version", `{"msg_id":"1","session":"s","username":"u","date":"2026-01-02T03:04:05.000006Z","msg_type":"status"}`, "version is missing"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := message(t, "status", `{"execution_state":"idle"}`)
			m.RawHeader = json.RawMessage(tt.header)
			err := Validate(m)
			if tt.want == "" {
				require.NoError(t, err)
				return
			}
			require.ErrorContains(t, err, tt.want)
		})
	}
}

func TestCheckerComparesMessages(t *testing.T) {
	var c checker
	one := message(t, "status", `{"execution_state":"idle"}`)
	require.NoError(t, c.check(one))
	require.ErrorContains(t, c.check(one), "came twice")
	assert.ErrorContains(t, c.check(message(t, "status", `{"execution_state":"idle"}`)), "session of the kernel changed")
}
