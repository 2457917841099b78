package doctor

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// packages are what our own conversions and figures know, each of which Python may be without.
var packages = []string{"numpy", "matplotlib", "pandas"}

// checkPython reports the Python that cells will get and all others that were looked at, which it
// returns, too.
func checkPython(ctx context.Context, o locate.Options) (Check, []*locate.Python) {
	o.All = true
	c := Check{Name: "Python", State: OK}
	report, err := locate.Find(ctx, o)
	if report == nil {
		c.State, c.Found = Missing, err.Error()
		return c, nil
	}
	if chosen := report.Chosen; chosen != nil {
		c.Found = fmt.Sprintf("%s, %s (%s)", chosen.Python.VersionText(), chosen.Path, chosen.Source)
		c.fact("libpython", chosen.Library)
		c.examinePackages(ctx, chosen)
	} else {
		c.State = Missing
		c.explain(err, report)
	}
	var pythons []*locate.Python
	for _, candidate := range report.Candidates {
		c.fact("tried", describe(candidate))
		if candidate.Python != nil {
			pythons = append(pythons, candidate.Python)
		}
	}
	return c, pythons
}

// explain says why there is no Python, and gives the remedy of the candidate that is nearest to work:
// the first that has one.
func (c *Check) explain(err error, report *locate.Report) {
	c.Found = "none that can be embedded"
	if _, ok := errors.AsType[*locate.NotFoundError](err); !ok || len(report.Candidates) == 0 {
		c.Found = err.Error()
	}
	for _, candidate := range report.Candidates {
		if candidate.Remedy != "" {
			c.Remedy = candidate.Remedy
			return
		}
	}
	c.Remedy = "install CPython 3.9 or newer with its shared library, and set GOPY_PYTHON to its path if it is not found"
}

func describe(c *locate.Candidate) string {
	text := fmt.Sprintf("%s (%s)", c.Path, c.Source)
	if c.Python != nil {
		text += ", " + c.Python.VersionText()
	}
	if !c.Usable() {
		text += ": " + c.Reason
	}
	if c.Remedy != "" {
		text += "; to mend it: " + c.Remedy
	}
	return text
}

func (c *Check) examinePackages(ctx context.Context, python *locate.Candidate) {
	found, err := importPackages(ctx, python.Path)
	if err != nil {
		c.State = Note
		c.fact("packages", err.Error())
		return
	}
	var missing []string
	for _, name := range packages {
		p := found[name]
		switch {
		case p.Error != "":
			c.State = Note
			c.fact(name, "it is there and cannot be imported: "+p.Error)
		case p.Version == "":
			missing = append(missing, name)
			c.fact(name, "not installed")
		default:
			c.fact(name, p.Version)
		}
	}
	if len(missing) > 0 {
		c.State, c.Remedy = Note, installPackages(python, missing)
	}
}

// installPackages is what to type. Debian's own Python refuses pip.
func installPackages(python *locate.Candidate, names []string) string {
	if _, err := os.Stat("/etc/debian_version"); err == nil && python.Python.Prefix == "/usr" {
		return "sudo apt install python3-" + strings.Join(names, " python3-")
	}
	return python.Path + " -m pip install " + strings.Join(names, " ")
}

//go:embed packages.py
var packagesSource string

// A module is what packages.py says of one.
type module struct{ Version, Error string }

// importTime is how long all imports may take: matplotlib makes its cache of fonts the first time.
const importTime = time.Minute

func importPackages(ctx context.Context, python string) (map[string]module, error) {
	ctx, cancel := context.WithTimeout(ctx, importTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, python, append([]string{"-c", packagesSource}, packages...)...)
	// The bridge drops it, too: it sends every other Python to the wrong library.
	cmd.Env = slices.DeleteFunc(os.Environ(), func(entry string) bool { return strings.HasPrefix(entry, "PYTHONHOME=") })
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("importing them: %w", err)
	}
	_, answer, _ := bytes.Cut(out, []byte("gopy-doctor:"))
	var found map[string]module
	if err := json.Unmarshal(answer, &found); err != nil {
		return nil, fmt.Errorf("reading what %s says of its packages: %w", python, err)
	}
	return found, nil
}
