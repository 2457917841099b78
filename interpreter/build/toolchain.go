package build

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"go/version"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// A Toolchain is what turns source into loadable code: the go command and what it brings, and a C
// compiler, which has a linker of its own, for the worker's C shim and the C code of cells.
type Toolchain struct {
	Go      string // path of the go command
	GOROOT  string
	ToolDir string // holds compile and link
	Version string // go1.26.8
	Arch    string // of the processors that it compiles for, as GOARCH has it
	CC      string // path of the C compiler
	True    string // path of a program that does nothing
	Env     []string
	// UserEnv is the environment for finding modules: with the user's flags and go.work.
	UserEnv []string

	moduleCache string // where modules are, and Go itself if the go command has fetched it
}

// A MissingToolError says which program is missing, where it was looked for and what to install.
type MissingToolError struct {
	Tool   string
	Looked []string
	Advice string
}

func (e *MissingToolError) Error() string {
	return fmt.Sprintf("%s was not found (looked for %s); %s", e.Tool, strings.Join(e.Looked, ", "), e.Advice)
}

// FindToolchain looks for the go command (goCommand if not empty, $GOPY_GO, $PATH, $GOROOT, the
// places where Go's own installer and distributions put it) and gcc. A Jupyter server often
// has another PATH than the user's shell, so PATH alone is not enough.
// The error joins a [*MissingToolError] for each program that is missing; what was found is returned
// all the same, for a report.
func FindToolchain(ctx context.Context, goCommand string) (*Toolchain, error) {
	t := &Toolchain{Arch: runtime.GOARCH}
	var missing [3]error
	missing[0] = t.findGo(ctx, goCommand)
	t.CC, missing[1] = findProgram("a C compiler", "install it, on Debian and Ubuntu with: sudo apt install gcc libc6-dev", "gcc", "cc", "clang")
	t.True, missing[2] = findProgram("the program true", "install it, on Debian and Ubuntu with: sudo apt install coreutils", "true")
	t.Env = append(t.Env, "CC="+t.CC)
	return t, errors.Join(missing[:]...)
}

// For is the toolchain with another target: processors of which arch is the name in GOARCH, and the C
// compiler for them.
func (t *Toolchain) For(arch, cc string) *Toolchain {
	other := *t
	other.Arch, other.CC = arch, cc
	other.setEnv("GOARCH="+arch, "CC="+cc)
	return &other
}

// Linker is the linker that the C compiler calls. It is asked when it is needed, for cells need none: for the
// worker, and for the C code of cells and modules. The error is a [*MissingToolError].
func (t *Toolchain) Linker(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, t.CC, "-print-prog-name=ld").Output()
	if err != nil {
		return "", fmt.Errorf("asking %s for its linker: %w", t.CC, withStderr(err))
	}
	name := strings.TrimSpace(string(out))
	path, err := findProgram("", "", name)
	if err != nil {
		return "", &MissingToolError{Tool: "the linker ld", Looked: []string{name + ", which " + t.CC + " calls"}, Advice: "install it, on Debian and Ubuntu with: sudo apt install binutils"}
	}
	return path, nil
}

// findGo takes the first go command that is new enough.
func (t *Toolchain) findGo(ctx context.Context, goCommand string) error {
	looked := []string{"go on the PATH"}
	var refused error
	for _, path := range goCandidates(goCommand) {
		if info, err := os.Stat(path); err != nil || info.IsDir() {
			looked = append(looked, path)
			continue
		}
		t.Go = path
		err := t.ask(ctx)
		if doesNotFit(err) {
			err = t.askForOurs(ctx, err)
		}
		if err == nil || path == goCommand || path == os.Getenv("GOPY_GO") {
			return err // one that was named is the one that is meant
		}
		if refused == nil {
			refused = err
		}
	}
	if refused != nil {
		return refused
	}
	return &MissingToolError{Tool: "the go command", Looked: looked, Advice: adviceGo}
}

func goCandidates(goCommand string) []string {
	candidates := []string{goCommand, os.Getenv("GOPY_GO")}
	if path, err := exec.LookPath("go"); err == nil {
		candidates = append(candidates, path)
	}
	if root := os.Getenv("GOROOT"); root != "" {
		candidates = append(candidates, filepath.Join(root, "bin", "go"))
	}
	candidates = append(candidates, "/usr/local/go/bin/go", "/usr/lib/go/bin/go", "/snap/bin/go")
	return slices.DeleteFunc(candidates, func(c string) bool { return c == "" })
}

// oldest is the oldest version of Go that units and the worker can be compiled with.
const oldest = "go1.26"

const adviceGo = "install Go 1.26 or newer from https://go.dev/dl, or name it with GOPY_GO"

// tooOld reports whether a version, as the go command says it, is older than oldest: go1.26.8,
// go1.26.8 X:experiment or devel go1.27-0123abc.
func tooOld(said string) bool {
	words := strings.Fields(strings.TrimPrefix(said, "devel "))
	return len(words) == 0 || version.Compare(words[0], oldest) < 0
}

const adviceRebuild = "build gopy-kernel again, with the newer Go"

// tooNew reports whether a version of Go has a newer language than that which this program was built with: its
// packages cannot be read.
func tooNew(said, ours string) bool {
	return version.Compare(languageOf(said), languageOf(ours)) > 0
}

func languageOf(said string) string {
	said, _, _ = strings.Cut(strings.TrimPrefix(said, "devel "), " ")
	said, _, _ = strings.Cut(said, "-")
	return version.Lang(said)
}

