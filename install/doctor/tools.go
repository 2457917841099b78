package doctor

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// checkTools reports what a build needs. The error is that of build.FindToolchain.
func checkTools(ctx context.Context, t *build.Toolchain, missing error) []Check {
	checks := []Check{checkGo(t)}
	if failed := goError(missing); failed != nil {
		checks[0].fail(failed)
	}
	compiler := Check{Name: "C compiler", State: OK, Found: version(ctx, t.CC), Needed: true}
	compiler.fact("path", t.CC)
	if failed := toolError(missing, compiler.Name); failed != nil {
		compiler.fail(failed)
	}
	checks = append(checks, compiler)
	if t.CC != "" {
		checks = append(checks, checkLinker(ctx, t))
	}
	if failed := toolError(missing, "program true"); failed != nil {
		c := Check{Name: "true", Needed: true}
		c.fail(failed)
		checks = append(checks, c)
	}
	return checks
}

func checkLinker(ctx context.Context, t *build.Toolchain) Check {
	c := Check{Name: "linker", State: OK, Needed: true}
	path, err := t.Linker(ctx)
	if err != nil {
		c.fail(err)
		return c
	}
	c.Found = version(ctx, path)
	c.fact("path", path)
	return c
}

func checkGo(t *build.Toolchain) Check {
	c := Check{Name: "Go", State: OK, Found: t.Version, Needed: true}
	c.fact("path", t.Go)
	c.fact("GOROOT", t.GOROOT)
	if t.GOROOT == "" {
		return c
	}
	for _, part := range []struct{ name, dir string }{{"source of std", "runtime"}, {"source of the compiler", "cmd/compile"}} {
		if dir := filepath.Join(t.GOROOT, "src", filepath.FromSlash(part.dir)); isFolder(dir) {
			c.fact(part.name, "there")
		} else {
			c.fact(part.name, "not there: "+dir)
		}
	}
	if !isFolder(filepath.Join(t.GOROOT, "src", "runtime")) {
		c.State = Missing
		c.Found = "the source of the standard library is missing, and the worker is compiled from it"
		c.Remedy = "install Go from https://go.dev/dl, or the package of your system that has its source, such as golang-src"
		return c
	}
	err := t.Fits()
	if machine, ok := errors.AsType[*build.MachineError](err); ok {
		c.State, c.Found = Missing, machine.Error()
	} else if unfit, ok := errors.AsType[*build.UnfitError](err); ok {
		c.State, c.Found, c.Remedy = Missing, unfit.Summary(), unfit.Advice()
	}
	return c
}

// fail says that something is missing, in the words of the error.
func (c *Check) fail(err error) {
	c.State, c.Found = Missing, err.Error()
	if tool, ok := errors.AsType[*build.MissingToolError](err); ok {
		c.Found = tool.Tool + " was not found, looked for " + strings.Join(tool.Looked, ", ")
		c.Remedy = tool.Advice
	}
}

// toolError finds what build.FindToolchain says of one tool.
func toolError(err error, tool string) error {
	for _, e := range parts(err) {
		if missing, ok := errors.AsType[*build.MissingToolError](e); ok && strings.Contains(missing.Tool, tool) {
			return e
		}
	}
	return nil
}

// goError finds what it says of the go command, which may also be there and not work.
func goError(err error) error {
	for _, e := range parts(err) {
		missing, ok := errors.AsType[*build.MissingToolError](e)
		if !ok || strings.Contains(missing.Tool, "go command") || strings.HasPrefix(missing.Tool, "Go ") {
			return e
		}
	}
	return nil
}

func parts(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return nil
}

// versionTime is how long a program may take to say its version.
const versionTime = 10 * time.Second

// version is the first line of what a program says of itself.
func version(ctx context.Context, path string) string {
	if path == "" {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, versionTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "--version")
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return "it does not say its version: " + err.Error()
	}
	line, _, _ := strings.Cut(string(out), "\n")
	return line
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
