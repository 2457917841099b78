package conformance

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// A reference is what the go command makes of a program. It is kept on disk, for compiling and linking a
// thousand programs takes a quarter of an hour.
type reference struct {
	Outcome
	// Expected tells how both outputs, in one pipe, differ from the .out file; empty if they do not.
	Expected string
}

// references makes references, or finds them.
type references struct {
	dir       string // where they are kept
	tests     string // the distribution's folder of tests
	goCommand string
	version   string
	env       []string
	limit     *limit
}

// find returns the reference of a program.
func (r *references) find(ctx context.Context, p Program) (reference, error) {
	file := filepath.Join(r.dir, r.key(p)+".json")
	var kept reference
	if data, err := os.ReadFile(file); err == nil && json.Unmarshal(data, &kept) == nil {
		return kept, nil
	}
	made, err := r.make(ctx, p)
	if err != nil {
		return reference{}, fmt.Errorf("running %s with the go command: %w", p.Name, err)
	}
	data, err := json.MarshalIndent(made, "", "\t")
	if err != nil {
		return reference{}, err
	}
	return made, errors.Join(os.MkdirAll(r.dir, 0o755), os.WriteFile(file, data, 0o644))
}

// key is a hash over all that a reference depends on.
func (r *references) key(p Program) string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q\n", r.version, p.Name, p.Recipe.Arguments)
	for _, f := range p.Files {
		fmt.Fprintf(h, "%q %q\n", f.Name, f.Text)
	}
	if p.Expected != nil {
		fmt.Fprintf(h, "%q\n", *p.Expected)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// make builds the program and runs it: that is what `go run` does, without symbols as there, but for the
// exit status, which `go run` keeps to itself.
func (r *references) make(ctx context.Context, p Program) (reference, error) {
	dir, err := os.MkdirTemp("", "conformance-")
	if err != nil {
		return reference{}, err
	}
	defer os.RemoveAll(dir)
	program := filepath.Join(dir, "program")
	args := []string{"build", "-ldflags=-s -w", "-o", program}
	for _, f := range p.Files {
		args = append(args, filepath.FromSlash(f.Name))
	}
	build := exec.CommandContext(ctx, r.goCommand, args...)
	build.Dir, build.Env = r.tests, r.env
	if out, err := build.CombinedOutput(); err != nil {
		return reference{}, fmt.Errorf("%w\n%s", err, out)
	}
	var ref reference
	var stdout, stderr strings.Builder
	began := time.Now()
	if ref.Exit, err = r.run(ctx, dir, program, p.Recipe.Arguments, &stdout, &stderr); err != nil {
		return reference{}, err
	}
	ref.Seconds = time.Since(began).Seconds()
	ref.Stdout, ref.Stderr = stdout.String(), stderr.String()
	if p.Expected != nil {
		var both strings.Builder
		if _, err := r.run(ctx, dir, program, p.Recipe.Arguments, &both, &both); err != nil {
			return reference{}, err
		}
		ref.Expected = difference("output", *p.Expected, both.String())
	}
	return ref, nil
}

// run runs a program to its end, or ends it and all its children.
func (r *references) run(ctx context.Context, dir, program string, args []string, stdout, stderr *strings.Builder) (exit int, err error) {
	const late = 5 * time.Second // for children that hold the pipes
	cmd := exec.CommandContext(ctx, r.limit.path, append([]string{program}, args...)...)
	cmd.Dir, cmd.Env = r.tests, append(r.env, "TMPDIR="+dir)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = late
	err = cmd.Run()
	if cmd.Process != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // mostly nothing is left
	}
	var status *exec.ExitError
	switch {
	case ctx.Err() != nil:
		return 0, fmt.Errorf("it did not end: %w", ctx.Err())
	case errors.As(err, &status):
		return status.ExitCode(), nil
	}
	return 0, err
}
