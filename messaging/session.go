package messaging

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
)

// A Session makes, signs and checks the messages of one side. A kernel makes one when it starts,
// so that front ends notice a restart by the session's id. All methods may be called from any goroutine.
type Session struct {
	id       string
	username string
	signer   signer

	mu     sync.Mutex
	replay replayGuard
}

// NewSession makes a session that signs with key; an empty key turns signing off.
func NewSession(key, username string) *Session {
	return &Session{id: uuid.NewString(), username: username, signer: signer{key: []byte(key)}}
}

// ID returns what the headers of this session's messages carry.
func (s *Session) ID() string { return s.id }

// Message makes a message of this session that was caused by parent, or by nothing if that is nil.
// Content that cannot be written as JSON, such as a NaN, is an error.
func (s *Session) Message(t Type, parent *Message, content any) (*Message, error) {
	if w, ok := content.(interface{ filled() any }); ok {
		content = w.filled()
	}
	encoded, err := Encode(content)
	if err != nil {
		return nil, fmt.Errorf("writing the content of %s: %w", t, err)
	}
	m := &Message{
		Header:   newHeader(t, s.id, s.username),
		Parent:   emptyObject,
		Metadata: emptyObject,
		Content:  encoded,
	}
	if m.RawHeader, err = Encode(m.Header); err != nil {
		return nil, fmt.Errorf("writing the header of %s: %w", t, err)
	}
	if parent != nil {
		m.Parent = parent.RawHeader
	}
	return m, nil
}

// Frames returns m as it travels, signed.
func (s *Session) Frames(m *Message) [][]byte {
	p := parts{
		identities: m.Identities,
		header:     m.RawHeader,
		parent:     m.Parent,
		metadata:   m.Metadata,
		content:    m.Content,
		buffers:    m.Buffers,
	}
	p.signature = s.signer.sign(p)
	return p.join()
}

// Parse checks the signature of a message that came in on ch and reads its header. An error means
// that nothing is known about the message, not even who could be told; see also Message.Malformed.
func (s *Session) Parse(ch Channel, frames [][]byte) (*Message, error) {
	p, err := split(frames)
	if err != nil {
		return nil, err
	}
	if err := s.authenticate(p); err != nil {
		return nil, err
	}
	header, err := parseHeader(p.header)
	if err != nil {
		return nil, err
	}
	return &Message{
		Channel:    ch,
		Received:   time.Now(),
		Identities: p.identities,
		Header:     header,
		RawHeader:  p.header,
		Parent:     p.parent,
		Metadata:   p.metadata,
		Content:    p.content,
		Buffers:    p.buffers,
		Malformed:  malformed(p),
	}, nil
}

// authenticate comes before anything is decoded: what is not signed is not looked at.
func (s *Session) authenticate(p parts) error {
	if err := s.signer.verify(p); err != nil || len(s.signer.key) == 0 {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.replay.check(p.signature)
}

func malformed(p parts) error {
	for _, part := range []struct {
		name string
		data json.RawMessage
	}{{"parent_header", p.parent}, {"metadata", p.metadata}} {
		if !utf8.Valid(part.data) || !json.Valid(part.data) {
			return fmt.Errorf("%s is not JSON in UTF-8", part.name)
		}
	}
	if err := requireFields(p.content); err != nil {
		return fmt.Errorf("content: %w", err)
	}
	return nil
}
