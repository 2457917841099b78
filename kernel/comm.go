package kernel

import (
	"context"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// comms are the comms that are open, whichever side has opened them. A front end that connects to a
// running kernel asks for them, maybe while a cell runs.
type comms struct {
	mu   sync.Mutex
	open map[string]messaging.CommTarget
}

func (c *comms) note(p comm.Packet) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch p.Kind {
	case comm.Opens:
		if c.open == nil {
			c.open = map[string]messaging.CommTarget{}
		}
		c.open[p.ID] = messaging.CommTarget{TargetName: p.Target}
	case comm.Closes:
		delete(c.open, p.ID)
	}
}

func (c *comms) has(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, open := c.open[id]
	return open
}

// of lists those of a target, or all.
func (c *comms) of(target string) map[string]messaging.CommTarget {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[string]messaging.CommTarget{}
	for id, t := range c.open {
		if target == "" || target == t.TargetName {
			found[id] = t
		}
	}
	return found
}

func (k *Kernel) commInfo(_ context.Context, r *request) error {
	content, err := messaging.Decode[messaging.CommInfoRequest](r.Message)
	if err != nil {
		return err
	}
	return r.reply(messaging.CommInfoReply{Status: messaging.StatusOK, Comms: k.comms.of(content.TargetName)})
}

// comm hands a message of the page to the session, where its handler runs as a cell does. Whether the
// target of a comm_open is known, the session knows: it closes the comm if not. Like all comm messages
// of a kernel that goes to IOPub.
func (k *Kernel) comm(ctx context.Context, r *request) error {
	content, err := messaging.Decode[messaging.Comm](r.Message)
	if err != nil {
		return err
	}
	p := comm.Packet{
		Kind:    comm.Kind(r.Header.Type),
		ID:      content.ID,
		Target:  content.TargetName,
		Message: comm.Message{Data: content.Data, Metadata: r.Metadata, Buffers: r.Buffers},
	}
	if p.Kind != comm.Opens && !k.comms.has(p.ID) {
		// The protocol has no answer to it.
		k.logger.Info("message for a comm that is not open", "type", r.Header.Type, "comm", p.ID)
		return nil
	}
	k.comms.note(p)
	out := k.newOutput(r, messaging.ExecuteRequest{})
	if e := k.deliver(ctx, p, out); e != nil {
		out.fail(e)
	}
	out.to.Flush()
	return nil
}

func (k *Kernel) deliver(ctx context.Context, p comm.Packet, out *output) (e *interpreter.Error) {
	defer k.recoverInto(&e)
	return k.interpreter.Comm(ctx, p, out.request.Header.ID, out)
}
