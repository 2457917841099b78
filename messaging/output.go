package messaging

const (
	TypeStatus            Type = "status"
	TypeIOPubWelcome      Type = "iopub_welcome"
	TypeStream            Type = "stream"
	TypeDisplayData       Type = "display_data"
	TypeUpdateDisplayData Type = "update_display_data"
	TypeClearOutput       Type = "clear_output"
)

// IOPubWelcome is the first message that a front end gets on IOPub, one for each of its subscriptions.
type IOPubWelcome struct {
	Subscription string `json:"subscription"` // the topic
}

// KernelStatus brackets the work on a request: busy comes first, idle last.
type KernelStatus struct {
	State State `json:"execution_state"`
}

// A State is what a kernel does; no other values are allowed.
type State string

const (
	Starting State = "starting" // once, before anybody listens
	Busy     State = "busy"
	Idle     State = "idle"
)

// Stream is text that a cell wrote.
type Stream struct {
	Name string `json:"name"` // Stdout or Stderr
	Text string `json:"text"`
}

const (
	Stdout = "stdout"
	Stderr = "stderr"
)

// DisplayData is the content of display_data and update_display_data: one value in several MIME
// types. JSON types stand unpacked, binary ones in base64 without line breaks.
type DisplayData struct {
	Data      map[string]any `json:"data"`
	Metadata  map[string]any `json:"metadata"`
	Transient Transient      `json:"transient"`
}

func (d DisplayData) filled() any {
	d.Data, d.Metadata = orEmpty(d.Data), orEmpty(d.Metadata)
	return d
}

// Transient is what front ends use and do not store.
type Transient struct {
	DisplayID string `json:"display_id,omitempty"` // needed by update_display_data
}

// ClearOutput removes what a cell has shown.
type ClearOutput struct {
	Wait bool `json:"wait"` // not before the next output comes
}
