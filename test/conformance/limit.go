package conformance

import (
	"fmt"
	"os"
	"path/filepath"
)

// A limit is a program that runs another with bounded memory. It is a script because a worker is
// started by its path, and because a limit of this process would hold for the go command too.
type limit struct {
	path string
	dir  string
}

// mostMemory is how much a program may write to, in KiB.
const mostMemory = 6 << 20

// newLimit makes a script that runs its arguments, after the given ones.
func newLimit(program ...string) (*limit, error) {
	dir, err := os.MkdirTemp("", "conformance-")
	if err != nil {
		return nil, fmt.Errorf("making a folder for a script: %w", err)
	}
	l := &limit{path: filepath.Join(dir, "limited"), dir: dir}
	script := fmt.Sprintf("#!/bin/sh\nulimit -d %d || exit\nexec", mostMemory)
	for _, word := range program {
		script += fmt.Sprintf(" '%s'", word)
	}
	return l, os.WriteFile(l.path, []byte(script+" \"$@\"\n"), 0o755)
}

func (l *limit) close() error { return os.RemoveAll(l.dir) }
