package messaging

// A Status opens every reply.
type Status string

const (
	StatusOK    Status = "ok"
	StatusError Status = "error"
	// StatusAborted answers an execute_request that was queued behind one that failed. The protocol text
	// calls it deprecated, but it is what ipykernel sends and front ends understand.
	StatusAborted Status = "aborted"
)

// A Failure is how a request failed: the fields that an error message and an error reply share.
type Failure struct {
	Name      string   `json:"ename"`
	Value     string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

// TypeError is the message that shows a failure under its cell.
const TypeError Type = "error"

func (f Failure) filled() any {
	f.Traceback = orNone(f.Traceback)
	return f
}

// withTraceback returns a copy whose traceback is a list; nil stays nil.
func (f *Failure) withTraceback() *Failure {
	if f == nil {
		return nil
	}
	return &Failure{Name: f.Name, Value: f.Value, Traceback: orNone(f.Traceback)}
}

// An ErrorReply answers any request that failed; execute_reply has fields of its own beside these.
type ErrorReply struct {
	Status Status `json:"status"`
	Failure
}

// NewErrorReply returns the reply that says f.
func NewErrorReply(f Failure) ErrorReply {
	return ErrorReply{Status: StatusError, Failure: f}
}

func (r ErrorReply) filled() any {
	r.Traceback = orNone(r.Traceback)
	return r
}
