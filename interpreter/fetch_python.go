package interpreter

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/interpreter/pygen"
)

// A Generator has Go packages for Python modules; a [pygen.Store] is one.
type Generator interface {
	// Package returns the package of a module. If Python has to be asked for it, reading is called first.
	Package(ctx context.Context, module string, reading func()) (*pygen.Package, error)
	// Modules lists the modules in a package, or those that stand alone if the package is "".
	Modules(ctx context.Context, in string) ([]string, error)
}

// isPython reports whether an import path stands for a Python module.
func isPython(path string) bool {
	_, ok := pygen.ModuleOf(path)
	return ok
}

// fetchPython gets the packages of Python modules that a cell imports, each as a library of its own. One that the
// session has stays as it is, as the module does in the running Python, until there is a new worker.
func (i *Interpreter) fetchPython(ctx context.Context, w Workspace, c Cell, out Output) error {
	wanted := i.wantedPython(c)
	for _, path := range slices.Sorted(maps.Keys(wanted)) {
		l, err := i.pythonLibrary(ctx, w, path, out)
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil && wanted[path] < 0: // it was found before, and the cell may not need it
			out.Stream("stderr", "note: "+path+" could not be looked for again: "+err.Error()+"\n")
		case err != nil:
			return c.fail(wanted[path], "could not import "+path+": "+err.Error())
		default:
			i.adoptPython(w, path, l)
		}
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fetched.pythonAnew = false
	return nil
}

// wantedPython are the import paths of Python modules that are to be looked for, with the offsets where they stand in
// the cell, -1 for those that do not.
func (i *Interpreter) wantedPython(c Cell) map[string]int {
	i.mu.Lock()
	defer i.mu.Unlock()
	wanted := map[string]int{}
	if i.fetched.pythonAnew {
		for path := range i.fetched.python {
			wanted[path] = -1
		}
	}
	for path, at := range importsOf(c.Source) {
		if isPython(path) && (i.fetched.python[path] == "" || i.fetched.pythonAnew) {
			wanted[path] = at
		}
	}
	return wanted
}

// explainAfter is how long a cell waits without saying for what. Most packages are compiled before.
const explainAfter = time.Second

func (i *Interpreter) pythonLibrary(ctx context.Context, w Workspace, path string, out Output) (*build.Library, error) {
	if i.opening.python == nil {
		return nil, errors.New("this session has no packages for Python modules")
	}
	module, _ := pygen.ModuleOf(path)
	if proper := pygen.ImportPath(module); proper != path {
		return nil, fmt.Errorf("write it as %q", proper)
	}
	p, err := i.opening.python.Package(ctx, module, func() { out.Stream("stderr", "reading Python's "+module+"\n") })
	if err != nil {
		return nil, err
	}
	slow := time.AfterFunc(explainAfter, func() { out.Stream("stderr", "compiling the package of Python's "+module+"\n") })
	defer slow.Stop()
	return w.Library(ctx, []build.Compiled{{Path: path, Name: p.Name, ID: p.ID, Dir: p.Dir, Files: []string{p.File}}}, nil)
}

// adoptPython makes a library part of the session, in place of the one that was there for the same path.
func (i *Interpreter) adoptPython(w Workspace, path string, l *build.Library) {
	i.mu.Lock()
	defer i.mu.Unlock()
	before := i.fetched.python[path]
	if before == l.ID {
		return
	}
	// A copy: completion may be reading the list.
	libraries := slices.DeleteFunc(slices.Clone(i.fetched.libraries), func(other *build.Library) bool { return other.ID == before })
	i.fetched.libraries = append(libraries, l)
	i.fetched.python[path] = l.ID
	if before != "" {
		i.checker.importer = w.NewImporter(i.checker.fset, i.libraries)
	}
}

// listTime is how long completion may wait for Python to list its modules.
const listTime = 2 * time.Second

// pythonPaths are the import paths of the Python modules that may be meant where the beginning of one stands.
func (i *Interpreter) pythonPaths(ctx context.Context, beginning string) []string {
	module, ok := pygen.ModuleOf(beginning)
	if !ok || !i.opening.mu.TryLock() { // the workspace is being made
		return nil
	}
	python := i.opening.python
	i.opening.mu.Unlock()
	if python == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, listTime)
	defer cancel()
	in := module[:max(0, strings.LastIndexByte(module, '.'))]
	names, err := python.Modules(ctx, in)
	if err != nil {
		return nil // the import will say it
	}
	var paths []string
	for _, name := range names {
		paths = append(paths, pygen.ImportPath(strings.TrimPrefix(in+"."+name, ".")))
	}
	return paths
}
