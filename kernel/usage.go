package kernel

import (
	"context"
	"os"
	"runtime"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// usage tells what this process uses, the worker and all that they started.
func (k *Kernel) usage(_ context.Context, r *request) error {
	reply := messaging.UsageReply{Status: messaging.StatusOK, PID: os.Getpid(), CPUCount: runtime.NumCPU()}
	var err error
	if reply.Hostname, err = os.Hostname(); err != nil {
		k.logger.Info("this machine has no name", "error", err)
	}
	use, err := k.meter.Measure()
	if err != nil { // not on Linux
		k.logger.Info("the use of memory and processors is not known", "error", err)
		return r.reply(reply)
	}
	reply.CPU, reply.Memory, reply.HostMemory = &use.CPU, &use.Memory, use.Host
	if use.HostCPU > 0 {
		reply.HostCPU = &use.HostCPU
	}
	return r.reply(reply)
}
