package messaging

const (
	TypeKernelInfoRequest Type = "kernel_info_request"
	TypeKernelInfoReply   Type = "kernel_info_reply"
	TypeConnectRequest    Type = "connect_request"
	TypeConnectReply      Type = "connect_reply"
)

// A KernelInfoReply says what the kernel is; it is the first thing that every front end asks.
type KernelInfoReply struct {
	Status                Status       `json:"status"`
	ProtocolVersion       string       `json:"protocol_version"`
	Implementation        string       `json:"implementation"`
	ImplementationVersion string       `json:"implementation_version"`
	LanguageInfo          LanguageInfo `json:"language_info"`
	Banner                string       `json:"banner"`
	HelpLinks             []HelpLink   `json:"help_links"`
	SupportedFeatures     []string     `json:"supported_features"` // beyond what the version asks for
}

func (r KernelInfoReply) filled() any {
	r.HelpLinks = orNone(r.HelpLinks)
	r.SupportedFeatures = orNone(r.SupportedFeatures)
	return r
}

// LanguageInfo is what editors and exporters need to know about the language of the cells.
type LanguageInfo struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	MimeType          string `json:"mimetype"`
	FileExtension     string `json:"file_extension"`
	PygmentsLexer     string `json:"pygments_lexer"`
	CodemirrorMode    string `json:"codemirror_mode"`
	NbconvertExporter string `json:"nbconvert_exporter"`
}

// A HelpLink appears in the front end's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// A ConnectReply names the kernel's ports. The request is deprecated and still sent.
type ConnectReply struct {
	Status        Status `json:"status"`
	ShellPort     Port   `json:"shell_port"`
	ControlPort   Port   `json:"control_port"`
	StdinPort     Port   `json:"stdin_port"`
	IOPubPort     Port   `json:"iopub_port"`
	HeartbeatPort Port   `json:"hb_port"`
}
