package pybridge

import (
	"encoding/json"

	"github.com/gopy-kernel/gopy-kernel/comm"
)

// connectComms makes Python's package comm, which widgets use, send by Config.Comm.
func (r *Runtime) connectComms() error {
	if r.config.Comm == nil {
		return nil
	}
	module, err := r.Import("gopy_kernel.channel")
	if err != nil {
		return err
	}
	defer module.Close()
	send := func(kind, id, target, data, metadata string, buffers [][]byte) error {
		return r.config.Comm(comm.Packet{
			Kind:    comm.Kind(kind),
			ID:      id,
			Target:  target,
			Message: comm.Message{Data: json.RawMessage(data), Metadata: json.RawMessage(metadata), Buffers: buffers},
		})
	}
	_, err = module.Method("connect", send, r.config.Request)
	return err
}

// Comm hands over what the page has sent to a comm, and reports whether Python code takes it: it has
// opened the comm or handles its target. The error is what the handler raised. It is called on
// Python's main thread.
func (r *Runtime) Comm(p comm.Packet) (bool, error) {
	if r.config.Comm == nil {
		return false, nil
	}
	module, err := r.Import("gopy_kernel.channel")
	if err != nil {
		return false, err
	}
	defer module.Close()
	metadata := string(p.Metadata)
	if metadata == "" {
		metadata = "{}"
	}
	taken, err := module.Method("receive", string(p.Kind), p.ID, p.Target, string(p.Data), metadata, p.Buffers)
	if err != nil {
		return false, err
	}
	defer taken.Close()
	return As[bool](taken)
}
