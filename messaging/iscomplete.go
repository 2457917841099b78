package messaging

const (
	TypeIsCompleteRequest Type = "is_complete_request"
	TypeIsCompleteReply   Type = "is_complete_reply"
)

// An IsCompleteRequest asks whether a console should run the code or let the user go on typing.
type IsCompleteRequest struct {
	Code string `json:"code"`
}

func (IsCompleteRequest) required() []string { return []string{"code"} }

// An IsCompleteReply has a status of its own kind: complete, incomplete, invalid or unknown.
type IsCompleteReply struct {
	Status string `json:"status"`
	Indent string `json:"indent,omitempty"` // of the next line, when incomplete
}
