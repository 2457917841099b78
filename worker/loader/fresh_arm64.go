package loader

// refresh makes processors see what was written to addresses as code: their caches of instructions do not
// follow those of data.
func refresh(from, to uintptr)
