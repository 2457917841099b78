package pybridge

import (
	"encoding/json"

	"github.com/gopy-kernel/gopy-kernel/comm"
)

// tell is what Python's package comm, which widgets use, sends with.
func (r *Runtime) tell() any {
	if r.config.Comm == nil {
		return nil
	}
	return func(kind, id, target, data, metadata string, buffers [][]byte) error {
		return r.config.Comm(comm.Packet{
			Kind:    comm.Kind(kind),
			ID:      id,
			Target:  target,
			Message: comm.Message{Data: json.RawMessage(data), Metadata: json.RawMessage(metadata), Buffers: buffers},
		})
	}
}

// Comm hands over what the page has sent to a comm, and reports whether Python code takes it: it has
// opened the comm or handles its target. The error is what the handler raised. It is called on
// Python's main thread.
func (r *Runtime) Comm(p comm.Packet) (bool, error) {
	if r.config.Comm == nil {
		return false, nil
	}
	receive, err := r.helper("gopy_kernel.channel", "receive")
	if err != nil {
		return false, err
	}
	metadata := string(p.Metadata)
	if metadata == "" {
		metadata = "{}"
	}
	return CallAs[bool](receive, string(p.Kind), p.ID, p.Target, string(p.Data), metadata, p.Buffers)
}
