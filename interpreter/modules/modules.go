package modules

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
)

// Config says what a session works with.
type Config struct {
	// Go is the path of the go command.
	Go string
	// Env is the environment that it gets, as of [os.Environ].
	Env []string
	// Dir is the notebook's folder.
	Dir string
	// State is where the session makes a folder for files of its own, when it needs one; Close removes it.
	// Empty means where the system has temporary files.
	State string
	// Flags are those by which packages are compiled, but for -overlay.
	Flags []string
	// Overlay is the file that -overlay names when packages are compiled; empty if there is none.
	Overlay string
	// Cache is a folder for what was found; sessions may share it. Empty means that nothing is kept.
	Cache string
	// Versions is a file that keeps which versions were used; sessions may share it. Empty means that
	// nothing is kept.
	Versions string
}

// A Session finds packages for one notebook.
type Session struct {
	config Config

	mu      sync.Mutex
	folder  string   // of the session; empty until it is needed
	current *state   // what was kept last; nil if the user's own files do, or nothing was fetched
	chosen  []string // paths of the modules whose versions were chosen: they are used, or were asked for
	states  int      // that were made
}

// New makes a session. It does nothing before it is asked.
func New(c Config) (*Session, error) {
	if c.Go == "" || c.Dir == "" {
		return nil, errors.New("modules: a go command and the notebook's folder are needed")
	}
	return &Session{config: c}, nil
}

// Close removes the session's files.
func (s *Session) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folder == "" {
		return nil
	}
	return os.RemoveAll(s.folder)
}

// ownFolder makes the session's folder.
func (s *Session) ownFolder() (err error) {
	if s.folder == "" {
		s.folder, err = os.MkdirTemp(s.config.State, "gopy-session-")
	}
	if err != nil {
		return fmt.Errorf("making a folder for the session's module: %w", err)
	}
	return nil
}

// A Request is what is wanted.
type Request struct {
	// Import are import paths, among them relative ones: ./geometry.
	Import []string
	// Get are modules or packages in versions that are to be taken from now on, as `go get` takes them.
	Get []string
	// Hold are modules with the versions that they have to have, MODULE@VERSION, whatever others ask for.
	// Beside a go.work or with a vendor folder that cannot be done.
	Hold []string
	// Anew forgets what was fetched for the session so far. What is imported is fetched again, in the
	// versions that were used last.
	Anew bool
}

// A Progress is told what is being done: "downloading" a module, "compiling" a package.
type Progress func(verb, what string)

// A Found is an answer. It is not part of the session before it is kept.
type Found struct {
	// Packages are those that were asked for and all that they import, those that are imported first,
	// without the standard library.
	Packages []Package
	// Paths are the import paths of the relative ones among those that were asked for.
	Paths map[string]string

	session *Session
	state   *state
	chosen  []string
}

// Keep makes the session use the versions that were found.
func (f *Found) Keep() error {
	f.session.mu.Lock()
	defer f.session.mu.Unlock()
	f.session.chosen = f.chosen
	if f.state == f.session.current {
		return nil
	}
	old := f.session.current
	f.session.current = f.state
	if old != nil {
		return os.RemoveAll(old.dir)
	}
	return nil
}

// Resolve finds packages, fetches what is missing, and compiles all. It takes as long as that takes:
// minutes, when a connection is slow. The error is an [*Error] where a package cannot be had.
func (s *Session) Resolve(ctx context.Context, r Request, progress Progress) (*Found, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if progress == nil {
		progress = func(string, string) {}
	}
	if r.Anew {
		if err := s.forget(); err != nil {
			return nil, err
		}
	}
	t, err := s.newTrial(ctx, progress)
	if err != nil {
		return nil, err
	}
	f, err := t.resolve(ctx, r)
	if err != nil && t.state != nil && t.state != s.current {
		err = errors.Join(err, os.RemoveAll(t.state.dir))
	}
	return f, err
}

// A trial is one request, which changes nothing of the session.
type trial struct {
	*Session
	place    place
	state    *state // nil as long as the user's own files do
	progress Progress
}

