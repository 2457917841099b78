package build

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A Unit is the source of one package main.
type Unit struct {
	Files []File
	// Imports are the import paths of the files. Those of [Linked] are among them always.
	Imports []string
	// Types gives each type that the unit declares an identity: a hash of what it consists of.
	// A type declared in a function goes by its name and its number among all such types of the
	// unit, in the order of the source: T·1.
	Types map[string]string
	// Embed are the files that directives //go:embed of the unit stand for.
	Embed Embed
	// Libraries are those that the session uses, in the order in which they are loaded. Of these the unit
	// gets those that it needs.
	Libraries []*Library
	// Bodyless is set if functions of the unit have no body: a directive says what they are.
	Bodyless bool
	// Label is what the unit is called where tools see it; it has no meaning.
	Label string
}

// An Embed says which files are embedded.
type Embed struct {
	Patterns map[string][]string // names of files, by the pattern that stands for them
	Files    map[string]string   // paths, by name
}

// A File is one source file of a unit.
type File struct {
	Name string
	Text string
}

// An Object is a file that the worker can load.
type Object struct {
	ID     string // hash of all that was compiled
	Path   string
	Cached bool // it was there already
	// Needs are the paths of the libraries that have to be loaded before, in their order.
	Needs []string
}

// Linked are the packages that each unit has to import, if only by name: the runtime compares
// their fingerprints when it loads the unit.
var Linked = []string{"runtime", "runtime/cgo"}

// A CompileError is what the compiler said about a unit.
type CompileError struct{ Output string }

func (e *CompileError) Error() string { return "compile: " + e.Output }

// Build compiles and links a unit, or finds it in the cache. The error is a [*CompileError] where
// the source is wrong, and names the folder where the disk is full or not writable.
func (w *Workspace) Build(ctx context.Context, u Unit) (Object, error) {
	libraries := u.needed(w.extras)
	id := w.hash(u, libraries)
	object := Object{ID: id, Path: filepath.Join(w.dir, "cells", id[:2], id+".image")}
	for _, l := range libraries {
		object.Needs = append(object.Needs, l.Path())
	}
	release, err := w.building.take(ctx, id)
	if err != nil {
		return Object{}, err
	}
	defer release()
	// The time is that of its last use: the oldest objects are removed some day.
	if now := time.Now(); os.Chtimes(object.Path, now, now) == nil {
		object.Cached = true
		return object, nil
	}
	dir, err := os.MkdirTemp(w.tmp, "cell-")
	if err != nil {
		return Object{}, fmt.Errorf("making a folder to build in: %w", err)
	}
	defer os.RemoveAll(dir)
	s := &step{Workspace: w, id: id, dir: dir, libraries: libraries}
	linked, err := s.run(ctx, u)
	if err != nil {
		return Object{}, err
	}
	// Written elsewhere and renamed, so that another process never sees half of it.
	if err := errors.Join(os.MkdirAll(filepath.Dir(object.Path), 0o755), os.Rename(linked, object.Path)); err != nil {
		return Object{}, fmt.Errorf("keeping a built cell: %w", err)
	}
	return object, nil
}

// needed are the libraries that the unit needs, among them some that a workspace always has.
func (u Unit) needed(extras []*Library) []*Library {
	imports := map[string]bool{}
	for _, path := range u.Imports {
		imports[path] = true
	}
	return needed(imports, slices.Concat(extras, u.Libraries))
}

