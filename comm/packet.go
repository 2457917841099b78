package comm

import (
	"encoding/json"
	"fmt"
)

// A Message is what one side of a comm tells the other.
type Message struct {
	Data     json.RawMessage // a JSON object by convention
	Metadata json.RawMessage // of the whole message; empty for none
	Buffers  [][]byte        // bytes that need not be written as JSON
}

// Decode reads the data into what into points at, as [json.Unmarshal] does.
func (m Message) Decode(into any) error {
	if err := json.Unmarshal(m.Data, into); err != nil {
		return fmt.Errorf("reading what the page sent: %w", err)
	}
	return nil
}

// A Kind is the type of a message in the protocol.
type Kind string

// The kinds of messages that comms have.
const (
	Opens  Kind = "comm_open"
	Tells  Kind = "comm_msg"
	Closes Kind = "comm_close"
)

// A Packet is a message on its way, with its comm.
type Packet struct {
	Kind   Kind
	ID     string // of the comm
	Target string // of a comm that is opened
	Message
}

// message encodes data; nil is an empty object, which is what the protocol asks for.
func message(data any, buffers [][]byte) (Message, error) {
	if data == nil {
		data = struct{}{}
	}
	encoded, err := json.Marshal(data)
	if err != nil {
		return Message{}, fmt.Errorf("comm: writing the data as JSON: %w", err)
	}
	return Message{Data: encoded, Buffers: buffers}, nil
}
