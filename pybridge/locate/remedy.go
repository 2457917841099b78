package locate

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// noLibrary says why there is no library to open, and how to get one for this kind of Python.
func noLibrary(p *Python, looked []Library) (reason, remedy string) {
	reason = fmt.Sprintf("Python %s comes without its shared library, %s", p.VersionText(), wantedName(p))
	for _, l := range looked {
		reason += fmt.Sprintf("; %s was refused: %s", l.Path, l.Reason)
	}
	return reason, libraryRemedy(p)
}

func wantedName(p *Python) string {
	if strings.Contains(p.SOName, ".so") || strings.Contains(p.SOName, ".dylib") {
		return p.SOName
	}
	return "libpython" + p.Short() + p.ABIFlags + ".so.1.0"
}

func libraryRemedy(p *Python) string {
	base := p.BasePrefix
	switch {
	case is(filepath.Join(base, "conda-meta")):
		return fmt.Sprintf("conda install --force-reinstall python=%s", p.Short())
	case strings.Contains(base, "/.pyenv/") || strings.Contains(base, "/pyenv/versions/"):
		return fmt.Sprintf("PYTHON_CONFIGURE_OPTS=--enable-shared pyenv install --force %s", filepath.Base(base))
	case strings.Contains(base, "/uv/python/"):
		return fmt.Sprintf("uv python install --reinstall %s", p.Short())
	case base == "/usr" && is("/etc/debian_version"):
		return fmt.Sprintf("sudo apt install libpython%s", p.Short())
	case base == "/usr" && is("/etc/redhat-release"):
		return "sudo dnf install python3-libs"
	case base == "/usr" && is("/etc/alpine-release"):
		return "sudo apk add python3"
	}
	return fmt.Sprintf("build Python %s again with ./configure --enable-shared", p.VersionText())
}

func aptHint() string {
	if is("/etc/debian_version") {
		return " (sudo apt install python3 python3-venv libpython3-dev)"
	}
	return ""
}

func is(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
