package build

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
	"time"
)

// LibraryFlags are those by which the packages of libraries have to be compiled, but for [Workspace.Overlay]:
// as the standard library is for the worker, and so that they refer to each other in ways that can be
// linked later.
func LibraryFlags() []string {
	return []string{
		"-gcflags=all=-linkshared -dynlink", "-gcflags=std=-linkshared",
		"-asmflags=all=-dynlink -linkshared -D=GOBUILDMODE_shared=1", "-asmflags=std=", "-pgo=off",
	}
}

// Overlay is the file that the go command's -overlay has to name when packages of libraries are compiled.
func (w *Workspace) Overlay() string { return w.overlay }

// A Compiled package is one that a library is made from.
type Compiled struct {
	Path    string
	Name    string
	ID      string // of the compiled code: packages with the same ID are the same
	Archive string // path of the compiled code
	Dir     string // of the source
	Imports []string
	// Files are paths of source files that are compiled if the library is not there yet, instead of Archive.
	Files []string
}

// A Library is a set of packages that the worker does not hold, linked into one image. It never changes.
// Units that import one of its packages name it in [Unit.Libraries].
type Library struct {
	ID       string
	Packages []LibraryPackage
	Needs    []string // IDs of the libraries that have to be loaded before it, in their order

	path    string // of the image
	exports *exportTable
}

// A LibraryPackage is a package of a library.
type LibraryPackage struct {
	Path string
	Name string
	ID   string
	Dir  string // of its source
}

// Close gives back what the library holds. Its files stay.
func (l *Library) Close() error { return l.exports.close() }

// Holds reports whether the worker holds a package, so that no library has to.
func (w *Workspace) Holds(path string) bool {
	return path == "unsafe" || w.held[path]
}

// Library links packages into a library, or finds it in the cache. The packages are in an order in which
// each comes after those that it imports; what they import besides is in the worker or in one of the given
// libraries.
func (w *Workspace) Library(ctx context.Context, packages []Compiled, others []*Library) (*Library, error) {
	needed := neededBy(packages, slices.Concat(w.extras, others))
	id := w.libraryID(packages, needed)
	dir := filepath.Join(w.dir, libraries, id)
	if l, err := openLibrary(dir); err == nil {
		now := time.Now()
		_ = os.Chtimes(dir, now, now) // of its last use: the oldest are removed some day
		return l, nil
	}
	temporary, err := os.MkdirTemp(w.tmp, "library-")
	if err != nil {
		return nil, fmt.Errorf("making a folder to build in: %w", err)
	}
	defer os.RemoveAll(temporary)
	s := &step{Workspace: w, id: id, dir: temporary, libraries: needed, lenient: true}
	if packages, err = s.compileSources(ctx, packages); err != nil {
		return nil, err
	}
	if err := s.buildLibrary(ctx, packages); err != nil {
		return nil, fmt.Errorf("linking %s: %w", describe(packages), err)
	}
	if err := s.keepLibrary(packages, dir); err != nil {
		return nil, fmt.Errorf("keeping the library of %s: %w", describe(packages), err)
	}
	return openLibrary(dir)
}

// describe names what was asked for: the last package, for the others are there because of it.
func describe(packages []Compiled) string { return packages[len(packages)-1].Path }

// neededBy are the libraries that hold what packages import, and those that these need, in their order.
func neededBy(packages []Compiled, others []*Library) []*Library {
	imports := map[string]bool{}
	for _, p := range packages {
		for _, path := range p.Imports {
			imports[path] = true
		}
	}
	return needed(imports, others)
}

// needed are the libraries that hold one of the packages, and those that these need, in their order.
func needed(imports map[string]bool, all []*Library) []*Library {
	wanted := map[string]bool{}
	var found []*Library
	for _, l := range slices.Backward(all) {
		if wanted[l.ID] || slices.ContainsFunc(l.Packages, func(p LibraryPackage) bool { return imports[p.Path] }) {
			found = append(found, l)
			for _, id := range l.Needs {
				wanted[id] = true
			}
		}
	}
	slices.Reverse(found)
	return found
}

