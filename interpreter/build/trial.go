package build

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A version of Go may lay its objects, or the runtime's tables, out in another way than this package and
// the loader expect. So before a workspace is ready the worker has to load a unit that uses all of it.

//go:embed trial.txt
var trialText string

// trialTime is how long the worker may take for it. It takes 20 ms.
const trialTime = time.Minute

// unfitFile is where it is kept why a workspace could not be made of this version of Go.
const unfitFile = "unfit.txt"

// noteUnfit keeps why a workspace could not be made, if that is for its version of Go.
func (w *Workspace) noteUnfit(err error) {
	if unfit, ok := errors.AsType[*UnfitError](err); ok {
		// It is for the doctor only; whoever needs the workspace is told anyway.
		_ = os.WriteFile(filepath.Join(w.dir, unfitFile), []byte(unfit.Err.Error()), 0o644)
	}
}

// Fits looks whether cells are linked for the toolchain's target, and whether the sources of its Go are such that a
// worker can be made of them. The error is a [*MachineError], an [*UnfitError], or one of reading them. It takes some
// milliseconds, and is not all that has to fit.
func (t *Toolchain) Fits() error {
	if t.machine() == nil {
		return &MachineError{t.Arch}
	}
	_, err := overlayTexts(t.GOROOT)
	if errors.Is(err, errUnknownGo) {
		return &UnfitError{t.Version, err}
	}
	return err
}

// try builds the trial and lets the worker load it.
func (m *maker) try(ctx context.Context) error {
	symbols, err := openSymbols(m.Worker(), m.toolchain)
	if err != nil {
		return m.unfit(err)
	}
	defer symbols.close()
	m.symbols = symbols
	dir, err := os.MkdirTemp(m.tmp, "trial-")
	if err != nil {
		return fmt.Errorf("making a folder to build in: %w", err)
	}
	defer os.RemoveAll(dir)
	types := map[string]string{"square": "square", "shape": "shape", "list": "list"}
	unit := Unit{Files: []File{{Name: "trial.go", Text: trialText}}, Imports: []string{"fmt", "reflect", "runtime/debug", "strings"}, Types: types, Label: "the trial"}
	image, err := (&step{Workspace: m.Workspace, id: "trial", dir: dir}).run(ctx, unit)
	if err != nil {
		return m.unfit(err)
	}
	return m.unfit(m.runTrial(ctx, image))
}

// workerCommand is the worker with arguments.
func (m *maker) workerCommand(ctx context.Context, args ...string) *exec.Cmd {
	words := slices.Concat(m.config.Emulator, []string{m.Worker()}, args)
	return exec.CommandContext(ctx, words[0], words[1:]...)
}

// runTrial lets the worker load the trial.
func (m *maker) runTrial(ctx context.Context, image string) error {
	ctx, cancel := context.WithTimeout(ctx, trialTime)
	defer cancel()
	out, err := m.workerCommand(ctx, image).CombinedOutput()
	said := strings.TrimSpace(string(out))
	if err == nil && said != "loaded" {
		err = errors.New("it was not run")
	}
	if err != nil {
		first, _, _ := strings.Cut(said, "\n")
		return fmt.Errorf("the worker cannot load what was built: %w: %s", err, first)
	}
	return nil
}

// An UnfitError says that cells cannot be built with a version of Go, which differs from what this package
// knows.
type UnfitError struct {
	Version string
	Err     error
}

func (e *UnfitError) Error() string { return e.Summary() + "; " + e.Advice() }

// Summary is the error without what can be done.
func (e *UnfitError) Summary() string {
	return fmt.Sprintf("cells cannot be built with %s, which differs from what this version of gopy-kernel knows: %v", e.Version, e.Err)
}

func (e *UnfitError) Unwrap() error { return e.Err }

// Advice is what can be done.
func (e *UnfitError) Advice() string {
	return "install another version of " + strings.Replace(oldest, "go", "Go ", 1) + ", or a newer gopy-kernel"
}

// unfit says that the error is about the version of Go.
func (m *maker) unfit(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return &UnfitError{m.toolchain.Version, err}
}
