package interpreter

import (
	"context"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/interpreter/modules"
)

// A Finder finds packages of modules; a [modules.Session] is one.
type Finder interface {
	Resolve(ctx context.Context, r modules.Request, progress modules.Progress) (*modules.Found, error)
	Close() error
}

// fetched are the packages of modules that the session has. Interpreter.mu guards it.
type fetched struct {
	asked     []string                  // import paths that cells asked for, as they stood there
	paths     map[string]string         // of those that are relative, the full ones
	packages  map[string]fetchedPackage // by import path
	libraries []*build.Library          // in the order in which they are loaded
	loaded    map[string]bool           // paths of the libraries that the worker may have loaded
	anew      bool                      // all is to be found again: the worker is a new one, at the user's wish

	python     map[string]string // IDs of the libraries for Python modules, by import path
	pythonAnew bool              // as anew
}

func newFetched() fetched {
	return fetched{packages: map[string]fetchedPackage{}, paths: map[string]string{}, loaded: map[string]bool{}, python: map[string]string{}}
}

// full is the import path of a path that stands in a cell.
func (f *fetched) full(path string) string {
	if full := f.paths[path]; full != "" {
		return full
	}
	return path
}

// A fetchedPackage is one that a library of the session has.
type fetchedPackage struct {
	id      string // of its code
	module  string // path of its module
	version string // empty for a local package, whose source may change
}

// local reports whether the source may change.
func (p fetchedPackage) local() bool { return p.version == "" }

// wanted are the import paths of a cell for which the finder has to be asked, with the offsets where
// they stand: those of modules that are not there yet, and those of packages that may have changed.
func (i *Interpreter) wanted(w Workspace, c Cell) map[string]int {
	i.mu.Lock()
	defer i.mu.Unlock()
	wanted := map[string]int{}
	for path, at := range importsOf(c.Source) {
		p, known := i.fetched.packages[i.fetched.full(path)]
		if !w.Holds(path) && path != "C" && !isPython(path) && (!known || p.local()) {
			wanted[path] = at
		}
	}
	return wanted
}

// importsOf are the import paths that stand in a cell, with their offsets. A cell that does not parse
// has none: it fails anyway.
func importsOf(source string) map[string]int {
	found := map[string]int{}
	items, err := split(source)
	if err != nil {
		return found
	}
	const header = "package p;"
	for _, item := range items {
		if item.keyword != token.IMPORT {
			continue
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "", header+source[item.code:item.end], parser.ImportsOnly)
		if err != nil {
			continue
		}
		for _, s := range file.Imports {
			if path, err := strconv.Unquote(s.Path.Value); err == nil {
				found[path] = item.code + fset.Position(s.Path.Pos()).Offset - len(header)
			}
		}
	}
	return found
}

// fetch gets the packages that a cell imports, and the modules that its commands ask for.
func (i *Interpreter) fetch(ctx context.Context, w Workspace, c Cell, get []lineCommand, out Output) error {
	wanted := i.wanted(w, c)
	if len(wanted) == 0 && len(get) == 0 && !i.fetched.anew {
		return nil
	}
	finder := i.opening.finder
	switch {
	case finder == nil && len(get) > 0:
		return c.fail(get[0].at, "this session has no modules")
	case finder == nil:
		return nil // the type-checker will say what is not there
	}
	request := i.request(wanted, get)
	p := newFetchProgress(out)
	defer p.end()
	found, err := finder.Resolve(ctx, request, p.tell)
	i.fetched.anew = false
	if err != nil && len(wanted) == 0 && len(get) == 0 && ctx.Err() == nil {
		// The cell asks for nothing new, and what was found before is still there.
		out.Stream("stderr", "note: modules could not be looked for again: "+err.Error()+"\n")
		return nil
	}
	if err != nil {
		return i.notFound(c, wanted, get, err)
	}
	if changes := i.changed(found.Packages); len(changes) > 0 {
		p.end()
		held, err := i.holdLoaded(ctx, request, changes, p.tell)
		if err != nil {
			return err
		}
		if held != nil {
			found = held
			out.Stream("stderr", heldNotice(changes))
		} else if err := i.offerRestart(ctx, out, changes); err != nil {
			return i.notFound(c, wanted, get, err)
		}
	}
	if err := i.adopt(ctx, w, request, found); err != nil {
		return err
	}
	return found.Keep()
}

