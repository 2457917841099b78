package pybridge

import "github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"

// Held returns how many Go values Python refers to.
func (r *Runtime) Held() int { return process.values.count() }

// Waiting returns how many references wait to be dropped.
func Waiting() int {
	released.mu.Lock()
	defer released.mu.Unlock()
	return len(released.refs)
}

// Threads returns how many threads have a Python thread state of ours.
func Threads() int { return capi.Threads() }
