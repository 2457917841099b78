package messaging

import "encoding/json"

const (
	TypeHistoryRequest Type = "history_request"
	TypeHistoryReply   Type = "history_reply"
)

// A HistoryRequest asks for code that was run.
type HistoryRequest struct {
	Output bool `json:"output"` // results too
	Raw    bool `json:"raw"`    // as typed; here there is no other form
	// Access is "range", "tail" or "search".
	Access string `json:"hist_access_type"`
	// Session, Start and Stop belong to range: session 0 is this one, negative ones count back,
	// and lines run from Start up to but without Stop, 0 meaning to the end.
	Session int `json:"session"`
	Start   int `json:"start"`
	Stop    int `json:"stop"`
	// N is how many of the newest entries tail and search return; in search 0 means all.
	N       int    `json:"n"`
	Pattern string `json:"pattern"` // of search; a glob
	Unique  bool   `json:"unique"`  // search leaves out repetitions
}

func (HistoryRequest) required() []string { return []string{"hist_access_type"} }

// A HistoryReply lists what was found, oldest first.
type HistoryReply struct {
	Status  Status         `json:"status"`
	History []HistoryEntry `json:"history"`
}

func (r HistoryReply) filled() any {
	r.History = orNone(r.History)
	return r
}

// A HistoryEntry is one cell that was run. It travels as (session, line, input), or as
// (session, line, (input, output)) where results were asked for.
type HistoryEntry struct {
	Session    int
	Line       int
	Input      string
	Output     string
	WithOutput bool
}

// MarshalJSON writes the entry as the list that the protocol wants.
func (e HistoryEntry) MarshalJSON() ([]byte, error) {
	if !e.WithOutput {
		return Encode([]any{e.Session, e.Line, e.Input})
	}
	pair := []any{e.Input, nil} // no result is null here, as ipykernel has it
	if e.Output != "" {
		pair[1] = e.Output
	}
	return Encode([]any{e.Session, e.Line, pair})
}

// UnmarshalJSON reads either form.
func (e *HistoryEntry) UnmarshalJSON(data []byte) error {
	var text json.RawMessage
	if err := json.Unmarshal(data, &[]any{&e.Session, &e.Line, &text}); err != nil {
		return err
	}
	if e.WithOutput = len(text) > 0 && text[0] == '['; e.WithOutput {
		return json.Unmarshal(text, &[]any{&e.Input, &e.Output})
	}
	return json.Unmarshal(text, &e.Input)
}
