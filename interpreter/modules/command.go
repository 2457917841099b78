package modules

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A commandError is what the go command said when it failed.
type commandError struct {
	err  error
	said string
}

func (e *commandError) Error() string { return fmt.Sprintf("%v: %s", e.err, e.said) }

func (e *commandError) Unwrap() error { return e.err }

// command runs the go command with the trial's go.mod or go.work.
func (t *trial) command(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return t.run(ctx, dir, t.env(), t.progress, args...)
}

// ask runs the go command as the user would, and tells no progress.
func (s *Session) ask(ctx context.Context, dir string, args ...string) ([]byte, error) {
	return s.run(ctx, dir, s.config.Env, func(string, string) {}, args...)
}

// run runs the go command and returns what it wrote to standard output.
func (s *Session) run(ctx context.Context, dir string, env []string, progress Progress, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, s.config.Go, args...)
	cmd.Dir, cmd.Env = dir, env
	// Interrupted, the go command stops its compilers and removes its temporary folder.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	out := new(bytes.Buffer)
	cmd.Stdout = out
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("running the go command: %w", err)
	}
	var said []string
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		if line := lines.Text(); !report(progress, line) {
			said = append(said, line)
		}
	}
	if err := cmd.Wait(); ctx.Err() != nil {
		return nil, ctx.Err()
	} else if err != nil {
		return nil, &commandError{err, strings.Join(said, "\n")}
	}
	return out.Bytes(), nil
}

// report tells a line of the go command's as progress, if it is that.
func report(progress Progress, line string) bool {
	if what, ok := strings.CutPrefix(line, "go: downloading "); ok {
		progress("downloading", what)
		return true
	}
	if line != "" && !strings.ContainsAny(line, " :\t#") {
		progress("compiling", line) // -v names packages
		return true
	}
	return false
}

// env is the environment of the go command in the trial's place.
func (t *trial) env() []string {
	env := append(slices.Clone(t.config.Env), "GOFLAGS="+t.place.goflags)
	switch {
	case t.place.scratch():
		env = append(env, "GOWORK=off")
	case t.place.work != "" && t.state != nil:
		env = append(env, "GOWORK="+filepath.Join(t.state.dir, "go.work"))
	}
	return env
}
