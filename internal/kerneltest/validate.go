package kerneltest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"time"

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
	messaging.TypeExecuteReply: object(required("status", oneOf("ok")), required("execution_count", integer),
		required("user_expressions", values(object(required("status", oneOf("ok", "error"))))), required("payload", list(anything))),
	messaging.TypeCompleteReply: object(required("status", oneOf("ok")), required("matches", list(text)),
		required("cursor_start", integer), required("cursor_end", integer),
		required("metadata", object(optional("_jupyter_types_experimental", list(object(required("text", text), required("type", text),
			required("start", integer), required("end", integer), optional("signature", text))))))),
	messaging.TypeInspectReply: object(required("status", oneOf("ok")), required("found", boolean),
		required("data", bundle), required("metadata", values(anything))),
	messaging.TypeIsCompleteReply: object(required("status", oneOf("complete", "incomplete", "invalid", "unknown")), optional("indent", text)),
	messaging.TypeHistoryReply:    object(required("status", oneOf("ok")), required("history", list(historyEntry))),
	messaging.TypeKernelInfoReply: object(required("status", oneOf("ok")), required("protocol_version", version),
		required("implementation", text), required("implementation_version", text), required("banner", text),
		required("help_links", list(object(required("text", text), required("url", text)))),
		required("language_info", object(required("name", text), required("version", text), required("mimetype", text),
			required("file_extension", matching(`^\.\w+$`)), optional("pygments_lexer", text), optional("codemirror_mode", text),
			optional("nbconvert_exporter", text)))),
	messaging.TypeConnectReply: object(required("status", oneOf("ok")), required("shell_port", integer),
		required("iopub_port", integer), required("stdin_port", integer), required("hb_port", integer), required("control_port", integer)),
	messaging.TypeCommInfoReply:  object(required("status", oneOf("ok")), required("comms", values(object(required("target_name", text))))),
	messaging.TypeInterruptReply: object(required("status", oneOf("ok"))),
	messaging.TypeShutdownReply:  object(required("status", oneOf("ok")), required("restart", boolean)),

	messaging.TypeStatus:       object(required("execution_state", oneOf("starting", "busy", "idle"))),
	messaging.TypeExecuteInput: object(required("code", text), required("execution_count", integer)),
	messaging.TypeStream:       object(required("name", oneOf("stdout", "stderr")), required("text", matching(`(?s).+`))),
	messaging.TypeExecuteResult: object(required("execution_count", integer), required("data", shown), required("metadata", values(anything)),
		required("transient", object(optional("display_id", text)))),
	messaging.TypeDisplayData: object(required("data", shown), required("metadata", values(anything)),
		required("transient", object(optional("display_id", text)))),
	messaging.TypeUpdateDisplayData: object(required("data", shown), required("metadata", values(anything)),
		required("transient", object(required("display_id", text)))),
	messaging.TypeClearOutput:  object(required("wait", boolean)),
	messaging.TypeError:        object(failure),
	messaging.TypeInputRequest: object(required("prompt", text), required("password", boolean)),
	messaging.TypeCommOpen:     object(required("comm_id", text), required("target_name", text), required("data", values(anything))),
	messaging.TypeCommMsg:      object(required("comm_id", text), required("data", values(anything))),
	messaging.TypeCommClose:    object(required("comm_id", text), required("data", values(anything))),
}

// A check says what is wrong with a JSON value.
type check func(any) error

// A field checks one field of an object, which may be missing.
type field func(map[string]any) error

func object(fields ...field) check {
	return func(v any) error {
		o, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%v is not an object", v)
		}
		for _, f := range fields {
			if err := f(o); err != nil {
				return err
			}
		}
		return nil
	}
}

func required(name string, c check) field {
	return func(o map[string]any) error {
		v, ok := o[name]
		if !ok {
			return fmt.Errorf("%s is missing", name)
		}
		if err := c(v); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		return nil
	}
}

func optional(name string, c check) field {
	return func(o map[string]any) error {
		if _, ok := o[name]; !ok {
			return nil
		}
		return required(name, c)(o)
	}
}

func failure(o map[string]any) error {
	return object(required("ename", text), required("evalue", text), required("traceback", list(text)))(o)
}

func kind(is func(any) bool, name string) check {
	return func(v any) error {
		if !is(v) {
			return fmt.Errorf("%v is not %s", v, name)
		}
		return nil
	}
}

var (
	anything = kind(func(v any) bool { return v != nil }, "there")
	text     = kind(func(v any) bool { _, ok := v.(string); return ok }, "text")
	boolean  = kind(func(v any) bool { _, ok := v.(bool); return ok }, "a boolean")
	integer  = kind(func(v any) bool {
		n, ok := v.(json.Number)
		return ok && !strings.ContainsAny(n.String(), ".eE")
	}, "an integer")
	date = kind(func(v any) bool {
		s, _ := v.(string)
		_, err := time.Parse(time.RFC3339Nano, s)
		return err == nil && strings.Contains(s, ".")
	}, "a date with a fraction and a time zone")
	version = matching(`^\d+\.\d+$`)
	// bundle allows no parameters in MIME types, as the conformance suite does not.
	bundle = func(v any) error {
		if err := values(anything)(v); err != nil {
			return err
		}
		for mime, data := range v.(map[string]any) {
			if !mimeType.MatchString(mime) {
				return fmt.Errorf("%q is not a MIME type", mime)
			}
			if _, ok := data.(string); !ok && !strings.HasSuffix(mime, "json") {
				return fmt.Errorf("%s is not text", mime)
			}
		}
		return nil
	}
	// shown is a bundle that every front end can show.
	shown = func(v any) error {
		if err := bundle(v); err != nil {
			return err
		}
		return object(required("text/plain", text))(v)
	}
)

var mimeType = regexp.MustCompile(`^[\w.+-]+/[\w.+-]+$`)

func matching(pattern string) check {
	re := regexp.MustCompile(pattern)
	return kind(func(v any) bool { s, ok := v.(string); return ok && re.MatchString(s) }, "like "+pattern)
}

func oneOf(names ...string) check {
	return kind(func(v any) bool {
		for _, n := range names {
			if v == n {
				return true
			}
		}
		return false
	}, "one of "+strings.Join(names, ", "))
}

func list(c check) check {
	return func(v any) error {
		l, ok := v.([]any)
		if !ok {
			return fmt.Errorf("%v is not a list", v)
		}
		for i, item := range l {
			if err := c(item); err != nil {
				return fmt.Errorf("[%d]: %w", i, err)
			}
		}
		return nil
	}
}

func values(c check) check {
	return func(v any) error {
		o, ok := v.(map[string]any)
		if !ok {
			return fmt.Errorf("%v is not an object", v)
		}
		for name, item := range o {
			if err := c(item); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
		}
		return nil
	}
}

func historyEntry(v any) error {
	l, ok := v.([]any)
	if !ok || len(l) != 3 || integer(l[0]) != nil || integer(l[1]) != nil {
		return fmt.Errorf("%v is not a history entry", v)
	}
	if pair, ok := l[2].([]any); ok {
		if len(pair) != 2 {
			return fmt.Errorf("%v is not input and output", pair)
		}
		return text(pair[0])
	}
	return text(l[2])
}

// decoded keeps integers apart from other numbers; what is not JSON is nil.
func decoded(data []byte) any {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if d.Decode(&v) != nil {
		return nil
	}
	return v
}

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
