package pybridge

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// setEnvironment makes the process look as if the Python's environment had been activated, for the
// packages and the child processes that go by it, and drops what would mislead the interpreter. A
// PYTHONHOME in particular is inherited by every Python that is started from here, and kills those
// of another version.
func setEnvironment(p *locate.Python, log *slog.Logger) error {
	for _, name := range []string{"PYTHONHOME", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__", "PYTHONFAULTHANDLER"} {
		if value, set := os.LookupEnv(name); set {
			log.Warn("environment variable removed", "name", name, "value", value)
			os.Unsetenv(name)
		}
	}
	conda := isConda(p.Prefix)
	switch {
	case conda:
		os.Setenv("CONDA_PREFIX", p.Prefix)
	case p.IsVenv():
		os.Setenv("VIRTUAL_ENV", p.Prefix)
	default:
		return nil
	}
	putFirst("PATH", filepath.Dir(p.Executable))
	if conda {
		return preloadConda(p.Prefix, log)
	}
	return nil
}

func putFirst(variable, dir string) {
	path := os.Getenv(variable)
	if path != dir && !strings.HasPrefix(path, dir+string(filepath.ListSeparator)) {
		os.Setenv(variable, strings.TrimSuffix(dir+string(filepath.ListSeparator)+path, string(filepath.ListSeparator)))
	}
}

func isConda(prefix string) bool {
	_, err := os.Stat(filepath.Join(prefix, "conda-meta"))
	return err == nil
}

// preloadConda opens conda's own C++ library before anything asks for the system's, which is older
// than what conda's packages were built with.
func preloadConda(prefix string, log *slog.Logger) error {
	for _, name := range []string{"libgcc_s.so.1", "libstdc++.so.6"} {
		path := filepath.Join(prefix, "lib", name)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		if err := capi.Preload(path); err != nil {
			log.Warn("library of conda not loaded", "path", path, "error", err)
		}
	}
	return nil
}

// sameVersion compares the library with what the interpreter said of itself.
func sameVersion(version string, found *locate.Candidate) error {
	want := found.Python.VersionText()
	if !strings.HasPrefix(version, want+" ") && !strings.HasPrefix(version, want+"+") {
		return fmt.Errorf("%s is of Python %s, the interpreter of %s", found.Library, strings.Fields(version)[0], want)
	}
	return nil
}
