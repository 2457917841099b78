package kernel

import (
	"context"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// interrupt answers at once; the cell ends when it ends.
func (k *Kernel) interrupt(_ context.Context, r *request) error {
	k.Interrupt()
	return r.reply(messaging.InterruptReply{Status: messaging.StatusOK})
}

// shutdown tells who asked, then everybody, and lets Serve return after the idle. The two messages
// have ids of their own: front ends refuse a signature that they have seen.
func (k *Kernel) shutdown(_ context.Context, r *request) error {
	content, err := messaging.Decode[messaging.ShutdownRequest](r.Message)
	if err != nil {
		return err
	}
	r.afterIdle = k.stop
	reply := messaging.ShutdownReply{Status: messaging.StatusOK, Restart: content.Restart}
	if err := r.reply(reply); err != nil {
		return err
	}
	k.publish(r.Message, messaging.TypeShutdownReply, reply)
	return nil
}