// request is for all packages that the session's cells have asked for, so that it becomes known when the
// version of one changes.
func (i *Interpreter) request(wanted map[string]int, get []lineCommand) modules.Request {
	i.mu.Lock()
	defer i.mu.Unlock()
	asked := newSet()
	for _, path := range i.fetched.asked {
		if i.fetched.anew || !i.fetched.packages[i.fetched.full(path)].local() { // those are looked at again when a cell imports them again
			asked.add(path)
		}
	}
	for _, path := range slices.Sorted(maps.Keys(wanted)) {
		asked.add(path)
	}
	r := modules.Request{Import: asked.list, Anew: i.fetched.anew}
	for _, c := range get {
		r.Get = append(r.Get, c.args...)
	}
	return r
}

// notFound puts an error where the cell asks for what was not found.
func (i *Interpreter) notFound(c Cell, wanted map[string]int, get []lineCommand, err error) error {
	var problem *modules.Error
	if !errors.As(err, &problem) {
		return err
	}
	for path, at := range wanted {
		if strings.HasPrefix(path+"/", problem.Path+"/") || len(wanted) == 1 && len(get) == 0 {
			return c.fail(at, "could not import "+problem.Error())
		}
	}
	if len(get) > 0 {
		return c.fail(get[0].at, "could not get "+problem.Error())
	}
	return c.fail(slices.Min(slices.Collect(maps.Values(wanted))), "could not import "+problem.Error())
}

// A change is a package that is loaded, and not as it is wanted now.
type change struct {
	path           string
	module         string
	loaded, wanted string // versions; empty for local packages
}

func (c change) String() string {
	if c.loaded == c.wanted {
		return c.path + " has changed since it was loaded"
	}
	return fmt.Sprintf("%s %s is loaded, and %s is wanted", c.module, c.loaded, c.wanted)
}

// changeText says what has changed: modules, or else packages. What imports a package that has changed is
// another one too, which nobody wants to know.
func changeText(changes []change) string {
	texts := newSet()
	for _, versions := range []bool{true, false} {
		for _, c := range changes {
			if (c.loaded != c.wanted) == versions && (versions || c.loaded == "") {
				texts.add(c.String())
			}
		}
	}
	if len(texts.list) == 0 {
		return changes[0].String()
	}
	return strings.Join(texts.list, "; ")
}

// changed are the packages that the worker has loaded and that are to be others now.
func (i *Interpreter) changed(packages []modules.Package) []change {
	i.mu.Lock()
	defer i.mu.Unlock()
	var changes []change
	loaded := map[string]bool{}
	for _, l := range i.fetched.libraries {
		for _, p := range l.Packages {
			loaded[p.Path] = loaded[p.Path] || i.fetched.loaded[l.Path()]
		}
	}
	for _, p := range packages {
		known, ok := i.fetched.packages[p.ImportPath]
		if ok && known.id != p.ID() && loaded[p.ImportPath] {
			changes = append(changes, change{p.ImportPath, known.module, known.version, p.Version()})
		}
	}
	return changes
}

// holdLoaded looks for the packages again, with the versions of modules that the worker has loaded: what
// is imported now mostly does with a somewhat older version of what it shares with what was imported
// before, and then nobody has to lose variables. It finds nothing where a version was asked for, where no
// versions differ, and where the packages do not compile then.
func (i *Interpreter) holdLoaded(ctx context.Context, r modules.Request, changes []change, progress modules.Progress) (*modules.Found, error) {
	held := newSet()
	for _, c := range changes {
		if c.loaded != c.wanted && c.loaded != "" {
			held.add(c.module + "@" + c.loaded)
		}
	}
	if len(r.Get) > 0 || len(held.list) == 0 {
		return nil, nil
	}
	r.Hold = held.list
	found, err := i.opening.finder.Resolve(ctx, r, progress)
	if err != nil || len(i.changed(found.Packages)) > 0 {
		return nil, ctx.Err()
	}
	return found, nil
}

func heldNotice(changes []change) string {
	texts := newSet()
	for _, c := range changes {
		if c.loaded != c.wanted {
			texts.add(fmt.Sprintf("note: %s stays at %s, which is loaded; %s is asked for now, and taken after %%restart\n", c.module, c.loaded, c.wanted))
		}
	}
	return strings.Join(texts.list, "")
}

// offerRestart asks whether the worker may be replaced, for one that runs cannot exchange packages.
func (i *Interpreter) offerRestart(ctx context.Context, out Output, changes []change) error {
	problem := changeText(changes)
	answer, err := out.Input(ctx, problem+".\nThat needs a new worker: all variables are lost. Restart it now? [y/N] ", false)
	if answer = strings.ToLower(strings.TrimSpace(answer)); err == nil && (answer == "y" || answer == "yes") {
		return i.restart(ctx, out)
	}
	return &modules.Error{Path: changes[0].path, Problem: problem,
		Fix: "A worker cannot exchange a package while it runs. Run %restart, which loses all variables and keeps types, functions and imports, and then this cell again."}
}
