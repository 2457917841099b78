package messaging

// These are no part of the protocol's text: ipykernel has them, and the extension jupyter-resource-usage asks.
const (
	TypeUsageRequest Type = "usage_request"
	TypeUsageReply   Type = "usage_reply"
)

// A UsageReply says what the kernel's processes and the machine use. Where that cannot be found out, only the
// fields without a pointer are there.
type UsageReply struct {
	Status   Status   `json:"status"`
	Hostname string   `json:"hostname"`
	PID      int      `json:"pid"`
	CPU      *float64 `json:"kernel_cpu,omitempty"`    // in percent of one processor, since the request before
	Memory   *int64   `json:"kernel_memory,omitempty"` // in bytes
	CPUCount int      `json:"cpu_count"`
	// HostCPU is in percent of all processors, since the request before; nothing the first time.
	HostCPU    *float64 `json:"host_cpu_percent,omitempty"`
	HostMemory any      `json:"host_virtual_memory,omitempty"`
}
