package build

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"
)

// Config says what a workspace is made from.
type Config struct {
	// Sources is the source of the worker: the files of a module that needs nothing but the standard
	// library, without its go.mod, and with a main package at WorkerPackage.
	Sources fs.FS
	// Module is the import path of that module.
	Module string
	// WorkerPackage is the folder of the worker's main package in Sources.
	WorkerPackage string
	// Offered are import paths of packages in Sources that units may import.
	Offered []string
	// Version of the kernel; it becomes part of the folder's name.
	Version string
	// Dir holds the workspaces. Empty means gopy-kernel in the user's cache folder.
	Dir string
	// Toolchain is found by FindToolchain if nil.
	Toolchain *Toolchain
	// Emulator is a command that runs programs for the toolchain's target, as `go test -exec` has it. Empty
	// means that the system runs them.
	Emulator []string
	// Progress is told, while a workspace is made, what is being done. It may be nil.
	Progress func(text string)
}

// A Workspace is a folder with the worker, the export data of the packages that it offers, and the
// objects that were built for it.
type Workspace struct {
	dir           string
	tmp           string // folder that builds make theirs in; on the same file system as dir
	id            string
	language      string // go1.26
	compileConfig string // path of the compiler's import configuration
	overlay       string // path of the list of files that stand in for those of the standard library
	toolchain     *Toolchain
	symbols       *symbolTable
	packages      []Package
	held          map[string]bool // import paths of all packages
	extras        []*Library      // of packages that are not linked into the worker
	lock          *fileLock
	building      *turns
}

// manifest is the file that is written last, when a workspace is complete.
type manifest struct {
	ID       string
	Go       string
	Packages []Package
	Extras   []string // IDs of libraries
}

// Open opens the workspace for the given sources and the Go toolchain of this machine. The first
// time it makes it, which takes a minute: the standard library is compiled for linking with units.
// Several processes may open one at the same time; one makes it, the others wait.
// The error is a [*MissingToolError] where a program is missing, a [*MachineError] for a processor that cells are
// not linked for, and names the folder where the disk is full or not writable.
func Open(ctx context.Context, c Config) (*Workspace, error) {
	if c.Progress == nil {
		c.Progress = func(string) {}
	}
	if c.Toolchain == nil {
		t, err := FindToolchain(ctx, "")
		if err != nil {
			return nil, err
		}
		c.Toolchain = t
	}
	if c.Toolchain.machine() == nil {
		return nil, &MachineError{c.Toolchain.Arch}
	}
	dir, id, err := c.folder()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, "tmp"), 0o755); err != nil {
		return nil, fmt.Errorf("making the cache folder: %w", err)
	}
	if c.Toolchain, err = c.Toolchain.outOfModuleCache(filepath.Dir(dir)); err != nil {
		return nil, err
	}
	w := &Workspace{building: new(turns), dir: dir, tmp: filepath.Join(dir, "tmp"), id: id, toolchain: c.Toolchain, language: language(c.Toolchain.Version), compileConfig: filepath.Join(dir, "import.cfg"),
		overlay: filepath.Join(dir, "overlay", "overlay.json")}
	if w.lock, err = openLock(filepath.Join(dir, "lock")); err != nil {
		return nil, fmt.Errorf("locking the cache folder: %w", err)
	}
	if err := w.loadOrMake(ctx, c); err != nil {
		return nil, errors.Join(err, w.lock.Close())
	}
	go w.prune() // ends by itself, soon
	return w, nil
}

