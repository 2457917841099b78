package pygen

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

//go:embed stubs.py
var stubsSource string

//go:embed classes.py
var classesSource string

//go:embed introspect.py
var introspectSource string

// A Query names a module and the Python that has it.
type Query struct {
	Python string // path of the interpreter
	Module string // as Python writes it: matplotlib.pyplot
	// Dir is the folder where Python looks for modules first; empty for the working directory.
	Dir string
	// Env is the environment of the process; nil for that of this one.
	Env []string
}

// A Module is what Python says of one.
type Module struct {
	Name    string   `json:"name"`
	Version string   `json:"version"` // empty if it does not say
	Doc     string   `json:"doc"`
	Package bool     `json:"package"` // it may have submodules
	Members []Member `json:"members"`
	// Skipped are the names that cannot be reached in Python either.
	Skipped []Skipped `json:"skipped"`
	// Files are those that the module consists of. When one changes, so may the answer.
	Files []string `json:"files"`
}

// Submodules are the names of the submodules that the module offers, each only here.
func (m *Module) Submodules() []string {
	var names []string
	for _, member := range m.Members {
		if member.Kind == Submodule && member.Own {
			names = append(names, member.Module)
		}
	}
	return names
}

// A Kind says what a member is.
type Kind string

// The kinds of members.
const (
	Function  Kind = "function" // all that can be called and is no class
	Class     Kind = "class"
	Value     Kind = "value"
	Submodule Kind = "module"
)

// A Member is a name in a module, or in a class of it.
type Member struct {
	Name string `json:"name"`
	Of   string `json:"of"` // the class; empty for a name of the module
	Kind Kind   `json:"kind"`
	Own  bool   `json:"own"` // the module was made for it, and has not just imported it

	// Result is the class of the module that what comes back is of, if Python says so. It may be None as well.
	Result string `json:"result"`

	// Of classes: what their instances have, or, in place of it, the class that this is another name of.
	Members []Member `json:"members"`
	Alias   string   `json:"alias"`

	// Of callables.
	Signature  bool     `json:"signature"` // the parameters are known
	Parameters []string `json:"parameters"`
	Returns    string   `json:"returns"`
	Usage      []string `json:"usage"` // how the docstring says it is called, if the parameters are not known
	Doc        string   `json:"doc"`
	Async      bool     `json:"async"`

	// Of values.
	Type string `json:"type"`
	Text string `json:"value"` // empty if it has no short one

	// Of submodules.
	Module string `json:"module"` // the name by which it is imported
}

// Callable reports whether the member is called with arguments.
func (m *Member) Callable() bool { return m.Kind == Function || m.Kind == Class }

// python is the member's name in Python, without that of the module.
func (m *Member) python() string {
	if m.Of != "" {
		return m.Of + "." + m.Name
	}
	return m.Name
}

// A Skipped name is one of which Python says only why it cannot be used.
type Skipped struct {
	Name   string `json:"name"`
	Reason string `json:"reason"`
}

// Inspect imports a module in a Python of its own, and says what it offers. The error is an
// [*ImportError] if Python cannot import it.
func Inspect(ctx context.Context, q Query) (*Module, error) {
	if !isModuleName(q.Module) {
		return nil, fmt.Errorf("%q is no name of a Python module", q.Module)
	}
	out, err := q.run(ctx, strings.Join([]string{stubsSource, classesSource, introspectSource}, "\n"), q.Module)
	if err != nil {
		return nil, fmt.Errorf("asking %s for the module %s: %w", q.Python, q.Module, err)
	}
	var said struct {
		Module
		ImportError
	}
	if err := json.Unmarshal(out, &said); err != nil {
		return nil, fmt.Errorf("reading what %s says of the module %s: %w", q.Python, q.Module, err)
	}
	if said.Problem != "" {
		said.ImportError.Module, said.Python = q.Module, q.Python
		return nil, &said.ImportError
	}
	return &said.Module, nil
}

// isModuleName is about what can be an argument and part of a path; Python says the rest.
func isModuleName(name string) bool {
	for part := range strings.SplitSeq(name, ".") {
		if part == "" || strings.ContainsAny(part, "/\\-\x00 \t\n") {
			return false
		}
	}
	return true
}

// run gives a script to -c, so that modules in the folder are found as they are by the embedded Python.
func (q Query) run(ctx context.Context, script string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, q.Python, append([]string{"-c", script}, args...)...)
	cmd.Dir, cmd.Env = q.Dir, q.environ()
	cmd.WaitDelay = time.Second // the module may have started processes that hold the pipes
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	switch {
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case errors.Is(err, exec.ErrWaitDelay):
		return out, nil
	case err != nil:
		return nil, fmt.Errorf("%w%s", err, tail(stderr.String()))
	}
	return out, nil
}

// environ makes Python say the same each time: sets have an order of their own in each process.
func (q Query) environ() []string {
	env := q.Env
	if env == nil {
		env = os.Environ()
	}
	var kept []string
	for _, entry := range env {
		if !strings.HasPrefix(entry, "PYTHONHOME=") { // as the embedded Python does without it
			kept = append(kept, entry)
		}
	}
	return append(kept, "PYTHONHASHSEED=0")
}

// tail is the last lines that a process wrote.
func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	text = strings.Join(lines[max(0, len(lines)-5):], "\n")
	if text == "" {
		return ""
	}
	return "\n" + text
}
