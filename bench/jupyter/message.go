package jupyter

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/gopy-kernel/gopy-kernel/bench/zmtp"
)

const delimiter = "<IDS|MSG>"

// A Header is that of a message. Incoming ones have more fields, which nobody here asks for.
type Header struct {
	ID       string `json:"msg_id"`
	Session  string `json:"session"`
	Username string `json:"username"`
	Date     string `json:"date"`
	Type     string `json:"msg_type"`
	Version  string `json:"version"`
}

// A Request is a message made beforehand: encoded, signed, ready to be written.
type Request struct {
	ID    string
	bytes []byte
}

// A signer makes requests of one session.
type signer struct {
	key     []byte
	session string
}

func newSigner(key string) signer { return signer{[]byte(key), uuid.NewString()} }

func (s signer) request(kind string, content any) (Request, error) {
	header := Header{
		ID: uuid.NewString(), Session: s.session, Username: "bench",
		Date: time.Now().UTC().Format(time.RFC3339Nano), Type: kind, Version: "5.3",
	}
	headerText, err := json.Marshal(header)
	if err != nil {
		return Request{}, err
	}
	contentText, err := json.Marshal(content)
	if err != nil {
		return Request{}, fmt.Errorf("encode the content of a %s: %w", kind, err)
	}
	parts := [][]byte{headerText, []byte("{}"), []byte("{}"), contentText}
	frames := append([][]byte{[]byte(delimiter), s.sign(parts)}, parts...)
	return Request{ID: header.ID, bytes: zmtp.Encode(frames...)}, nil
}

func (s signer) sign(parts [][]byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	for _, p := range parts {
		mac.Write(p)
	}
	return hex.AppendEncode(nil, mac.Sum(nil))
}

// A Message is one that came in.
type Message struct {
	At      time.Time // when its last byte was read
	Channel Channel
	Type    string
	Parent  string // id of the request that it belongs to
	Content json.RawMessage
}

var errMalformed = errors.New("malformed message")

// parse reads what every message is asked for. The content stays encoded.
func parse(channel Channel, frames [][]byte, at time.Time) (Message, error) {
	for len(frames) > 0 && !bytes.Equal(frames[0], []byte(delimiter)) {
		frames = frames[1:] // the topic of iopub
	}
	if len(frames) < 6 {
		return Message{}, fmt.Errorf("%w on %s: %d frames from the delimiter on", errMalformed, channel, len(frames))
	}
	var header, parent Header
	if err := json.Unmarshal(frames[2], &header); err != nil {
		return Message{}, fmt.Errorf("%w on %s: header: %w", errMalformed, channel, err)
	}
	if err := json.Unmarshal(frames[3], &parent); err != nil {
		return Message{}, fmt.Errorf("%w on %s: parent header: %w", errMalformed, channel, err)
	}
	return Message{At: at, Channel: channel, Type: header.Type, Parent: parent.ID, Content: frames[5]}, nil
}
