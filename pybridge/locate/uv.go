package locate

import (
	"cmp"
	"path/filepath"
	"slices"
	"strings"
)

// uvProject returns the environment of the project around the folder, where uv keeps it in another place than .venv.
func (s *search) uvProject() []Candidate {
	environment := s.getenv("UV_PROJECT_ENVIRONMENT")
	project := s.upward("pyproject.toml")
	if environment == "" || project == "" {
		return nil
	}
	if !filepath.IsAbs(environment) {
		environment = filepath.Join(filepath.Dir(project), environment)
	}
	return []Candidate{{Source: "UV_PROJECT_ENVIRONMENT", Path: pythonIn(environment)}}
}

// uvManaged returns the interpreters that uv has installed for itself, the newest first. It puts them on no PATH.
// Those without the lock come last: few packages are made for them.
func (s *search) uvManaged() []Candidate {
	share := cmp.Or(s.getenv("XDG_DATA_HOME"), filepath.Join(s.getenv("HOME"), ".local", "share"))
	dir := cmp.Or(s.getenv("UV_PYTHON_INSTALL_DIR"), filepath.Join(share, "uv", "python"))
	prefixes, err := filepath.Glob(filepath.Join(dir, "cpython-*.*.*-*")) // cpython-3.12-... is a link to one of them
	if err != nil {
		return nil
	}
	slices.SortFunc(prefixes, func(a, b string) int {
		free := func(path string) int { return strings.Count(filepath.Base(path), "+freethreaded") }
		return cmp.Or(free(a)-free(b), compareVersions(uvVersion(b), uvVersion(a)))
	})
	var found []Candidate
	for _, prefix := range prefixes {
		found = append(found, Candidate{Source: "uv", Path: pythonIn(prefix)})
	}
	return found
}

// uvVersion is the version in a name such as cpython-3.12.1-linux-x86_64-gnu.
func uvVersion(prefix string) string {
	version, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(prefix), "cpython-"), "-")
	return version
}
