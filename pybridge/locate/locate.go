package locate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// The versions of Python that the bridge knows. They are read where a candidate is judged only.
const (
	oldestMinor = 9
	newestMinor = 14
)

// Options says where to look.
type Options struct {
	// Python is the path or name of an interpreter; if it is set, nothing else is tried.
	Python string
	// Dir is where the search for .venv and .python-version starts; empty for the working directory.
	Dir string
	// All looks at every place, for a report; otherwise Find stops at the first usable interpreter.
	All bool
	// CacheFile keeps what interpreters have said, so that the next search needs no subprocess; empty
	// for none. It is made if it does not exist.
	CacheFile string
	// Environ is the environment to look at; nil for that of the process.
	Environ []string
}

// A Candidate is an interpreter that was looked at.
type Candidate struct {
	// Source says why it was looked at: "option", "GOPY_PYTHON", "VIRTUAL_ENV", "CONDA_PREFIX",
	// ".venv", "UV_PROJECT_ENVIRONMENT", "pyenv", "asdf", "PATH", "uv" or "system".
	Source string
	Path   string
	// Python is what it said of itself; nil if it could not be asked.
	Python *Python
	// Library is the shared library to open; empty if there is none.
	Library string
	// Looked lists the libraries that were considered, each with the reason why it was refused.
	Looked []Library
	// Reason says why the candidate was refused; empty if it is usable.
	Reason string
	// Remedy is what to type, or do, to make it usable.
	Remedy string
}

// Usable reports whether the bridge can run this interpreter.
func (c *Candidate) Usable() bool { return c.Reason == "" }

// A Report is all that was looked at, in order.
type Report struct {
	// Chosen is the first usable candidate.
	Chosen     *Candidate
	Candidates []*Candidate
}

// String is a table of the candidates, a line for each and a star at the one that was chosen.
func (r *Report) String() string {
	var b strings.Builder
	for _, c := range r.Candidates {
		mark := " "
		if c == r.Chosen {
			mark = "*"
		}
		fmt.Fprintf(&b, "%s %s (%s): %s\n", mark, c.Path, c.Source, c.verdict())
	}
	return b.String()
}

// verdict is the version and the library of a candidate, or why it was refused.
func (c *Candidate) verdict() string {
	switch {
	case c.Usable():
		return c.Python.VersionText() + ", " + c.Library
	case c.Remedy != "":
		return c.Reason + "; to mend it: " + c.Remedy
	}
	return c.Reason
}

// A NotFoundError says that there is no usable Python, with all candidates.
type NotFoundError struct {
	Report *Report
}

func (e *NotFoundError) Error() string {
	if len(e.Report.Candidates) == 0 {
		return "no Python was found; install one from 3.9 on" + aptHint() + ", or set GOPY_PYTHON to its path"
	}
	var b strings.Builder
	fmt.Fprintf(&b, "no usable Python among the %d that were tried:", len(e.Report.Candidates))
	for _, c := range e.Report.Candidates {
		fmt.Fprintf(&b, "\n  %s (%s): %s", c.Path, c.Source, c.Reason)
		if c.Remedy != "" {
			fmt.Fprintf(&b, "\n      to mend it: %s", c.Remedy)
		}
	}
	return b.String()
}

// Find looks for an interpreter. Without a usable one the error is a *NotFoundError, and the report
// is returned all the same.
func Find(ctx context.Context, o Options) (*Report, error) {
	s, err := newSearch(o)
	if err != nil {
		return nil, err
	}
	for c := range s.candidates {
		s.examine(ctx, c)
		s.report.Candidates = append(s.report.Candidates, c)
		if c.Usable() && s.report.Chosen == nil {
			s.report.Chosen = c
		}
		if ctx.Err() != nil {
			return s.report, ctx.Err()
		}
		if s.report.Chosen != nil && !o.All {
			break
		}
	}
	s.cache.save()
	if s.report.Chosen == nil {
		return s.report, &NotFoundError{Report: s.report}
	}
	return s.report, nil
}

// A search is one run of Find.
type search struct {
	options Options
	dir     string
	environ []string
	report  *Report
	cache   *cache
}

func newSearch(o Options) (*search, error) {
	s := &search{options: o, dir: o.Dir, environ: o.Environ, report: new(Report), cache: openCache(o.CacheFile)}
	if s.environ == nil {
		s.environ = os.Environ()
	}
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return nil, fmt.Errorf("finding the folder to search from: %w", err)
	}
	s.dir = dir
	return s, nil
}

func (s *search) getenv(name string) string {
	for i := len(s.environ) - 1; i >= 0; i-- {
		if value, found := strings.CutPrefix(s.environ[i], name+"="); found {
			return value
		}
	}
	return ""
}

// examine fills in what can be said of a candidate.
func (s *search) examine(ctx context.Context, c *Candidate) {
	there, dangling := exists(c.Path)
	if !there {
		c.Reason, c.Remedy = missing(c.Path, dangling)
		return
	}
	p, err := s.ask(ctx, c.Path)
	if err != nil {
		c.Reason = err.Error()
		return
	}
	c.Python = p
	if c.Reason, c.Remedy = unfit(p); c.Reason != "" {
		return
	}
	c.Library, c.Looked = findLibrary(p)
	if c.Library == "" {
		c.Reason, c.Remedy = noLibrary(p, c.Looked)
	}
}

func (s *search) ask(ctx context.Context, path string) (*Python, error) {
	if p := s.cache.get(path); p != nil {
		return p, nil
	}
	p, err := probe(ctx, path, s.dir, s.environ)
	if err == nil {
		s.cache.put(path, p)
	}
	return p, err
}

// missing explains a path without a file. A venv whose Python was removed leaves a link to nothing.
func missing(path string, dangling bool) (reason, remedy string) {
	if !dangling {
		return "there is no such file", ""
	}
	venv := filepath.Dir(filepath.Dir(path))
	if home := venvHome(venv); home != "" {
		return fmt.Sprintf("the Python that this environment was made from, in %s, is gone", home),
			fmt.Sprintf("python3 -m venv --clear %s", venv)
	}
	return "it is a link to a file that does not exist", ""
}

func unfit(p *Python) (reason, remedy string) {
	switch {
	case p.Implementation != "cpython":
		return fmt.Sprintf("it is %s, and only CPython can be embedded", p.Implementation), ""
	case p.Version[0] != 3 || p.Version[1] < oldestMinor || p.Version[1] > newestMinor:
		return fmt.Sprintf("its version is %s; versions 3.%d to 3.%d are supported", p.VersionText(), oldestMinor, newestMinor), ""
	case p.MaxSize>>32 == 0:
		return "it is a 32-bit program", ""
	}
	return "", ""
}
