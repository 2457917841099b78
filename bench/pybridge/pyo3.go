package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// addPyO3 builds the crate in a folder against the same interpreter, runs it, and enters what it measured
// beside the rows of the same name. It prints lines of a name, the time attached for each call, and the
// time held, parted by tabs.
func addPyO3(ctx context.Context, rows []*row, crate string, python locate.Candidate) error {
	cmd := exec.CommandContext(ctx, "cargo", "run", "--release", "--quiet")
	cmd.Dir = crate
	cmd.Env = append(os.Environ(), "PYO3_PYTHON="+python.Python.Executable,
		"LD_LIBRARY_PATH="+filepath.Dir(python.Library)) // a program of cargo's does not say where its libraries are
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("running the crate in %s: %w\n%s", crate, err, &errs)
	}
	return enterPyO3(rows, string(out))
}

func enterPyO3(rows []*row, out string) error {
	byName := map[string]*row{}
	for _, r := range rows {
		byName[r.name] = r
	}
	lines := bufio.NewScanner(strings.NewReader(out))
	for lines.Scan() {
		name, times, _ := strings.Cut(lines.Text(), "\t")
		r := byName[name]
		if r == nil {
			continue // a measure that was not asked for
		}
		if _, err := fmt.Sscan(times, &r.pyo3, &r.pyo3Held); err != nil {
			return fmt.Errorf("reading what PyO3 says of %q: %w", name, err)
		}
	}
	return lines.Err()
}
