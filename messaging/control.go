package messaging

const (
	TypeInterruptRequest Type = "interrupt_request"
	TypeInterruptReply   Type = "interrupt_reply"
	TypeShutdownRequest  Type = "shutdown_request"
	TypeShutdownReply    Type = "shutdown_reply"
)

// An InterruptReply says that the interrupt was taken, not that the cell has ended.
type InterruptReply struct {
	Status Status `json:"status"`
}

// A ShutdownRequest ends the kernel; with Restart a new process follows.
type ShutdownRequest struct {
	Restart bool `json:"restart"`
}

// A ShutdownReply is sent twice: to who asked, and to everybody on IOPub.
type ShutdownReply struct {
	Status  Status `json:"status"`
	Restart bool   `json:"restart"`
}