// hash is over all that decides what is built.
func (w *Workspace) hash(u Unit, libraries []*Library) string {
	h := sha256.New()
	fmt.Fprintf(h, "%s %q\n", w.id, u.Imports)
	for _, l := range libraries {
		fmt.Fprintln(h, l.ID)
	}
	for _, f := range u.Files {
		fmt.Fprintf(h, "%q %q\n", f.Name, f.Text)
	}
	for _, name := range sortedKeys(u.Types) {
		fmt.Fprintf(h, "%q %q\n", name, u.Types[name])
	}
	for _, name := range sortedKeys(u.Embed.Files) {
		data, _ := os.ReadFile(u.Embed.Files[name]) // the compiler says why it cannot be read
		fmt.Fprintf(h, "%q %d %s\n", name, len(data), data)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// A step is one build, in a folder of its own.
type step struct {
	*Workspace
	id        string
	dir       string
	libraries []*Library // that what is built needs
	lenient   bool       // what nobody has may be missing
	foreign   *foreign   // C code, of a library
}

// holders are what the step's code is linked against.
func (s *step) holders() []holder {
	list := []holder{s.symbols}
	for _, l := range s.libraries {
		list = append(list, l.exports)
	}
	return list
}

// run builds a unit. An error may be one of a toolchain that is another by now.
func (s *step) run(ctx context.Context, u Unit) (path string, err error) {
	path, err = s.make(ctx, u)
	if err != nil && ctx.Err() == nil {
		err = cmp.Or(s.toolchain.changed(ctx), err)
	}
	return path, err
}

func (s *step) make(ctx context.Context, u Unit) (path string, err error) {
	archive, err := s.compile(ctx, u)
	if err != nil {
		return "", err
	}
	refs, err := readReferences(archive)
	if err != nil {
		return "", fmt.Errorf("reading what was compiled: %w", err)
	}
	if err := s.link(ctx, u, archive, refs); err != nil {
		return "", err
	}
	return s.finish(u, refs)
}

func (s *step) path(name string) string { return filepath.Join(s.dir, name) }

func (s *step) write(name string, data []byte) error {
	if err := os.WriteFile(s.path(name), data, 0o644); err != nil {
		return fmt.Errorf("writing in the folder of built cells: %w", err)
	}
	return nil
}

// tool runs a program of the toolchain in the folder of the build. Its garbage collector is off:
// the program ends before collecting would pay.
func (s *step) tool(ctx context.Context, program string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = s.dir
	cmd.Env = append(slices.Clone(s.toolchain.Env), "GOGC=off", "TMPDIR="+s.dir, "LC_ALL=C")
	out, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	return strings.TrimSpace(string(out)), err
}

// compile compiles the unit. Every package of the worker is compiled with -linkshared, and so is a
// unit: without it an object refers to other packages' symbols by their place in that package's
// object file, which the linker would have to load.
func (s *step) compile(ctx context.Context, u Unit) ([]byte, error) {
	config, err := s.importConfig()
	if err != nil {
		return nil, err
	}
	args := []string{"-o", "unit.a", "-p", "main", "-lang=" + s.language, "-dynlink", "-linkshared", "-dwarf=false",
		"-importcfg", config, "-trimpath", s.dir, "-pack"}
	if !u.Bodyless {
		args = append(args, "-complete")
	}
	if len(u.Embed.Files) > 0 {
		config, err := json.Marshal(u.Embed)
		if err := errors.Join(err, s.write("embed.cfg", config)); err != nil {
			return nil, err
		}
		args = append(args, "-embedcfg", "embed.cfg")
	}
	for _, f := range u.Files {
		if err := s.write(f.Name, []byte(f.Text)); err != nil {
			return nil, err
		}
		args = append(args, f.Name)
	}
	if err := s.compiler(ctx, args); err != nil {
		return nil, err
	}
	return os.ReadFile(s.path("unit.a"))
}

func (s *step) compiler(ctx context.Context, args []string) error {
	out, err := s.tool(ctx, s.toolchain.tool("compile"), args...)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil && out != "":
		return &CompileError{Output: out}
	case err != nil:
		return fmt.Errorf("running the compiler: %w", err)
	}
	return nil
}

// importConfig is the path of a file that says where the compiler finds packages.
func (s *step) importConfig() (string, error) {
	if len(s.libraries) == 0 {
		return s.compileConfig, nil
	}
	config, err := os.ReadFile(s.compileConfig)
	if err != nil {
		return "", err
	}
	for _, l := range s.libraries {
		for _, p := range l.Packages {
			config = fmt.Appendf(config, "packagefile %s=%s\n", p.Path, l.exportFile(p.Path))
		}
	}
	return s.path("import.cfg"), s.write("import.cfg", config)
}

// link runs the Go linker against a stub. What it leaves in its folder, go.o, is what we want; the
// external linker that it calls is `true`, so what it would have made is never there.
func (s *step) link(ctx context.Context, u Unit, archive []byte, refs *references) error {
	changed, err := dropMethods(archive, refs.definitions().has)
	if err == nil && changed {
		err = s.write("unit.a", archive)
	}
	if err != nil {
		return fmt.Errorf("reading what was compiled: %w", err)
	}
	config := new(strings.Builder)
	fmt.Fprintf(config, "packagefile main=%s\n", s.path("unit.a"))
	for _, list := range [][]string{Linked, u.Imports} {
		for _, p := range list {
			fmt.Fprintf(config, "packageshlib %s=%s\n", p, s.path(stubName))
		}
	}
	err = errors.Join(s.write("link.cfg", []byte(config.String())), s.write(stubName, newStub(s.toolchain.machine(), s.holders(), refs.undefined, nil)))
	if err != nil {
		return err
	}
	out, err := s.tool(ctx, s.toolchain.tool("link"), "-o", s.id, "-importcfg", "link.cfg", "-pluginpath", "main", "-buildmode=plugin",
		"-linkshared", "-w", "-s", "-tmpdir", s.dir, "-extld="+s.toolchain.True, "unit.a")
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil || out != "" {
		return fmt.Errorf("linking %s: %w", u.Label, errors.Join(err, errors.New(out)))
	}
	return nil
}

// finish makes an image of the linker's output.
func (s *step) finish(u Unit, refs *references) (string, error) {
	data, err := os.ReadFile(s.path("go.o"))
	if err != nil {
		return "", fmt.Errorf("reading the linker's output: %w", err)
	}
	placed, err := s.place(data, u.Types, refs.defined)
	if err != nil {
		return "", fmt.Errorf("linking %s: %w", u.Label, err)
	}
	return s.path("unit.image"), s.write("unit.image", placed.image.Append(nil))
}
