package pybridge

// Running returns the Python of this process, or nil if none was started.
func Running() *Runtime { return process.runtime.Load() }
