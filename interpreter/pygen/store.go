package pygen

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// StoreConfig says where a store keeps packages, and which Python they are for.
type StoreConfig struct {
	// Dir is the folder of the packages. It is made if it does not exist, and may be that of several processes.
	Dir string
	// Python finds the interpreter. It is called for each package, for there may be another one now.
	Python func(ctx context.Context) (path string, err error)
	// Folder is where Python looks for modules first.
	Folder string
}

// A Store writes packages of modules, and keeps them until a module's version is another one. Its methods may be
// called from any goroutine.
type Store struct {
	config StoreConfig

	mu     sync.Mutex
	listed map[string]listing
}

// NewStore makes a store.
func NewStore(c StoreConfig) (*Store, error) {
	if c.Dir == "" || c.Python == nil || c.Folder == "" {
		return nil, errors.New("pygen: a store needs a folder, a Python, and the folder where modules are looked for")
	}
	return &Store{config: c, listed: map[string]listing{}}, nil
}

// A Package is one that stands in a store.
type Package struct {
	Name string // as its package clause has it
	ID   string // hash of its source
	Dir  string // of its source
	File string // path of its source
}

// Package returns the package of a module. If it is not there, or the module's files have changed since it was
// written, reading is called and Python asked. The error is an [*ImportError] if Python cannot import the module.
func (s *Store) Package(ctx context.Context, module string, reading func()) (*Package, error) {
	python, err := s.config.Python(ctx)
	if err != nil {
		return nil, err
	}
	entryFile := s.entryFile(python, module)
	if p := s.find(entryFile); p != nil {
		return p, nil
	}
	reading()
	m, err := Inspect(ctx, Query{Python: python, Module: module, Dir: s.config.Folder})
	if err != nil {
		return nil, err
	}
	source, err := m.Source(Options{})
	if err != nil {
		return nil, err
	}
	p, err := s.keep(entryFile, source, entry{Name: PackageName(module), Files: stamps(append(m.Files, interpreterFile(python)))})
	if err != nil {
		return nil, fmt.Errorf("keeping the package of Python's %s: %w", module, err)
	}
	s.prune()
	return p, nil
}

// An entry says which source is that of a module.
type entry struct {
	Name   string
	Source string // its hash, which is the name of its folder
	Files  []stamp
}

// A stamp says by what one sees that a file is still the same.
type stamp struct {
	Path string
	Size int64
	Time time.Time
}

func stamps(paths []string) []stamp {
	var list []stamp
	for _, path := range paths {
		list = append(list, stampOf(path))
	}
	return list
}

// stampOf has no time if there is no file.
func stampOf(path string) stamp {
	info, err := os.Stat(path)
	if err != nil {
		return stamp{Path: path}
	}
	return stamp{path, info.Size(), info.ModTime().UTC()}
}

// interpreterFile is the program behind the links of an environment: another one when Python was upgraded.
func interpreterFile(python string) string {
	if path, err := filepath.EvalSymlinks(python); err == nil {
		return path
	}
	return python
}

// entryFile depends on all that decides which module Python finds. The notebook's folder does so only where it has
// a module of that name.
func (s *Store) entryFile(python, module string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d %q %q %q\n", Format, python, module, os.Getenv("PYTHONPATH"))
	top, _, _ := strings.Cut(module, ".")
	for _, name := range []string{top, top + ".py"} {
		if path := filepath.Join(s.config.Folder, name); !stampOf(path).Time.IsZero() {
			fmt.Fprintf(h, "%q\n", path)
		}
	}
	return filepath.Join(s.config.Dir, "modules", hex.EncodeToString(h.Sum(nil)[:16])+".json")
}

// find returns what an entry stands for, if that still holds.
func (s *Store) find(entryFile string) *Package {
	data, err := os.ReadFile(entryFile)
	if err != nil {
		return nil
	}
	var e entry
	if json.Unmarshal(data, &e) != nil || slices.ContainsFunc(e.Files, func(f stamp) bool { return stampOf(f.Path) != f }) {
		return nil
	}
	p := s.at(e)
	now := time.Now()
	if os.Chtimes(p.Dir, now, now) != nil { // of its last use
		return nil
	}
	return p
}

func (s *Store) at(e entry) *Package {
	dir := filepath.Join(s.config.Dir, "sources", e.Source)
	return &Package{Name: e.Name, ID: e.Source, Dir: dir, File: filepath.Join(dir, FileName)}
}

// keep writes a source, in a folder that is named by what is in it, and then the entry. Both appear whole.
func (s *Store) keep(entryFile string, source []byte, e entry) (*Package, error) {
	sum := sha256.Sum256(source)
	e.Source = hex.EncodeToString(sum[:16])
	p := s.at(e)
	text, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return p, errors.Join(replace(p.File, source), replace(entryFile, text))
}

// replace writes a file that others may be reading.
func replace(path string, data []byte) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "new-")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

// mostSources is how many packages are kept, of up to a megabyte each.
const mostSources = 200

// prune removes the packages that were not used for the longest time. Their entries are of no use then, and small.
func (s *Store) prune() {
	entries, err := os.ReadDir(filepath.Join(s.config.Dir, "sources"))
	if err != nil || len(entries) <= mostSources {
		return
	}
	times := map[string]time.Time{}
	for _, e := range entries {
		times[e.Name()] = stampOf(filepath.Join(s.config.Dir, "sources", e.Name())).Time
	}
	slices.SortFunc(entries, func(a, b os.DirEntry) int { return times[a.Name()].Compare(times[b.Name()]) })
	for _, e := range entries[:len(entries)-mostSources/2] {
		_ = os.RemoveAll(filepath.Join(s.config.Dir, "sources", e.Name()))
	}
}
