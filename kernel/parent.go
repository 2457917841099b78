package kernel

import (
	"context"
	"errors"
	"os"
	"syscall"
	"time"
)

// parentInterval is how often the parent process is looked for.
const parentInterval = time.Second

// watchParent ends the kernel when the process that started it is gone: a front end that was
// killed sends no shutdown_request. A process that is not there at the start is of another
// namespace, and says nothing.
func (k *Kernel) watchParent(ctx context.Context) {
	if k.parentPID <= 0 || !alive(k.parentPID) {
		return
	}
	direct := os.Getppid() == k.parentPID
	tick := time.NewTicker(parentInterval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		// A parent that has died but was not awaited is still there, as a zombie; its children
		// have another parent by then.
		if direct && os.Getppid() != k.parentPID || !alive(k.parentPID) {
			k.logger.Warn("the parent process is gone", "pid", k.parentPID)
			k.stop()
			return
		}
	}
}

func alive(pid int) bool {
	process, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	defer process.Release()
	err = process.Signal(syscall.Signal(0))
	return err == nil || errors.Is(err, os.ErrPermission)
}