func (t *trial) resolve(ctx context.Context, r Request) (*Found, error) {
	key := t.cacheKey(r)
	if f, err := t.cached(ctx, key, r); f != nil || err != nil {
		return f, err
	}
	f := &Found{session: t.Session, Paths: map[string]string{}}
	if len(r.Get) > 0 {
		if err := t.get(ctx, r.Get); err != nil {
			return nil, err
		}
	}
	if err := t.hold(ctx, r.Hold); err != nil {
		return nil, err
	}
	var paths []string
	for _, path := range r.Import {
		if isRelative(path) {
			full, err := t.local(ctx, path)
			if err != nil {
				return nil, err
			}
			f.Paths[path] = full
			path = full
		}
		paths = append(paths, path)
	}
	if len(paths) > 0 {
		fetched, err := t.fetch(ctx, paths, append(r.pinned(), t.chosen...))
		if err == nil && (fetched || len(r.Get) > 0) {
			err = t.raise(ctx, paths, r.pinned())
		}
		if err != nil {
			return nil, err
		}
		if f.Packages, err = t.compile(ctx, paths); err != nil {
			return nil, err
		}
	}
	f.state, f.chosen = t.state, t.choices(f, r)
	if t.place.scratch() {
		_ = t.remember(f.Packages) // if that fails, the next session finds out anew
	}
	t.cache(key, f)
	return f, nil
}

// choices are the modules whose versions are chosen from now on.
func (t *trial) choices(f *Found, r Request) []string {
	chosen := newSet()
	for _, path := range append(r.pinned(), t.chosen...) {
		chosen.add(path)
	}
	for _, p := range f.Packages {
		if p.Module != nil {
			chosen.add(p.Module.Path)
		}
	}
	return chosen.list
}

// pinned are the modules for which versions were asked for, as far as they were named.
func (r Request) pinned() []string {
	var paths []string
	for _, query := range r.Get {
		paths = append(paths, withoutVersion(query))
	}
	return paths
}

// forget drops what was kept.
func (s *Session) forget() error {
	old := s.current
	s.current, s.chosen = nil, nil
	if old == nil {
		return nil
	}
	return os.RemoveAll(old.dir)
}

// fetch gets what no module that is used so far has, and reports whether there was something.
func (t *trial) fetch(ctx context.Context, paths, chosen []string) (bool, error) {
	found, err := t.find(ctx, paths)
	if err != nil {
		return false, err
	}
	var missing []string
	for _, p := range found {
		switch {
		case p.Error == nil && p.Name == "main" && !p.DepOnly:
			return false, &Error{Path: p.ImportPath, Problem: "it is a program, and only other packages can be imported"}
		case t.place.scratch() && p.byChance(chosen):
			missing = append(missing, p.ImportPath)
		case p.Error == nil || p.lacksSums():
		case p.canBeFetched():
			missing = append(missing, p.ImportPath)
		default:
			return false, explain(p.ImportPath, p.Error.Err)
		}
	}
	if len(missing) == 0 {
		return false, nil
	}
	slices.Sort(missing)
	return true, t.getRemembered(ctx, missing)
}

// hold lets modules have the given versions.
func (t *trial) hold(ctx context.Context, held []string) error {
	if len(held) == 0 {
		return nil
	}
	if t.place.work != "" || t.place.vendored() {
		return &Error{Path: held[0], Problem: "the version of a module can only be held in a go.mod"}
	}
	if err := t.own(ctx); err != nil {
		return err
	}
	edits := []string{"mod", "edit"}
	for _, query := range held {
		edits = append(edits, "-replace="+withoutVersion(query)+"="+query)
	}
	_, err := t.command(ctx, t.state.dir, edits...)
	if err == nil {
		err = t.settle(ctx)
	}
	return t.failure(held[0], err)
}

// getRemembered gets packages in the versions that were used before, or else in the newest.
func (t *trial) getRemembered(ctx context.Context, paths []string) error {
	versions := t.remembered()
	var queries []string
	for _, path := range paths {
		queries = append(queries, path+versions.query(path))
	}
	err := t.get(ctx, queries)
	if err == nil || slices.Equal(queries, paths) || ctx.Err() != nil {
		return err
	}
	if t.get(ctx, paths) == nil { // the version has gone, or has no such package yet
		return nil
	}
	return err
}

// get lets the go command take modules in the given versions into the session's go.mod.
func (t *trial) get(ctx context.Context, queries []string) error {
	if t.place.vendored() {
		return &Error{Path: queries[0], Problem: fmt.Sprintf("%s has only what was put there", t.place.vendor()),
			Fix: fmt.Sprintf("run `go get %s && go mod vendor` beside the notebook", queries[0])}
	}
	if err := t.own(ctx); err != nil {
		return err
	}
	_, err := t.command(ctx, t.getDir(), append(append([]string{"get"}, t.flags()...), queries...)...)
	return t.failure(queries[0], err)
}