func findProgram(what, advice string, names ...string) (string, error) {
	for _, n := range names {
		if path, err := exec.LookPath(n); err == nil {
			return filepath.Abs(path)
		}
		if path := filepath.Join("/usr/bin", n); !filepath.IsAbs(n) && isFile(path) {
			return path, nil
		}
	}
	return "", &MissingToolError{Tool: what, Looked: names, Advice: advice}
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// ask asks the go command what it is. The environment that it is given is the one that all later
// commands get: the user's settings that change how code is built are left out, for the worker and
// the units must be built alike. The settings are for asking only.
func (t *Toolchain) ask(ctx context.Context, asking ...string) error {
	t.UserEnv = append(os.Environ(), "GOTOOLCHAIN=local", "GOEXPERIMENT=", "GODEBUG=",
		"GO111MODULE=on", "CGO_ENABLED=1", "GOOS="+runtime.GOOS, "GOARCH="+t.Arch)
	if u, err := user.Current(); os.Getenv("HOME") == "" && err == nil && u.HomeDir != "" {
		t.UserEnv = append(t.UserEnv, "HOME="+u.HomeDir) // a service: the module cache is there
	}
	t.Env = append(slices.Clone(t.UserEnv), "GOFLAGS=", "GOWORK=off")
	cmd := exec.CommandContext(ctx, t.Go, "env", "-json", "GOROOT", "GOTOOLDIR", "GOVERSION", "GOMODCACHE")
	cmd.Env = append(slices.Clone(t.Env), asking...)
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("asking %s for its environment: %w", t.Go, withStderr(err))
	}
	var env struct{ GOROOT, GOTOOLDIR, GOVERSION, GOMODCACHE string }
	if err := json.Unmarshal(out, &env); err != nil {
		return fmt.Errorf("asking %s for its environment: %w", t.Go, err)
	}
	t.GOROOT, t.ToolDir, t.Version, t.moduleCache = env.GOROOT, env.GOTOOLDIR, env.GOVERSION, env.GOMODCACHE
	switch {
	case tooOld(t.Version):
		return &misfit{MissingToolError{Tool: "Go 1.26 or newer", Looked: []string{t.Go + ", which is " + t.Version}, Advice: adviceGo}}
	case tooNew(t.Version, runtime.Version()):
		tool := "a Go that this program can read the packages of, which was built with " + runtime.Version() + ","
		return &misfit{MissingToolError{Tool: tool, Looked: []string{t.Go + ", which is " + t.Version}, Advice: adviceRebuild}}
	}
	t.setEnv("GOROOT=" + t.GOROOT)
	return nil
}

func (t *Toolchain) setEnv(settings ...string) {
	t.Env, t.UserEnv = append(slices.Clone(t.Env), settings...), append(slices.Clone(t.UserEnv), settings...)
}

// A misfit is the MissingToolError of a go command that is there.
type misfit struct{ MissingToolError }

func (e *misfit) Unwrap() error { return &e.MissingToolError }

func doesNotFit(err error) bool {
	var m *misfit
	return errors.As(err, &m)
}

// askForOurs is for a go command that does not fit: it may have fetched another, to build this program with. That is
// in the module cache, and taken from there. Nothing is fetched.
func (t *Toolchain) askForOurs(ctx context.Context, misfit error) error {
	ours := *t
	if !version.IsValid(runtime.Version()) || ours.ask(ctx, "GOTOOLCHAIN="+runtime.Version(), "GOPROXY=off") != nil {
		return misfit
	}
	ours.Go = filepath.Join(ours.GOROOT, "bin", "go")
	*t = ours
	return nil
}

// outOfModuleCache gives a Go that lies in the module cache, where the go command puts those that it fetches, another
// path, by a link in a folder. No file below the module cache can be overlaid.
func (t *Toolchain) outOfModuleCache(dir string) (*Toolchain, error) {
	inside, err := filepath.Rel(t.moduleCache, t.GOROOT)
	if t.moduleCache == "" || err != nil || !filepath.IsLocal(inside) {
		return t, nil
	}
	link := filepath.Join(dir, t.Version)
	if to, err := os.Readlink(link); err != nil || to != t.GOROOT {
		_ = os.Remove(link) // mostly there is none
		if err := os.Symlink(t.GOROOT, link); err != nil && !errors.Is(err, os.ErrExist) {
			return nil, fmt.Errorf("linking to the Go in the module cache: %w", err)
		}
	}
	moved := *t
	moved.Go, moved.GOROOT = filepath.Join(link, "bin", "go"), link
	moved.setEnv("GOROOT=" + link)
	return &moved, nil
}

// changed reports that Go was replaced since the toolchain was found, by an update of the system.
func (t *Toolchain) changed(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, t.tool("compile"), "-V")
	cmd.Env = t.Env
	out, err := cmd.Output()
	words := strings.Fields(string(out))
	if err != nil || len(words) < 3 {
		return fmt.Errorf("%s does not say its version; was Go removed or replaced? Then restart the kernel: %w", t.tool("compile"), err)
	}
	if now := strings.Join(words[2:], " "); now != t.Version {
		return fmt.Errorf("the toolchain was %s when the kernel started and is %s now: restart the kernel", t.Version, now)
	}
	return nil
}

func (t *Toolchain) tool(name string) string { return filepath.Join(t.ToolDir, name) }

// withStderr adds what a command wrote to its standard error.
func withStderr(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return err
}
