package messaging

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"
)

// ProtocolVersion is what headers and kernel_info_reply declare. Of what 5.5 has, subshells and the debugger
// are features that a kernel may do without, and says so in supported_features. 5.6 has the handshake by
// a registration file.
const ProtocolVersion = "5.6"

// A Type names a message, such as "execute_request". Front ends may send names that are not
// listed in this package.
type Type string

// A Header tells one message from all others. A kernel answers with the header it got as the
// parent of everything that the message causes.
type Header struct {
	ID       string `json:"msg_id"`  // unique
	Session  string `json:"session"` // of the sender; a kernel has a new one after each start
	Username string `json:"username"`
	Date     string `json:"date"` // ISO 8601 with microseconds and a time zone
	Type     Type   `json:"msg_type"`
	Version  string `json:"version"`
}

// A Message is one Jupyter message, received or to be sent. The JSON parts are kept as they
// travel. After it was made it is only read, so goroutines may share it.
type Message struct {
	Channel    Channel   // where it came in or goes out
	Received   time.Time // zero for a message that is to be sent
	Identities [][]byte  // routing prefix: of who sent it, or who gets it; on IOPub the topic
	Header     Header
	RawHeader  json.RawMessage // byte for byte; becomes the parent of the answers
	Parent     json.RawMessage // the raw header of what caused this message, {} for nothing
	Metadata   json.RawMessage
	Content    json.RawMessage
	Buffers    [][]byte
	// Malformed is what is wrong with a received message of which only the header can be read.
	// It deserves busy, idle and an error reply, and nothing else may be read from it.
	Malformed error
}

// ParentID returns the msg_id of the message that caused m, "" where there is none.
func (m *Message) ParentID() string {
	var h Header
	if json.Unmarshal(m.Parent, &h) != nil {
		return ""
	}
	return h.ID
}

var emptyObject = json.RawMessage("{}")

// newHeader makes a header with a fresh id. A message that goes out on two sockets needs two of
// them: front ends refuse a signature that they have seen.
func newHeader(t Type, session, username string) Header {
	return Header{
		ID:       uuid.NewString(),
		Session:  session,
		Username: username,
		Date:     Date(time.Now()),
		Type:     t,
		Version:  ProtocolVersion,
	}
}

// Date writes t as the protocol wants it.
func Date(t time.Time) string {
	return t.UTC().Format("2006-01-02T15:04:05.000000Z07:00")
}

func parseHeader(raw []byte) (Header, error) {
	if err := requireFields(raw, "msg_id", "msg_type"); err != nil {
		return Header{}, fmt.Errorf("header: %w", err)
	}
	var h Header
	if err := json.Unmarshal(raw, &h); err != nil {
		return Header{}, fmt.Errorf("header: %w", err)
	}
	return h, nil
}
