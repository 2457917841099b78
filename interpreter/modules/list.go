package modules

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// A Package is one that was found.
type Package struct {
	ImportPath string
	Name       string
	Dir        string // of its source
	Export     string // the compiled archive
	Standard   bool   // it is of the standard library
	Module     *Module
	Imports    []string // import paths, as they were resolved
	CgoFiles   []string // names of the files with C code

	DepOnly bool     // nobody asked for it, but others import it
	Match   []string // what asked for it
	Error   *struct{ Err string }
}

// A Module is what a package is part of.
type Module struct {
	Path    string
	Version string // empty if it is the user's own
	Main    bool
	Replace *Module
}

// ID names the compiled code: packages with the same ID are the same.
func (p *Package) ID() string {
	return strings.TrimSuffix(filepath.Base(p.Export), "-d") // the go command's cache goes by the content's hash
}

// Local reports whether the source may change at any time, because it is not that of a version.
func (p *Package) Local() bool {
	if p.Standard || p.Module == nil {
		return !p.Standard
	}
	return p.Module.Main || p.Module.Replace != nil && p.Module.Replace.Version == ""
}

// Version is that of the package's module; empty for a local package and one of the standard library.
func (p *Package) Version() string {
	switch {
	case p.Standard || p.Local():
		return ""
	case p.Module.Replace != nil:
		return p.Module.Replace.Version
	}
	return p.Module.Version
}

// String is the package's module with the version, or the import path of a local one.
func (p *Package) String() string {
	if version := p.Version(); version != "" {
		return p.Module.Path + " " + version
	}
	return p.ImportPath
}

// canBeFetched reports whether a package that was not found may be that of a module which is not used yet.
func (p *Package) canBeFetched() bool {
	first, _, _ := strings.Cut(p.ImportPath, "/")
	return strings.Contains(first, ".") && saysAny(p.Error.Err, "no required module provides package", "cannot find module providing package") &&
		!strings.Contains(p.Error.Err, "-mod=vendor")
}

// byChance reports whether a package was asked for and has a version that nobody chose: some other
// module names it, maybe for its tests.
func (p *Package) byChance(chosen []string) bool {
	switch {
	case p.DepOnly || p.Standard:
		return false
	case p.Error != nil:
		return p.lacksSums() // it was never got
	case p.Module == nil || p.Local():
		return false
	}
	return !slices.ContainsFunc(chosen, func(path string) bool {
		return path == p.Module.Path || strings.HasPrefix(path, p.Module.Path+"/")
	})
}

// lacksSums reports whether the go command did not look for a package because a go.sum is not complete.
func (p *Package) lacksSums() bool { return lacksSums(p.Error.Err) }

func lacksSums(said string) bool {
	return saysAny(said, "missing go.sum entry", "updates to go.mod needed")
}

func saysAny(said string, words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(said, w) })
}

// find looks packages up, and all that they import, without compiling and without fetching modules.
func (t *trial) find(ctx context.Context, paths []string) ([]Package, error) {
	args := append([]string{"list", "-e", "-deps", "-json=ImportPath,Name,DepOnly,Match,Standard,Module,Error"}, t.flags()...)
	return t.list(ctx, append(args, paths...), paths)
}

// compile compiles packages, and lists them and all that they import. Where the user's go.sum is not
// complete the session's is.
func (t *trial) compile(ctx context.Context, paths []string) ([]Package, error) {
	found, err := t.compileAsIs(ctx, paths)
	if err == nil || t.state != nil || t.place.vendored() || !lacksSums(err.Error()) {
		return found, err
	}
	if err := t.own(ctx); err != nil {
		return nil, err
	}
	return t.compileAsIs(ctx, paths)
}

func (t *trial) compileAsIs(ctx context.Context, paths []string) ([]Package, error) {
	args := append([]string{"list", "-v", "-export", "-deps", "-json=ImportPath,Name,Dir,Export,Standard,Module,Imports,CgoFiles"}, t.compileFlags()...)
	found, err := t.list(ctx, append(args, paths...), paths)
	return slices.DeleteFunc(found, func(p Package) bool { return p.Standard }), err
}

func (t *trial) list(ctx context.Context, args, paths []string) ([]Package, error) {
	out, err := t.command(ctx, t.listDir(), args...)
	if err != nil {
		return nil, t.failure(paths[0], err)
	}
	var list []Package
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list, nil
		} else if err != nil {
			return nil, fmt.Errorf("reading what go list says: %w", err)
		}
		list = append(list, p)
	}
}
