package messaging

const (
	TypeInspectRequest Type = "inspect_request"
	TypeInspectReply   Type = "inspect_reply"
)

// An InspectRequest asks about what stands at the cursor.
type InspectRequest struct {
	Code        string `json:"code"`
	CursorPos   int    `json:"cursor_pos"`   // in code points
	DetailLevel int    `json:"detail_level"` // 0, or 1 for the source too
}

func (InspectRequest) required() []string { return []string{"code", "cursor_pos"} }

// An InspectReply describes it as a MIME bundle. Nothing found is an ordinary reply.
type InspectReply struct {
	Status   Status         `json:"status"`
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

func (r InspectReply) filled() any {
	r.Data, r.Metadata = orEmpty(r.Data), orEmpty(r.Metadata)
	return r
}
