package build

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// A maker makes a workspace: it writes the worker's source, compiles it with the whole standard
// library, generates the table of what is kept, and links the worker.
type maker struct {
	config    Config
	temporary string // folder for the go command
	*Workspace
}

// sharedFlags are what the go command needs to compile packages that thin units can be linked with.
func (w *Workspace) sharedFlags() []string {
	return []string{"-gcflags=all=-linkshared", "-pgo=off", "-tags=workspace", "-overlay=" + w.overlay}
}

// A listed package is what `go list` says of one.
type listed struct {
	ImportPath, Name, Export string
	Standard                 bool
	Imports, Deps            []string
}

func (m *maker) run(ctx context.Context) (err error) {
	if _, err := m.toolchain.Linker(ctx); err != nil {
		return err
	}
	// The go command removes its own folder, but not if it is interrupted while it begins.
	if m.temporary, err = os.MkdirTemp(os.Getenv("GOTMPDIR"), "gopy-kernel-"); err != nil {
		return fmt.Errorf("making a folder for the go command: %w", err)
	}
	defer os.RemoveAll(m.temporary)
	m.config.Progress("writing the worker's source")
	if err := m.writeSources(); err != nil {
		return err
	}
	switch err := writeOverlay(m.toolchain.GOROOT, m.overlay); {
	case errors.Is(err, errUnknownGo):
		return m.unfit(err)
	case err != nil:
		return err
	}
	m.config.Progress("compiling the standard library (once for this version of Go)")
	packages, err := m.compile(ctx)
	if err != nil {
		return err
	}
	m.config.Progress("keeping export data")
	if err := m.keepExports(packages); err != nil {
		return err
	}
	if err := m.writeKeep(packages); err != nil {
		return err
	}
	m.config.Progress("linking the worker")
	if err := m.goCommand(ctx, "build", append(m.sharedFlags(), "-ldflags=-checklinkname=0 -s -w", "-o", m.Worker(), "./"+m.config.WorkerPackage)...); err != nil {
		return err
	}
	if err := m.makeExtras(ctx, packages); err != nil {
		return err
	}
	m.config.Progress("trying whether cells can be loaded")
	if err := m.try(ctx); err != nil {
		return err
	}
	return m.finish(packages)
}

func (m *maker) source(name string) string {
	return filepath.Join(m.dir, "src", filepath.FromSlash(name))
}

func (m *maker) writeSources() error {
	if err := os.RemoveAll(m.source("")); err != nil {
		return err
	}
	if err := os.MkdirAll(m.source(""), 0o755); err != nil {
		return err
	}
	gomod := fmt.Sprintf("module %s\n\ngo %s\n", m.config.Module, strings.TrimPrefix(m.language, "go"))
	if err := os.WriteFile(m.source("go.mod"), []byte(gomod), 0o644); err != nil {
		return err
	}
	return fs.WalkDir(m.config.Sources, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			return os.MkdirAll(m.source(path), 0o755)
		}
		text, err := fs.ReadFile(m.config.Sources, path)
		if err != nil {
			return err
		}
		return os.WriteFile(m.source(path), text, 0o644)
	})
}

// compile compiles the standard library and the packages of ours that units may import, and lists them
// with all that they import.
func (m *maker) compile(ctx context.Context) ([]listed, error) {
	targets := append([]string{"std"}, m.config.Offered...)
	err := m.goCommand(ctx, "build", slices.Concat(m.sharedFlags(), []string{"-v"}, targets)...)
	switch {
	case err != nil && strings.Contains(err.Error(), "/cells.go:"): // a file of the overlay
		return nil, m.unfit(err)
	case err != nil:
		return nil, err
	}
	return m.list(ctx, append(m.sharedFlags(), "-deps"), targets)
}

// list compiles packages, and lists them.
func (m *maker) list(ctx context.Context, flags, targets []string) ([]listed, error) {
	cmd := m.command(ctx, "list", slices.Concat(flags, []string{"-export", "-e", "-json=ImportPath,Name,Export,Standard,Imports,Deps"}, targets)...)
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing packages: %w", withStderr(err))
	}
	var packages []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return packages, nil
		} else if err != nil {
			return nil, fmt.Errorf("listing packages: %w", err)
		}
		packages = append(packages, p)
	}
}

