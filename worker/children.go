package worker

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/internal/proc"
)

// A terminal sends an interrupt to the child processes, too. A cell that waits for one waits in the
// kernel, where nothing but the end of the child wakes it.

const (
	// childrenAfter is how long a run may take to end before its child processes are interrupted, and
	// killAfter before they are killed.
	childrenAfter, killAfter = 100 * time.Millisecond, time.Second
)

// stopChildren sends a signal to the child processes that were started since a time.
func stopChildren(since time.Time, signal syscall.Signal) {
	began := bootTime() - time.Since(since)
	for _, pid := range children() {
		if started, err := startTime(pid); err == nil && started >= began {
			_ = syscall.Kill(pid, signal) // it may have ended
		}
	}
}

// children are the processes that threads of this one have started.
func children() (pids []int) {
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil {
		return nil
	}
	for _, list := range lists {
		text, err := os.ReadFile(list)
		if err != nil {
			continue // the thread has ended
		}
		for _, field := range strings.Fields(string(text)) {
			if pid, err := strconv.Atoi(field); err == nil {
				pids = append(pids, pid)
			}
		}
	}
	return pids
}

// startTime is when a process was started, since the machine was, in hundredths of a second.
func startTime(pid int) (time.Duration, error) {
	p, err := proc.Read("/proc", strconv.Itoa(pid))
	return time.Duration(p.Begun+1) * proc.Tick, err
}

// bootTime is the time since the machine was started.
func bootTime() time.Duration {
	const clockBoottime = 7
	var t syscall.Timespec
	if _, _, errno := syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockBoottime, uintptr(unsafe.Pointer(&t)), 0); errno != 0 {
		return 0
	}
	return time.Duration(t.Nano())
}
