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

// A peer is a program that makes the measures in another language. It prints lines of a name and times, parted by tabs.
type peer struct {
	name  string
	cmd   *exec.Cmd
	times func(*row) []any // where the times of a line go
}

// add runs the peer, and enters what it measured beside the rows of the same name.
func (p peer) add(rows []*row) error {
	var errs bytes.Buffer
	p.cmd.Stderr = &errs
	out, err := p.cmd.Output()
	if err != nil {
		return fmt.Errorf("running the measures of %s: %w\n%s", p.name, err, &errs)
	}
	return p.enter(rows, string(out))
}

func (p peer) enter(rows []*row, out string) error {
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
		if _, err := fmt.Sscan(times, p.times(r)...); err != nil {
			return fmt.Errorf("reading what %s says of %q: %w", p.name, name, err)
		}
	}
	return lines.Err()
}

// pyo3 builds the crate in a folder against the same interpreter. It measures calls for each of which it attaches, and
// such between which it stays attached.
func pyo3(ctx context.Context, crate string, python locate.Candidate) peer {
	cmd := exec.CommandContext(ctx, "cargo", "run", "--release", "--quiet")
	cmd.Dir = crate
	cmd.Env = append(os.Environ(), "PYO3_PYTHON="+python.Python.Executable,
		"LD_LIBRARY_PATH="+filepath.Dir(python.Library)) // a program of cargo's does not say where its libraries are
	return peer{"PyO3", cmd, func(r *row) []any { return []any{&r.pyo3, &r.pyo3Held} }}
}

// jep runs the Java program in a folder, against the same interpreter, which has to have the package jep.
func jep(ctx context.Context, folder string, python locate.Candidate) (peer, error) {
	find := exec.CommandContext(ctx, python.Python.Executable, "-c", "import importlib.util; print(importlib.util.find_spec('jep').submodule_search_locations[0])")
	out, err := find.Output()
	if err != nil {
		return peer{}, fmt.Errorf("%s has no package jep: %w", python.Python.Executable, err)
	}
	home := strings.TrimSpace(string(out))
	jars, err := filepath.Glob(filepath.Join(home, "jep-*.jar"))
	if err != nil || len(jars) != 1 {
		return peer{}, fmt.Errorf("not one jar of jep in %s: %v", home, jars)
	}
	cmd := exec.CommandContext(ctx, "java", "-cp", jars[0], "-Djava.library.path="+home, "Measures.java")
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "LD_LIBRARY_PATH="+filepath.Dir(python.Library),
		"PYTHONHOME="+python.Python.BasePrefix, "PYTHONPATH="+filepath.Dir(home)) // it knows nothing of environments
	return peer{"Jep", cmd, func(r *row) []any { return []any{&r.jep} }}, nil
}