// loadOrMake reads the workspace, and makes it first if it is not there. As long as it is open the
// lock is held, so that no other process removes the folder.
func (w *Workspace) loadOrMake(ctx context.Context, c Config) error {
	if w.lock.share(ctx) == nil && w.load() == nil {
		return nil
	}
	if w.lock.tryExclude() != nil {
		c.Progress("waiting for another process that makes the workspace " + w.dir)
		if err := w.lock.exclude(ctx); err != nil {
			return fmt.Errorf("locking the cache folder: %w", err)
		}
	}
	if w.load() != nil { // no other process made it while we waited
		if err := (&maker{config: c, Workspace: w}).run(ctx); err != nil {
			w.noteUnfit(err)
			return fmt.Errorf("making the workspace %s: %w", w.dir, err)
		}
		if err := w.load(); err != nil {
			return err
		}
	}
	return w.lock.share(ctx)
}

// Close gives back what the workspace holds. The folder stays.
func (w *Workspace) Close() error {
	err := errors.Join(w.symbols.close(), w.lock.Close())
	for _, l := range w.extras {
		err = errors.Join(err, l.Close())
	}
	return err
}

// Dir is the workspace's folder.
func (w *Workspace) Dir() string { return w.dir }

// Worker is the path of the worker program.
func (w *Workspace) Worker() string { return filepath.Join(w.dir, "worker") }

// Toolchain is what the workspace is built with.
func (w *Workspace) Toolchain() *Toolchain { return w.toolchain }

// Packages are all that units may import.
func (w *Workspace) Packages() []Package { return w.packages }

// Language is the version of Go that units are written in, such as go1.26.
func (w *Workspace) Language() string { return w.language }

func (w *Workspace) load() error {
	m, err := readManifest(w.dir, w.id)
	if err != nil {
		return err
	}
	w.packages = m.Packages
	w.held = make(map[string]bool, len(m.Packages))
	for _, p := range m.Packages {
		w.held[p.Path] = true
	}
	w.extras = nil
	if err := w.openExtras(m.Extras); err != nil {
		return err
	}
	w.symbols, err = openSymbols(w.Worker(), w.toolchain)
	return err
}

// folder is where the workspace is, or will be, and its id.
func (c Config) folder() (dir, id string, err error) {
	base, err := c.base()
	if err != nil {
		return "", "", err
	}
	if id, err = c.id(); err != nil {
		return "", "", err
	}
	return filepath.Join(base, strings.Join([]string{c.Version, c.Toolchain.Version, id[:12]}, "-")), id, nil
}

// base is the folder that holds the workspaces.
func (c Config) base() (string, error) {
	if c.Dir != "" {
		return filepath.Abs(c.Dir)
	}
	cache, err := os.UserCacheDir()
	if u, unknown := user.Current(); err != nil && unknown == nil && u.HomeDir != "" {
		return filepath.Join(u.HomeDir, ".cache", "gopy-kernel"), nil // a service without HOME
	}
	if err != nil {
		return "", fmt.Errorf("looking for a cache folder: %w; set XDG_CACHE_HOME to a folder that you can write", err)
	}
	return filepath.Join(cache, "gopy-kernel"), nil
}

// format is part of what names a workspace. Raise it when what this package generates or mends changes.
const format = 10

// id is a hash over all that decides what the worker and the packages become.
func (c Config) id() (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%d %q %q %q %q %q %q %q %q\n", format, c.Version, c.Module, c.Toolchain.Version, c.Toolchain.GOROOT, c.Offered,
		c.Toolchain.Arch, os.Getenv("GOAMD64"), os.Getenv("GOARM64"))
	for _, i := range insertions {
		fmt.Fprintf(h, "%q\n", i)
	}
	for _, sources := range []fs.FS{overlayFiles, c.Sources} {
		if err := hashFiles(h, sources); err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func hashFiles(h hash.Hash, sources fs.FS) error {
	return fs.WalkDir(sources, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(sources, path)
		fmt.Fprintf(h, "%s %d\n", path, len(text))
		h.Write(text)
		return err
	})
}

// language is the version of Go without its last part, as the compiler wants it.
func language(version string) string {
	parts := strings.SplitN(version, ".", 3)
	return strings.Join(parts[:min(2, len(parts))], ".")
}