// libraryID is a hash over all that decides what is built.
func (w *Workspace) libraryID(packages []Compiled, needed []*Library) string {
	h := sha256.New()
	fmt.Fprintln(h, w.id)
	for _, p := range packages {
		fmt.Fprintf(h, "%q %s %q\n", p.Path, p.ID, p.Files) // the paths are in what is compiled
	}
	for _, l := range needed {
		fmt.Fprintln(h, l.ID)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// buildLibrary links the packages as the Go linker links a shared library, so that nothing of them is
// left out, and makes an image of what it leaves.
func (s *step) buildLibrary(ctx context.Context, packages []Compiled) error {
	s.foreign = newForeign()
	args, config, refs, err := s.prepare(packages)
	if err != nil {
		return err
	}
	if !s.foreign.empty() {
		if err := s.linkForeign(ctx, s.foreign); err != nil {
			return err
		}
	}
	stub := newStub(s.toolchain.machine(), s.holders(), refs.undefined, s.missing(refs))
	if err := errors.Join(s.write("link.cfg", []byte(config)), s.write(stubName, stub)); err != nil {
		return err
	}
	out, err := s.tool(ctx, s.toolchain.tool("link"), append([]string{"-o", s.id, "-importcfg", "link.cfg", "-buildmode=shared",
		"-linkshared", "-w", "-s", "-tmpdir", s.dir, "-extld=" + s.toolchain.True}, args...)...)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return errors.Join(err, errors.New(out))
	}
	data, err := os.ReadFile(s.path("go.o"))
	if err != nil {
		return fmt.Errorf("reading the linker's output: %w", err)
	}
	p, err := s.place(data, nil, nil)
	if err == nil && !s.foreign.empty() {
		err = p.placeForeign(s.foreign, s.id)
	}
	if err != nil {
		return err
	}
	return errors.Join(s.write(libraryImage(s.id), p.image.Append(nil)), s.write(libraryExports, p.exports()))
}

// prepare writes the packages for the linker, and reads what they define and refer to.
func (s *step) prepare(packages []Compiled) (args []string, config string, refs *references, err error) {
	archives := make([][]byte, len(packages))
	refs = &references{}
	inSet := map[string]bool{}
	for n, p := range packages {
		inSet[p.Path] = true
		if archives[n], err = os.ReadFile(p.Archive); err != nil {
			return nil, "", nil, err
		}
		r, err := readReferences(archives[n])
		if err != nil {
			return nil, "", nil, fmt.Errorf("reading %s: %w", p.Path, err)
		}
		if err := s.takeForeign(s.foreign, archives[n]); err != nil {
			return nil, "", nil, fmt.Errorf("reading %s: %w", p.Path, err)
		}
		refs.defined = append(refs.defined, r.defined...)
		refs.undefined = append(refs.undefined, r.undefined...)
	}
	refs.undefined = compactReferences(refs.undefined)
	defined := refs.definitions()
	b := new(strings.Builder)
	for n, p := range packages {
		changed, err := dropMethods(archives[n], defined.has)
		if err != nil {
			return nil, "", nil, fmt.Errorf("reading %s: %w", p.Path, err)
		}
		archive := p.Archive
		if changed {
			name := fmt.Sprintf("package%d.a", n)
			if err := s.write(name, archives[n]); err != nil {
				return nil, "", nil, err
			}
			archive = s.path(name)
		}
		args = append(args, p.Path+"="+archive)
		fmt.Fprintf(b, "packagefile %s=%s\n", p.Path, archive)
	}
	for _, path := range s.importable() {
		if !inSet[path] {
			fmt.Fprintf(b, "packageshlib %s=%s\n", path, s.path(stubName))
		}
	}
	return args, b.String(), refs, nil
}

func compactReferences(refs []reference) []reference {
	seen := map[reference]bool{}
	return slices.DeleteFunc(refs, func(r reference) bool {
		known := seen[r]
		seen[r] = true
		return known
	})
}

// importable are the packages of the worker and of the step's libraries.
func (s *step) importable() []string {
	paths := sortedKeys(s.held)
	for _, l := range s.libraries {
		for _, p := range l.Packages {
			paths = append(paths, p.Path)
		}
	}
	return paths
}

// missing are functions that code refers to and nobody has: what it reaches for by linkname may not be
// there in this version of Go, and is not called then.
func (s *step) missing(refs *references) []reference {
	defined := refs.definitions()
	holders := s.holders()
	return slices.DeleteFunc(slices.Clone(refs.undefined), func(r reference) bool {
		if defined.has(r.name) || s.foreign.imports.has(r.name) || r.name == "" || strings.ContainsAny(r.name[:1], "/<$") || strings.HasPrefix(r.name, "type:") || strings.HasPrefix(r.name, "go:") || strings.HasSuffix(r.name, "..inittask") {
			return true
		}
		return slices.ContainsFunc(holders, func(h holder) bool { _, ok := h.find(r); return ok })
	})
}

// libraries is the folder of all libraries in a workspace.
const libraries = "libraries"

// Files of a library, in its folder.
const (
	libraryManifest = "manifest.json"
	libraryExports  = "exports"
	libraryTypes    = "types" // folder of the export data of its packages
)

func libraryImage(id string) string { return id + ".image" }

// keepLibrary puts what was built in its place, whole.
func (s *step) keepLibrary(packages []Compiled, dir string) error {
	l := Library{ID: s.id}
	for _, n := range s.libraries {
		l.Needs = append(l.Needs, n.ID)
	}
	whole := s.path("library")
	for n, p := range packages {
		l.Packages = append(l.Packages, LibraryPackage{Path: p.Path, Name: p.Name, ID: p.ID, Dir: p.Dir})
		if err := keepExport(p.Archive, filepath.Join(whole, libraryTypes, typesFile(n))); err != nil {
			return fmt.Errorf("keeping the export data of %s: %w", p.Path, err)
		}
	}
	manifest, err := json.Marshal(l)
	if err != nil {
		return err
	}
	err = errors.Join(s.write("library/"+libraryManifest, manifest),
		os.Rename(s.path(libraryExports), filepath.Join(whole, libraryExports)),
		os.Rename(s.path(libraryImage(s.id)), filepath.Join(whole, libraryImage(s.id))),
		os.MkdirAll(filepath.Dir(dir), 0o755))
	if !s.foreign.empty() {
		err = errors.Join(err, os.Rename(s.path(libraryObject(s.id)), filepath.Join(whole, libraryObject(s.id))))
	}
	if err != nil {
		return err
	}
	if err := os.Rename(whole, dir); err != nil && !errors.Is(err, os.ErrExist) { // another process was quicker
		return err
	}
	return nil
}

func typesFile(n int) string { return fmt.Sprintf("%d.x", n) }

func openLibrary(dir string) (*Library, error) {
	data, err := os.ReadFile(filepath.Join(dir, libraryManifest))
	if err != nil {
		return nil, err
	}
	l := &Library{}
	if err := json.Unmarshal(data, l); err != nil {
		return nil, err
	}
	l.path = filepath.Join(dir, libraryImage(l.ID))
	if _, err := os.Stat(l.path); err != nil {
		return nil, err
	}
	l.exports, err = openExports(filepath.Join(dir, libraryExports))
	return l, err
}

// Path is the library's image.
func (l *Library) Path() string { return l.path }

// exportFile is the export data of a package, and "" if the library does not have it.
func (l *Library) exportFile(path string) string {
	n := slices.IndexFunc(l.Packages, func(p LibraryPackage) bool { return p.Path == path })
	if n < 0 {
		return ""
	}
	return filepath.Join(filepath.Dir(l.path), libraryTypes, typesFile(n))
}
