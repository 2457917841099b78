package interpreter

import (
	"context"
	"maps"
	"slices"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/interpreter/modules"
)

// adopt makes what was found part of the session: in libraries, of which those that it has already are
// kept.
func (i *Interpreter) adopt(ctx context.Context, w Workspace, r modules.Request, found *modules.Found) error {
	kept, dropped := i.keptLibraries(found.Packages)
	held := map[string]bool{}
	for _, l := range kept {
		for _, p := range l.Packages {
			held[p.Path] = true
		}
	}
	var fresh []build.Compiled
	for _, p := range found.Packages {
		if !w.Holds(p.ImportPath) && !held[p.ImportPath] {
			fresh = append(fresh, build.Compiled{Path: p.ImportPath, Name: p.Name, ID: p.ID(), Archive: p.Export, Dir: p.Dir, Imports: p.Imports})
		}
	}
	if len(fresh) > 0 {
		l, err := w.Library(ctx, fresh, kept)
		if err != nil {
			return err
		}
		kept = append(kept, l)
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fetched.libraries = kept
	i.fetched.take(w, r, found)
	if dropped {
		i.checker.importer = w.NewImporter(i.checker.fset, i.libraries)
	}
	i.checker.relative = i.fetched.paths
	asked := newSet(i.fetched.asked...)
	for _, p := range found.Packages {
		if asked.has[p.ImportPath] {
			i.checker.packages.add(p.Name, p.ImportPath)
		}
	}
	return nil
}

// keptLibraries are those whose packages are still what is wanted, and which need none that is not.
func (i *Interpreter) keptLibraries(packages []modules.Package) (kept []*build.Library, dropped bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	wanted := map[string]string{}
	for _, p := range packages {
		wanted[p.ImportPath] = p.ID()
	}
	gone := map[string]bool{}
	for _, l := range i.fetched.libraries {
		differs := func(p build.LibraryPackage) bool { return wanted[p.Path] != "" && wanted[p.Path] != p.ID }
		if slices.ContainsFunc(l.Packages, differs) || slices.ContainsFunc(l.Needs, func(id string) bool { return gone[id] }) {
			gone[l.ID] = true
			continue
		}
		kept = append(kept, l)
	}
	return kept, len(gone) > 0
}

// take notes what was found.
func (f *fetched) take(w Workspace, r modules.Request, found *modules.Found) {
	f.paths = maps.Clone(f.paths) // the editor services may be reading it
	maps.Copy(f.paths, found.Paths)
	for _, p := range found.Packages {
		if !w.Holds(p.ImportPath) {
			known := fetchedPackage{id: p.ID(), version: p.Version()}
			if p.Module != nil {
				known.module = p.Module.Path
			}
			f.packages[p.ImportPath] = known
		}
	}
	f.asked = newSet(append(f.asked, r.Import...)...).list
}

// libraries are those of the session. Interpreter.mu is held.
func (i *Interpreter) libraries() []*build.Library { return i.fetched.libraries }

// noteLoaded notes that the worker loads libraries, by their paths.
func (i *Interpreter) noteLoaded(paths []string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, path := range paths {
		i.fetched.loaded[path] = true
	}
}
