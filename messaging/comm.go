package messaging

import "encoding/json"

const (
	TypeCommInfoRequest Type = "comm_info_request"
	TypeCommInfoReply   Type = "comm_info_reply"
	TypeCommOpen        Type = "comm_open"
	TypeCommMsg         Type = "comm_msg"
	TypeCommClose       Type = "comm_close"
)

// A CommInfoRequest asks which comms are open.
type CommInfoRequest struct {
	TargetName string `json:"target_name"` // only those of this target, "" for all
}

// A CommInfoReply lists them by id.
type CommInfoReply struct {
	Status Status                `json:"status"`
	Comms  map[string]CommTarget `json:"comms"`
}

// A CommTarget names what a comm is connected to.
type CommTarget struct {
	TargetName string `json:"target_name"`
}

func (r CommInfoReply) filled() any {
	r.Comms = orEmpty(r.Comms)
	return r
}

// A Comm is the content of comm_open, comm_msg and comm_close. Only comm_open has a target.
type Comm struct {
	ID         string          `json:"comm_id"`
	TargetName string          `json:"target_name,omitempty"`
	Data       json.RawMessage `json:"data"`
}

func (Comm) required() []string { return []string{"comm_id"} }

func (c Comm) filled() any {
	if c.Data == nil {
		c.Data = emptyObject
	}
	return c
}
