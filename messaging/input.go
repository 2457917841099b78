package messaging

const (
	TypeInputRequest Type = "input_request"
	TypeInputReply   Type = "input_reply"
)

// EndOfInput is the value of an input_reply by which a user ends the input.
const EndOfInput = "\x04"

// An InputRequest asks the user for a line. Unlike other requests it goes from kernel to front end.
type InputRequest struct {
	Prompt   string `json:"prompt"`
	Password bool   `json:"password"` // do not show what is typed
}

// An InputReply is the line, without its end.
type InputReply struct {
	Value string `json:"value"`
}

func (InputReply) required() []string { return []string{"value"} }
