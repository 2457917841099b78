package kernel

import (
	"context"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

func (k *Kernel) inspect(ctx context.Context, r *request) error {
	content, err := messaging.Decode[messaging.InspectRequest](r.Message)
	if err != nil {
		return err
	}
	bundle, found, err := k.interpreter.Inspect(ctx, content.Code, inside(content.Code, content.CursorPos), content.DetailLevel)
	if err != nil {
		return err
	}
	reply := messaging.InspectReply{Status: messaging.StatusOK, Found: found}
	if found {
		reply.Data, reply.Metadata = bundle.Data, bundle.Metadata
	}
	return r.reply(reply)
}

func (k *Kernel) isComplete(ctx context.Context, r *request) error {
	content, err := messaging.Decode[messaging.IsCompleteRequest](r.Message)
	if err != nil {
		return err
	}
	c := k.interpreter.IsComplete(ctx, content.Code)
	switch c.Status {
	case "complete", "incomplete", "invalid":
	default:
		c.Status = "unknown"
	}
	return r.reply(messaging.IsCompleteReply{Status: c.Status, Indent: c.Indent})
}
