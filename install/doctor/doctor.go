package doctor

import (
	"context"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// Config says what is to be examined.
type Config struct {
	// Version of the kernel.
	Version string
	// Workspace is what the kernel opens its workspace with; the toolchain is filled in.
	Workspace build.Config
	// Python is what the kernel looks for Python with.
	Python locate.Options
}

// A State says how a check ended.
type State string

const (
	OK      State = "ok"
	Note    State = "note"    // it works, and there is something to know
	Missing State = "missing" // it is not there, or does not work
)

// A Check is one thing that was looked at.
type Check struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	// Found is what was found, or why not, in a line.
	Found string `json:"found"`
	// Facts are the details, in an order for people.
	Facts []Fact `json:"facts,omitempty"`
	// Remedy is what to do, if something is to be done.
	Remedy string `json:"remedy,omitempty"`
	// Needed is set where no cell can run without it.
	Needed bool `json:"needed"`
}

// A Fact is a detail of a check.
type Fact struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func (c *Check) fact(name, text string) {
	if text != "" {
		c.Facts = append(c.Facts, Fact{name, text})
	}
}

// A Report is what was found on a machine.
type Report struct {
	Version string `json:"version"` // of the kernel
	// Ready is set if Go cells can run. Python and Jupyter may be missing then.
	Ready  bool    `json:"ready"`
	Checks []Check `json:"checks"`
}

// Examine looks at everything. Where ctx ends early, the checks that were not done say so.
func Examine(ctx context.Context, c Config) *Report {
	r := &Report{Version: c.Version}
	toolchain, missing := build.FindToolchain(ctx, "")
	r.Checks = append(r.Checks, checkTools(ctx, toolchain, missing)...)
	if missing == nil {
		c.Workspace.Toolchain = toolchain
	}
	cache, workspace := checkWorkspace(c.Workspace)
	r.Checks = append(r.Checks, cache, workspace)
	if missing == nil && workspace.State == OK {
		r.Checks = append(r.Checks, checkCell(ctx, c.Workspace))
	}
	python, pythons := checkPython(ctx, c.Python)
	r.Checks = append(r.Checks, python, checkJupyter(c.Version, pythons))
	r.Ready = ready(r.Checks)
	return r
}

func ready(checks []Check) bool {
	for _, c := range checks {
		if c.Needed && c.State == Missing {
			return false
		}
	}
	return true
}
