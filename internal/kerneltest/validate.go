package kerneltest

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// Validate holds a message that a kernel has sent against the protocol: what its header and its
// content must have, and of which kind.
func Validate(m *messaging.Message) error {
	if m.Malformed != nil {
		return m.Malformed
	}
	if err := validateHeader(m); err != nil {
		return fmt.Errorf("header of %s: %w", m.Header.Type, err)
	}
	if err := validateContent(m.Header.Type, m.Content); err != nil {
		return fmt.Errorf("content of %s: %w: %s", m.Header.Type, err, m.Content)
	}
	return nil
}

func validateHeader(m *messaging.Message) error {
	err := object(
		required("msg_id", text), required("session", text), required("username", text),
		required("date", date), required("msg_type", text), required("version", version),
	)(decoded(m.RawHeader))
	if err != nil {
		return err
	}
	return kind(func(v any) bool { _, ok := v.(map[string]any); return ok }, "an object")(decoded(m.Parent))
}

func validateContent(t messaging.Type, content json.RawMessage) error {
	v := decoded(content)
	want, known := contents[t]
	if !known {
		return fmt.Errorf("no such message is known")
	}
	// An error reply is the same for all, and so has the fields of an error and not its own.
	if fields, _ := v.(map[string]any); strings.HasSuffix(string(t), "_reply") && fields["status"] != "ok" {
		switch {
		case t == messaging.TypeIsCompleteReply && fields["status"] != "error":
		case t == messaging.TypeExecuteReply:
			want = object(required("status", oneOf("error", "aborted")), required("execution_count", integer), failure)
		default:
			want = object(required("status", oneOf("error")), failure)
		}
	}
	return want(v)
}

// contents is what the protocol demands of each message that a kernel sends.
var contents = map[messaging.Type]check{
	messaging.TypeExecuteReply: object(
		required("status", oneOf("ok")),
		required("execution_count", integer),
		required("user_expressions", values(object(required("status", oneOf("ok", "error"))))),
		required("payload", list(anything)),
	),
	messaging.TypeCompleteReply: object(
		required("status", oneOf("ok")),
		required("matches", list(text)),
		required("cursor_start", integer),
		required("cursor_end", integer),
		required("metadata", object(optional("_jupyter_types_experimental", list(typedMatch)))),
	),
	messaging.TypeInspectReply: object(
		required("status", oneOf("ok")),
		required("found", boolean),
		required("data", bundle),
		required("metadata", values(anything)),
	),
	messaging.TypeIsCompleteReply: object(
		required("status", oneOf("complete", "incomplete", "invalid", "unknown")),
		optional("indent", text),
	),
	messaging.TypeHistoryReply: object(
		required("status", oneOf("ok")),
		required("history", list(historyEntry)),
	),
	messaging.TypeKernelInfoReply: object(
		required("status", oneOf("ok")),
		required("protocol_version", version),
		required("implementation", text),
		required("implementation_version", text),
		required("banner", text),
		required("help_links", list(object(required("text", text), required("url", text)))),
		required("language_info", languageInfo),
	),
	messaging.TypeConnectReply: object(
		required("status", oneOf("ok")),
		required("shell_port", integer),
		required("iopub_port", integer),
		required("stdin_port", integer),
		required("hb_port", integer),
		required("control_port", integer),
	),
	messaging.TypeCommInfoReply: object(
		required("status", oneOf("ok")),
		required("comms", values(object(required("target_name", text)))),
	),
	messaging.TypeUsageReply: object(
		required("status", oneOf("ok")),
		required("hostname", text),
		required("pid", integer),
		required("cpu_count", integer),
	),
	messaging.TypeInterruptReply: object(required("status", oneOf("ok"))),
	messaging.TypeShutdownReply:  object(required("status", oneOf("ok")), required("restart", boolean)),

	messaging.TypeStatus:       object(required("execution_state", oneOf("starting", "busy", "idle"))),
	messaging.TypeExecuteInput: object(required("code", text), required("execution_count", integer)),
	messaging.TypeStream: object(
		required("name", oneOf("stdout", "stderr")),
		required("text", matching(`(?s).+`)),
	),
	messaging.TypeExecuteResult: object(
		required("execution_count", integer),
		required("data", shown),
		required("metadata", values(anything)),
		required("transient", object(optional("display_id", text))),
	),
	messaging.TypeDisplayData: object(
		required("data", shown),
		required("metadata", values(anything)),
		required("transient", object(optional("display_id", text))),
	),
	messaging.TypeUpdateDisplayData: object(
		required("data", shown),
		required("metadata", values(anything)),
		required("transient", object(required("display_id", text))),
	),
	messaging.TypeClearOutput:  object(required("wait", boolean)),
	messaging.TypeError:        object(failure),
	messaging.TypeInputRequest: object(required("prompt", text), required("password", boolean)),
	messaging.TypeCommOpen: object(
		required("comm_id", text),
		required("target_name", text),
		required("data", values(anything)),
	),
	messaging.TypeCommMsg:   object(required("comm_id", text), required("data", values(anything))),
	messaging.TypeCommClose: object(required("comm_id", text), required("data", values(anything))),
}

var typedMatch = object(
	required("text", text),
	required("type", text),
	required("start", integer),
	required("end", integer),
	optional("signature", text),
)

var languageInfo = object(
	required("name", text),
	required("version", text),
	required("mimetype", text),
	required("file_extension", matching(`^\.\w+$`)),
	optional("pygments_lexer", text),
	optional("codemirror_mode", text),
	optional("nbconvert_exporter", text),
)

// A checker also looks at what only shows in several messages. The zero value is ready.
type checker struct {
	session string
	ids     map[string]bool
}

func (c *checker) check(m *messaging.Message) error {
	if c.ids == nil {
		c.ids = make(map[string]bool)
		c.session = m.Header.Session
	}
	if c.ids[m.Header.ID] {
		return fmt.Errorf("msg_id %s came twice", m.Header.ID)
	}
	c.ids[m.Header.ID] = true
	if m.Header.Session != c.session {
		return fmt.Errorf("session of the kernel changed from %s to %s", c.session, m.Header.Session)
	}
	return Validate(m)
}
