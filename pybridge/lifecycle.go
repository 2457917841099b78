package pybridge

import (
	"fmt"
	"strings"
)

// initialise runs what Config wants to be run first.
func (r *Runtime) initialise() error {
	for i, source := range r.config.InitCode {
		if err := r.Exec(source); err != nil {
			return fmt.Errorf("running InitCode[%d]: %w", i, err)
		}
	}
	return nil
}

// Alive reports whether Python is running and has not been closed.
func (r *Runtime) Alive() bool { return !r.closed.Load() }

// Reset takes all names out of __main__ and runs Config.InitCode again. Modules stay imported, and Python
// stays started: a true restart is another process.
func (r *Runtime) Reset() error {
	f, err := r.helper("gopy_kernel.running", "reset")
	if err != nil {
		return err
	}
	if _, err := f.Call(); err != nil {
		return err
	}
	return r.initialise()
}

// A Version is that of a Python.
type Version struct {
	Major, Minor, Micro int
	Level               string // "final", or what comes before it: "alpha", "beta", "candidate"
	Serial              int
}

func (v Version) String() string {
	text := fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Micro)
	if v.Level != "final" {
		text += fmt.Sprintf("%s%d", v.Level, v.Serial)
	}
	return text
}

// Version returns the version of the running Python.
func (r *Runtime) Version() (v Version, err error) {
	info, err := r.From("sys", "version_info")
	if err != nil {
		return v, err
	}
	defer info.Close()
	parts, err := As[[]any](info)
	if err != nil {
		return v, err
	}
	if len(parts) != 5 {
		return v, fmt.Errorf("sys.version_info has %d parts", len(parts))
	}
	v.Major, _ = parts[0].(int)
	v.Minor, _ = parts[1].(int)
	v.Micro, _ = parts[2].(int)
	v.Level, _ = parts[3].(string)
	v.Serial, _ = parts[4].(int)
	return v, nil
}

// Features says what the running Python offers.
type Features struct {
	Numpy        string `py:"numpy"` // its version, empty without it
	FreeThreaded bool   `py:"free_threaded"`
	Packages     string `py:"packages"` // the folder where packages are installed
}

// Features imports nothing but numpy to find out.
func (r *Runtime) Features() (Features, error) {
	f, err := r.helper("gopy_kernel.inspection", "features")
	if err != nil {
		return Features{}, err
	}
	return CallAs[Features](f)
}

// Configuration describes the Python that is running, for people: what was chosen and why, where its
// library and packages are, and where it looks for modules.
func (r *Runtime) Configuration() (string, error) {
	features, err := r.Features()
	if err != nil {
		return "", err
	}
	sysPath, err := r.Get("sys.path")
	if err != nil {
		return "", err
	}
	path, err := As[[]string](sysPath)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	line := func(name, value string) { fmt.Fprintf(&b, "%-12s %s\n", name, value) }
	line("python", r.found.Python.VersionText())
	line("executable", r.found.Python.Executable)
	line("found by", r.found.Source)
	line("library", r.found.Library)
	line("prefix", r.found.Python.Prefix)
	line("packages", features.Packages)
	if features.Numpy != "" {
		line("numpy", features.Numpy)
	} else {
		line("numpy", "none: slices of numbers become memoryviews")
	}
	if features.FreeThreaded {
		line("threads", "without a global lock")
	}
	line("path", strings.Join(path, "\n"+strings.Repeat(" ", 13)))
	return b.String(), nil
}
