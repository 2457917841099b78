package kernel

import (
	"context"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

func (k *Kernel) kernelInfo(_ context.Context, r *request) error {
	return r.reply(messaging.KernelInfoReply{
		Status:                messaging.StatusOK,
		ProtocolVersion:       messaging.ProtocolVersion,
		Implementation:        k.info.Implementation,
		ImplementationVersion: k.info.Version,
		LanguageInfo:          k.info.Language,
		Banner:                k.info.Banner,
		HelpLinks:             k.info.HelpLinks,
	})
}

func (k *Kernel) connect(_ context.Context, r *request) error {
	c := k.server.Connection()
	return r.reply(messaging.ConnectReply{
		Status:        messaging.StatusOK,
		ShellPort:     c.ShellPort,
		ControlPort:   c.ControlPort,
		StdinPort:     c.StdinPort,
		IOPubPort:     c.IOPubPort,
		HeartbeatPort: c.HeartbeatPort,
	})
}
