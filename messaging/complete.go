package messaging

const (
	TypeCompleteRequest Type = "complete_request"
	TypeCompleteReply   Type = "complete_reply"
)

// A CompleteRequest asks what may stand at the cursor.
type CompleteRequest struct {
	Code      string `json:"code"`
	CursorPos int    `json:"cursor_pos"` // in code points
}

func (CompleteRequest) required() []string { return []string{"code", "cursor_pos"} }

// A CompleteReply lists what may replace the code from CursorStart to CursorEnd, which are code
// points of the whole code. No match is an ordinary reply with an empty list.
type CompleteReply struct {
	Status      Status           `json:"status"`
	Matches     []string         `json:"matches"`
	CursorStart int              `json:"cursor_start"`
	CursorEnd   int              `json:"cursor_end"`
	Metadata    CompleteMetadata `json:"metadata"`
}

// CompleteMetadata is not in the protocol's text, but what ipykernel sends and JupyterLab shows.
type CompleteMetadata struct {
	Types []TypedMatch `json:"_jupyter_types_experimental"`
}

// A TypedMatch says more about a match.
type TypedMatch struct {
	Text      string `json:"text"`
	Type      string `json:"type"` // function, module, ...
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Signature string `json:"signature"`
}

func (r CompleteReply) filled() any {
	r.Matches, r.Metadata.Types = orNone(r.Matches), orNone(r.Metadata.Types)
	return r
}
