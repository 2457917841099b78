package build

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// registering are packages of the standard library that change the process when they are initialised: they
// add image formats, pages to the default HTTP server, time zones. A worker that held them would do all
// that for each notebook. So each is a library, which is loaded by the cell that imports it. The package
// image/png is none, for results are shown with it.
var registering = []string{"expvar", "image/gif", "image/jpeg", "net/http/pprof", "time/tzdata"}

// apart reports whether a package is not linked into the worker though it is offered, unless something
// else that is linked imports it.
func (p listed) apart() bool { return p.Standard && slices.Contains(registering, p.ImportPath) }

// makeExtras makes the libraries of the packages that are not linked into the worker.
func (m *maker) makeExtras(ctx context.Context, packages []listed) error {
	symbols, err := openSymbols(m.Worker(), m.toolchain)
	if err != nil {
		return m.unfit(err)
	}
	defer symbols.close()
	m.symbols = symbols
	m.held = map[string]bool{}
	for _, p := range packages {
		m.held[p.ImportPath] = p.Export != ""
	}
	held := m.linked(packages)
	for _, p := range packages {
		if !p.apart() || held[p.ImportPath] {
			continue
		}
		set := slices.DeleteFunc(append(slices.Clone(p.Deps), p.ImportPath), func(path string) bool { return held[path] || path == "unsafe" })
		l, err := m.makeExtra(ctx, set, packages)
		if err != nil {
			return m.unfit(fmt.Errorf("linking %s: %w", p.ImportPath, err))
		}
		defer l.Close()
		m.extras = append(m.extras, l)
		for _, path := range set {
			held[path] = true
		}
	}
	return nil
}

// makeExtra makes a library of packages of the standard library. They have to be compiled like those of
// modules, not like those of the worker.
func (m *maker) makeExtra(ctx context.Context, set []string, packages []listed) (*Library, error) {
	flags := m.sharedFlags()
	for _, path := range set {
		flags = append(flags, "-gcflags="+path+"=-linkshared -dynlink")
	}
	found, err := m.list(ctx, flags, set)
	if err != nil {
		return nil, err
	}
	var compiled []Compiled
	for _, p := range packages { // in an order in which each comes after those that it imports
		if i := slices.IndexFunc(found, func(f listed) bool { return f.ImportPath == p.ImportPath }); i >= 0 && slices.Contains(set, p.ImportPath) {
			f := found[i]
			compiled = append(compiled, Compiled{Path: f.ImportPath, Name: f.Name, ID: filepath.Base(f.Export), Archive: f.Export, Imports: f.Imports})
		}
	}
	return m.Library(ctx, compiled, nil)
}

// openExtras opens the libraries that belong to the workspace.
func (w *Workspace) openExtras(ids []string) error {
	for _, id := range ids {
		dir := filepath.Join(w.dir, libraries, id)
		l, err := openLibrary(dir)
		if err != nil {
			return fmt.Errorf("opening a library of the workspace: %w", err)
		}
		now := time.Now()
		_ = os.Chtimes(dir, now, now) // so that it is not removed
		w.extras = append(w.extras, l)
	}
	return nil
}
