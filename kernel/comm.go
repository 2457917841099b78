package kernel

import (
	"context"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// commInfo lists the open comms: none, as no target takes them.
func (k *Kernel) commInfo(_ context.Context, r *request) error {
	if _, err := messaging.Decode[messaging.CommInfoRequest](r.Message); err != nil {
		return err
	}
	return r.reply(messaging.CommInfoReply{Status: messaging.StatusOK})
}

// commOpen closes the comm at once, which is how a kernel says that it does not know the target.
// Like all comm messages of a kernel that goes to IOPub.
func (k *Kernel) commOpen(_ context.Context, r *request) error {
	content, err := messaging.Decode[messaging.Comm](r.Message)
	if err != nil {
		return err
	}
	k.logger.Info("comm refused: unknown target", "target", content.TargetName)
	k.publish(r.Message, messaging.TypeCommClose, messaging.Comm{ID: content.ID})
	return nil
}

// commMessage takes what is for a comm that is not open. The protocol has no answer to it.
func (k *Kernel) commMessage(_ context.Context, r *request) error {
	content, err := messaging.Decode[messaging.Comm](r.Message)
	if err != nil {
		return err
	}
	k.logger.Info("message for a comm that is not open", "type", r.Header.Type, "comm", content.ID)
	return nil
}
