package install

import (
	"context"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// The rules of this file are those of jupyter_core.paths, since Jupyter has to find what we install.

// UserKernels is the folder of the user's own kernelspecs.
func UserKernels() (string, error) {
	data, err := userData()
	if err != nil {
		return "", err
	}
	return filepath.Join(data, "kernels"), nil
}

// Runtime is the folder in which clients look for the connection files of kernels that run.
func Runtime() (string, error) {
	if dir := os.Getenv("JUPYTER_RUNTIME_DIR"); dir != "" {
		return filepath.Abs(dir)
	}
	data, err := userData()
	return filepath.Join(data, "runtime"), err
}

func userData() (string, error) {
	if dir := os.Getenv("JUPYTER_DATA_DIR"); dir != "" {
		return filepath.Abs(dir)
	}
	home, err := homeFolder()
	if runtime.GOOS == "darwin" {
		return filepath.Join(home, "Library", macFolder()), err
	}
	if dir := os.Getenv("XDG_DATA_HOME"); dir != "" {
		return filepath.Join(dir, "jupyter"), nil
	}
	return filepath.Join(home, ".local", "share", "jupyter"), err
}

// macFolder has another place with the switch that will be the default of Jupyter some day.
func macFolder() string {
	if isSet("JUPYTER_PLATFORM_DIRS") {
		return filepath.Join("Application Support", "Jupyter")
	}
	return "Jupyter"
}

func isSet(name string) bool {
	value := strings.ToLower(os.Getenv(name))
	return value != "" && !slices.Contains([]string{"no", "n", "false", "off", "0", "0.0"}, value)
}

// homeFolder asks the list of users where HOME is not set, as service managers start programs; so
// does Python.
func homeFolder() (string, error) {
	if home := os.Getenv("HOME"); home != "" {
		return home, nil
	}
	if u, err := user.Current(); err == nil && u.HomeDir != "" {
		return u.HomeDir, nil
	}
	return "", fmt.Errorf("there is no home folder: set HOME or JUPYTER_DATA_DIR, or name a folder with --prefix")
}

// PrefixKernels is the folder of kernelspecs below a prefix, such as /usr/local or a virtual environment.
func PrefixKernels(prefix string) string {
	return filepath.Join(prefix, "share", "jupyter", "kernels")
}

// ActivePrefix is the prefix of the active Python environment: that of VIRTUAL_ENV or CONDA_PREFIX,
// or what the python3 on the PATH says.
func ActivePrefix(ctx context.Context) (string, error) {
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		prefix := os.Getenv(name)
		if prefix == "" {
			continue
		}
		if info, err := os.Stat(prefix); err != nil || !info.IsDir() {
			return "", fmt.Errorf("%s is %s, which is no folder", name, prefix)
		}
		return prefix, nil
	}
	// An error says that the bridge cannot run it, which is another question.
	report, _ := locate.Find(ctx, locate.Options{Python: "python3"})
	if report == nil || len(report.Candidates) == 0 || report.Candidates[0].Python == nil {
		return "", fmt.Errorf("no Python environment is active: VIRTUAL_ENV and CONDA_PREFIX are not set, and there is no python3 on the PATH; use --user or --prefix")
	}
	return report.Candidates[0].Python.Prefix, nil
}

// IsEnvironment reports whether a prefix is a Python environment that somebody made for a purpose, a
// venv or a conda environment, and not a system's.
func IsEnvironment(prefix string) bool {
	for _, name := range []string{"pyvenv.cfg", "conda-meta"} {
		if _, err := os.Stat(filepath.Join(prefix, name)); err == nil && prefix != "" {
			return true
		}
	}
	return false
}

// SearchPath is where Jupyter looks for kernelspecs: what JUPYTER_PATH names, the user's folder, the
// given prefixes, which should be those of the Pythons that Jupyter might run in, and the system's.
func SearchPath(prefixes ...string) []string {
	var data []string
	for _, dir := range filepath.SplitList(os.Getenv("JUPYTER_PATH")) {
		data = append(data, filepath.Clean(dir))
	}
	if dir, err := userData(); err == nil {
		data = append(data, dir)
	}
	if home, err := homeFolder(); err == nil {
		data = append(data, filepath.Join(home, ".local", "share", "jupyter"))
	}
	for _, prefix := range prefixes {
		data = append(data, filepath.Join(prefix, "share", "jupyter"))
	}
	data = append(data, "/usr/local/share/jupyter", "/usr/share/jupyter")
	var kernels []string
	for _, dir := range data {
		if k := filepath.Join(dir, "kernels"); !slices.Contains(kernels, k) {
			kernels = append(kernels, k)
		}
	}
	return kernels
}