func (m *maker) command(ctx context.Context, verb string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, m.toolchain.Go, append([]string{verb}, args...)...)
	cmd.Dir = m.source("")
	cmd.Env = append(slices.Clone(m.toolchain.Env), "GOTMPDIR="+m.temporary)
	// Interrupted, the go command stops its compilers. Killed, it does not.
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 10 * time.Second
	if os.Getenv("GOCACHE") == "" && os.Getenv("HOME") == "" && os.Getenv("XDG_CACHE_HOME") == "" {
		cmd.Env = append(cmd.Env, "GOCACHE="+filepath.Join(m.dir, "go-build"))
	}
	return cmd
}

// goCommand runs the go command, and tells each package that it names as progress.
func (m *maker) goCommand(ctx context.Context, verb string, args ...string) error {
	cmd := m.command(ctx, verb, args...)
	stderr, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("running the go command: %w", err)
	}
	var said []string
	for lines := bufio.NewScanner(stderr); lines.Scan(); {
		said = append(said, lines.Text())
		m.config.Progress(lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		return fmt.Errorf("go %s: %w\n%s", verb, err, strings.Join(said[max(0, len(said)-20):], "\n"))
	}
	return nil
}

// keepExports copies the export data, and writes the compiler's import configuration.
func (m *maker) keepExports(packages []listed) error {
	config := new(strings.Builder)
	for _, p := range packages {
		if p.Export == "" || p.Name == "main" {
			continue
		}
		if err := keepExport(p.Export, m.exportFile(p.ImportPath)); err != nil {
			return fmt.Errorf("keeping the export data of %s: %w", p.ImportPath, err)
		}
		fmt.Fprintf(config, "packagefile %s=%s\n", p.ImportPath, m.exportFile(p.ImportPath))
	}
	return os.WriteFile(m.compileConfig, []byte(config.String()), 0o644)
}

// writeKeep generates the files that make the worker keep what units may use.
func (m *maker) writeKeep(packages []listed) error {
	imports := m.NewImporter(token.NewFileSet(), nil)
	var kept []*types.Package
	var functions, assembly []string
	linked := m.linked(packages)
	for _, p := range packages {
		if !linked[p.ImportPath] || p.Export == "" {
			continue
		}
		archive, err := os.ReadFile(p.Export)
		if err != nil {
			return err
		}
		refs, err := readReferences(archive)
		if err != nil {
			return fmt.Errorf("reading the symbols of %s: %w", p.ImportPath, err)
		}
		functions = append(functions, linkable(refs.functions)...)
		assembly = append(assembly, callable(refs.assembly)...)
		if !m.offers(p) || p.apart() {
			continue
		}
		pkg, err := imports.Import(p.ImportPath)
		if err != nil {
			return err
		}
		kept = append(kept, pkg)
	}
	return m.writeTables(kept, compact(functions), compact(assembly))
}

func compact(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

func (m *maker) writeTables(kept []*types.Package, functions, assembly []string) error {
	const folder = "/assembly"
	arch := m.toolchain.Arch
	if err := os.MkdirAll(m.source(m.config.WorkerPackage+folder), 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{
		"/keep.go":                          keepTable(kept, functions, m.config.Module+"/"+m.config.WorkerPackage+folder),
		"/keep_" + arch + ".s":              emptyAssembly,
		folder + "/assembly.go":             assemblyGo,
		folder + "/assembly_" + arch + ".s": assemblyTable(m.toolchain.machine(), assembly),
	} {
		if err := os.WriteFile(m.source(m.config.WorkerPackage+name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// linked are the packages that the worker will hold: those that it offers, and what they import.
func (m *maker) linked(packages []listed) map[string]bool {
	linked := map[string]bool{}
	for _, p := range packages {
		if m.offers(p) && !p.apart() {
			linked[p.ImportPath] = true
			for _, d := range p.Deps {
				linked[d] = true
			}
		}
	}
	return linked
}

func (m *maker) offers(p listed) bool {
	return p.Export != "" && p.Name != "main" && (p.Standard && offered(p.ImportPath) || slices.Contains(m.config.Offered, p.ImportPath))
}

func (m *maker) finish(packages []listed) error {
	done := manifest{ID: m.id, Go: m.toolchain.Version}
	for _, p := range packages {
		if p.Export != "" && p.Name != "main" {
			done.Packages = append(done.Packages, Package{Path: p.ImportPath, Name: p.Name, Offered: m.offers(p)})
		}
	}
	for _, l := range m.extras {
		done.Extras = append(done.Extras, l.ID)
	}
	data, err := json.Marshal(done)
	if err != nil {
		return err
	}
	temporary := filepath.Join(m.dir, "tmp", "manifest.json")
	if err := os.WriteFile(temporary, data, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, filepath.Join(m.dir, "manifest.json"))
}
