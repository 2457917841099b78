package messaging

import (
	"encoding/json"
	"errors"
	"sync"
	"unicode/utf8"
)

// Outputs returns the way to IOPub for what parent causes.
func (p *Publisher) Outputs(parent *Message) *Outputs {
	return &Outputs{publisher: p, parent: parent}
}

// Outputs publishes what one request causes, however late that comes. Its methods may be called
// from any goroutine.
type Outputs struct {
	publisher *Publisher
	parent    *Message

	mu     sync.Mutex
	partly [2][]byte // the beginning of a code point at the end of stdout, stderr
}

// Publish queues a message. It waits while more is queued than the front ends take. An error means
// that content cannot be written as JSON, or that the publisher is closed.
func (o *Outputs) Publish(t Type, content any) error {
	return o.publisher.publishWithRoom(o.parent, t, content)
}

// Comm queues a message of a comm, which may have metadata and buffers; it waits as Publish does.
func (o *Outputs) Comm(t Type, content Comm, metadata json.RawMessage, buffers [][]byte) error {
	m, err := o.publisher.message(o.parent, t, string(t), content)
	if err != nil {
		return err
	}
	if len(metadata) > 0 {
		if !json.Valid(metadata) {
			return errors.New("the metadata of a comm is not JSON")
		}
		m.Metadata = metadata
	}
	m.Buffers = buffers
	return o.publisher.pushWithRoom(m)
}

// Stream publishes text that was written to stdout or stderr; it waits as Publish does. A code
// point may be cut between two calls.
func (o *Outputs) Stream(name, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	partly := &o.partly[streamIndex(name)]
	data := append(*partly, text...)
	n := len(data) - incomplete(data)
	*partly = append([]byte(nil), data[n:]...)
	o.publisher.write(o.parent, name, data[:n])
}

// Flush publishes at once what Stream has kept to send it together with what follows, also what
// does not end with a whole code point.
func (o *Outputs) Flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, name := range [...]string{Stdout, Stderr} {
		o.publisher.write(o.parent, name, o.partly[i])
		o.partly[i] = nil
	}
	o.publisher.hurry()
}

func streamIndex(name string) int {
	if name == Stderr {
		return 1
	}
	return 0
}

// incomplete returns how many bytes at the end of text are the beginning of a code point.
func incomplete(text []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(text); n++ {
		if tail := text[len(text)-n:]; utf8.RuneStart(tail[0]) {
			if utf8.FullRune(tail) {
				return 0
			}
			return n
		}
	}
	return 0
}
