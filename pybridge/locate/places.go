package locate

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// candidates yields the interpreters to look at, best first, each once.
func (s *search) candidates(yield func(*Candidate) bool) {
	if s.options.Python != "" {
		yield(&Candidate{Source: "option", Path: s.lookPath(s.options.Python)})
		return
	}
	if named := s.getenv("GOPY_PYTHON"); named != "" {
		yield(&Candidate{Source: "GOPY_PYTHON", Path: s.lookPath(named)})
		return
	}
	var seen []string
	for _, place := range []func() []Candidate{s.active, s.dotVenv, s.uvProject, s.pyenv, s.asdf, s.onPath, s.uvManaged, s.system} {
		for _, c := range place() {
			// Not by the file that a link leads to: a venv is one for the place where its link stands.
			if slices.Contains(seen, c.Path) {
				continue
			}
			seen = append(seen, c.Path)
			if !yield(&c) {
				return
			}
		}
	}
}

// active returns the environments that a shell has activated.
func (s *search) active() []Candidate {
	var found []Candidate
	for _, name := range []string{"VIRTUAL_ENV", "CONDA_PREFIX"} {
		if prefix := s.getenv(name); prefix != "" {
			found = append(found, Candidate{Source: name, Path: pythonIn(prefix)})
		}
	}
	return found
}

// dotVenv returns the nearest .venv from the folder upward.
func (s *search) dotVenv() []Candidate {
	cfg := s.upward(filepath.Join(".venv", "pyvenv.cfg"))
	if cfg == "" {
		return nil
	}
	return []Candidate{{Source: ".venv", Path: pythonIn(filepath.Dir(cfg))}}
}

// upward returns the path of the nearest file of this name from the folder upward, or nothing.
func (s *search) upward(name string) string {
	for dir := s.dir; ; dir = filepath.Dir(dir) {
		path := filepath.Join(dir, name)
		if is(path) {
			return path
		}
		if dir == filepath.Dir(dir) {
			return ""
		}
	}
}

// pyenv returns the version that pyenv would choose, without running it: its shims are shell scripts
// that take 50 ms, and they are on PATH only in shells that were set up for them.
func (s *search) pyenv() []Candidate {
	root := cmp.Or(s.getenv("PYENV_ROOT"), filepath.Join(s.getenv("HOME"), ".pyenv"))
	var found []Candidate
	for _, version := range s.pyenvVersions(root) {
		if dir := pyenvFolder(root, version); dir != "" {
			found = append(found, Candidate{Source: "pyenv", Path: pythonIn(dir)})
		}
	}
	return found
}

func (s *search) pyenvVersions(root string) []string {
	if v := s.getenv("PYENV_VERSION"); v != "" {
		return strings.Split(v, ":")
	}
	if text, err := os.ReadFile(s.upward(".python-version")); err == nil {
		return strings.Fields(string(text))
	}
	text, err := os.ReadFile(filepath.Join(root, "version"))
	if err != nil {
		return nil // no pyenv, or no version chosen
	}
	return strings.Fields(string(text))
}

// pyenvFolder finds the folder of a version; "3.11" means the newest 3.11 that is installed.
func pyenvFolder(root, version string) string {
	exact := filepath.Join(root, "versions", version)
	if _, err := os.Stat(exact); err == nil {
		return exact
	}
	matches, err := filepath.Glob(exact + ".*")
	if err != nil || len(matches) == 0 {
		return ""
	}
	slices.SortFunc(matches, compareVersions)
	return matches[len(matches)-1]
}

// compareVersions orders texts by the numbers in them, so that 3.11.10 comes after 3.11.7 and 3.9.1, and 3.13.0 after
// 3.13.0rc2.
func compareVersions(a, b string) int {
	return slices.CompareFunc(strings.Split(a, "."), strings.Split(b, "."), func(x, y string) int {
		m, mErr := strconv.Atoi(x)
		n, nErr := strconv.Atoi(y)
		switch {
		case mErr == nil && nErr == nil:
			return cmp.Compare(m, n)
		case mErr == nil:
			return 1
		case nErr == nil:
			return -1
		}
		return strings.Compare(x, y)
	})
}

// asdf returns the versions that asdf would choose. It has their names, exact, in a file for all languages.
func (s *search) asdf() []Candidate {
	versions := s.getenv("ASDF_PYTHON_VERSION")
	for _, file := range []string{s.upward(".tool-versions"), filepath.Join(s.getenv("HOME"), ".tool-versions")} {
		text, _ := os.ReadFile(file) // none is none
		for line := range strings.Lines(string(text)) {
			if name, rest, _ := strings.Cut(strings.TrimSpace(line), " "); name == "python" && versions == "" {
				versions, _, _ = strings.Cut(rest, "#")
			}
		}
	}
	data := cmp.Or(s.getenv("ASDF_DATA_DIR"), filepath.Join(s.getenv("HOME"), ".asdf"))
	var found []Candidate
	for _, version := range strings.Fields(versions) {
		if prefix := filepath.Join(data, "installs", "python", version); is(prefix) {
			found = append(found, Candidate{Source: "asdf", Path: pythonIn(prefix)})
		}
	}
	return found
}

func (s *search) onPath() []Candidate {
	var found []Candidate
	for _, name := range []string{"python3", "python"} {
		for _, dir := range filepath.SplitList(s.getenv("PATH")) {
			if path := filepath.Join(dir, name); executable(path) {
				found = append(found, Candidate{Source: "PATH", Path: path})
			}
		}
	}
	return found
}

// system returns where systems keep their Python, for a PATH that does not lead there.
func (s *search) system() []Candidate {
	var found []Candidate
	for _, path := range []string{"/usr/bin/python3", "/usr/local/bin/python3", "/opt/homebrew/bin/python3"} {
		if executable(path) {
			found = append(found, Candidate{Source: "system", Path: path})
		}
	}
	return found
}

// lookPath makes a path of what a user wrote: a path, a folder of an environment, or a name on PATH.
func (s *search) lookPath(named string) string {
	if info, err := os.Stat(named); err == nil && info.IsDir() {
		named = pythonIn(named)
	}
	if strings.ContainsRune(named, filepath.Separator) {
		if filepath.IsAbs(named) {
			return named
		}
		return filepath.Join(s.dir, named)
	}
	for _, dir := range filepath.SplitList(s.getenv("PATH")) {
		if path := filepath.Join(dir, named); executable(path) {
			return path
		}
	}
	return named
}

// pythonIn returns the interpreter of an environment. Some have no python3, some only that.
func pythonIn(prefix string) string {
	plain := filepath.Join(prefix, "bin", "python")
	if there, _ := exists(plain); there {
		return plain
	}
	if three := filepath.Join(prefix, "bin", "python3"); executable(three) {
		return three
	}
	return plain
}

func executable(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

// venvHome returns the folder that a virtual environment says its Python comes from.
func venvHome(venv string) string {
	text, err := os.ReadFile(filepath.Join(venv, "pyvenv.cfg"))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if key, value, found := strings.Cut(line, "="); found && strings.TrimSpace(key) == "home" {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
