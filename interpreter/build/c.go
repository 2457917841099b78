package build

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	gobuild "go/build"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// A CSource is a Go file that imports "C".
type CSource struct {
	Text string
	// Preamble is the C code before the import.
	Preamble string
	// Dir is the folder that headers are looked for in, and that ${SRCDIR} stands for.
	Dir string
}

// A CPart is what a Go file needs of C.
type CPart struct {
	// Go are the declarations that the file's uses of C stand for, as the cgo tool writes them.
	Go string
	// Library is the path of a shared object with the C code. What it needs of the runtime, the worker
	// exports. Of a Go function _cgoexp_f that C calls it has a pointer to its code, [ExportPrefix]_cgoexp_f,
	// that somebody has to set.
	Library string
}

// ExportPrefix stands before the name of a Go function that C calls.
const ExportPrefix = "gopy"

const (
	cFolder  = "c"
	cFile    = "cell.go"
	cGo      = "part.go"
	cLibrary = "part.so"
)

// C has the cgo tool and the C compiler make of a Go file what it needs of C, or finds it in the cache.
// The error is a [*CompileError] where the source is wrong.
func (w *Workspace) C(ctx context.Context, source CSource) (CPart, error) {
	dir, err := os.MkdirTemp(w.tmp, "c-")
	if err != nil {
		return CPart{}, fmt.Errorf("making a folder to build in: %w", err)
	}
	defer os.RemoveAll(dir)
	s := &cStep{step: &step{Workspace: w, dir: dir}, source: source}
	if err := s.readFlags(ctx); err != nil {
		return CPart{}, err
	}
	id, err := s.hash(ctx)
	if err != nil {
		return CPart{}, err
	}
	kept := filepath.Join(w.dir, cFolder, id)
	if part, err := readCPart(kept); err == nil {
		return part, nil
	}
	if err := s.make(ctx); err != nil {
		return CPart{}, err
	}
	if err := errors.Join(os.MkdirAll(kept, 0o755), os.Rename(s.path(cLibrary), filepath.Join(kept, cLibrary)), os.Rename(s.path(cGo), filepath.Join(kept, cGo))); err != nil {
		return CPart{}, fmt.Errorf("keeping the C part of a cell: %w", err)
	}
	return readCPart(kept)
}

func readCPart(dir string) (CPart, error) {
	text, err := os.ReadFile(filepath.Join(dir, cGo))
	return CPart{Go: string(text), Library: filepath.Join(dir, cLibrary)}, err
}

// A cStep makes the C part of one Go file.
type cStep struct {
	*step
	source   CSource
	compiler string
	cflags   []string
	ldflags  []string
}

// readFlags reads the #cgo directives, as the go command does.
func (s *cStep) readFlags(ctx context.Context) error {
	s.compiler = cmp.Or(os.Getenv("CC"), s.toolchain.CC)
	if _, err := exec.LookPath(strings.Fields(s.compiler)[0]); err != nil {
		return &MissingToolError{Tool: "a C compiler", Looked: []string{s.compiler}, Advice: "cells that import \"C\" need one; on Debian and Ubuntu: sudo apt install gcc"}
	}
	if err := s.write(cFile, []byte(s.source.Text)); err != nil {
		return err
	}
	info, err := os.Stat(s.path(cFile))
	if err != nil {
		return err
	}
	c := gobuild.Default
	c.CgoEnabled, c.GOARCH = true, s.toolchain.Arch
	c.IsDir = func(string) bool { return true }
	c.ReadDir = func(string) ([]fs.FileInfo, error) { return []fs.FileInfo{info}, nil }
	c.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(s.source.Text)), nil }
	p, err := c.ImportDir(s.source.Dir, 0)
	if err != nil {
		return &CompileError{Output: strings.TrimPrefix(err.Error(), filepath.Join(s.source.Dir, cFile)+": ")}
	}
	s.cflags = append(words("CGO_CPPFLAGS", ""), words("CGO_CFLAGS", "-g -O2")...)
	s.cflags = append(append(s.cflags, p.CgoCPPFLAGS...), p.CgoCFLAGS...)
	s.ldflags = append(words("CGO_LDFLAGS", "-g -O2"), p.CgoLDFLAGS...)
	return s.askPkgConfig(ctx, p.CgoPkgConfig)
}

// words are those of an environment variable of the go command.
func words(variable, otherwise string) []string {
	return strings.Fields(cmp.Or(os.Getenv(variable), otherwise))
}

func (s *cStep) askPkgConfig(ctx context.Context, packages []string) error {
	if len(packages) == 0 {
		return nil
	}
	program := cmp.Or(os.Getenv("PKG_CONFIG"), "pkg-config")
	for _, ask := range []struct {
		option string
		flags  *[]string
	}{{"--cflags", &s.cflags}, {"--libs", &s.ldflags}} {
		out, err := s.tool(ctx, program, append([]string{ask.option, "--"}, packages...)...)
		if err != nil {
			return &CompileError{Output: fmt.Sprintf("%s %s %s: %v\n%s", program, ask.option, strings.Join(packages, " "), err, out)}
		}
		*ask.flags = append(*ask.flags, strings.Fields(out)...)
	}
	return nil
}

// compileArgs are the arguments for the C compiler before others.
func (s *cStep) compileArgs(more ...string) []string {
	args := append(strings.Fields(s.compiler)[1:], s.cflags...)
	return append(append(args, "-I", s.source.Dir), more...)
}

func (s *cStep) cc(ctx context.Context, args ...string) (string, error) {
	return s.tool(ctx, strings.Fields(s.compiler)[0], args...)
}

// hash is over all that decides what is made: of the headers, too.
func (s *cStep) hash(ctx context.Context) (string, error) {
	if err := s.write("preamble.c", []byte(s.source.Preamble)); err != nil {
		return "", err
	}
	// What it says of wrong code is without places in the cell; the cgo tool says it again. Without -P the text has the
	// folder in it that this is made in.
	expanded, _ := s.cc(ctx, s.compileArgs("-E", "-P", "preamble.c")...)
	h := sha256.New()
	fmt.Fprintf(h, "%s %q %q %q %q %q %q\n", s.Workspace.id, s.compiler, s.cflags, s.ldflags, s.source.Dir, s.source.Text, expanded)
	return hex.EncodeToString(h.Sum(nil)[:16]), ctx.Err()
}

// make runs the cgo tool and the C compiler.
func (s *cStep) make(ctx context.Context) error {
	args := []string{"tool", "cgo", "-objdir", "out", "-trimpath", s.dir, "--"}
	out, err := s.tool(ctx, s.toolchain.Go, append(append(args, s.compileArgs()...), cFile)...)
	if err != nil && ctx.Err() == nil {
		err = &CompileError{Output: strings.TrimPrefix(out, "cgo: ")}
	}
	if err != nil {
		return err
	}
	if err := os.Rename(s.path("out/_cgo_gotypes.go"), s.path(cGo)); err != nil {
		return fmt.Errorf("reading what cgo has made: %w", err)
	}
	exports, err := s.writeExports()
	if err != nil {
		return err
	}
	// The code calls itself, not what another cell has under the same names.
	link := []string{"-shared", "-fPIC", "-pthread", "-Wl,-Bsymbolic", "-I", "out", "-o", cLibrary, "out/cell.cgo2.c", "out/_cgo_export.c", "exports.c"}
	out, err = s.cc(ctx, append(s.compileArgs(append(link, exports...)...), s.ldflags...)...)
	if err != nil && ctx.Err() == nil {
		err = &CompileError{Output: out}
	}
	return err
}

var exported = regexp.MustCompile(`(?m)^extern void (_cgoexp_\w+)\(void \*\);`)

// writeExports makes variables of the Go functions that C calls. What cgo has written calls them by their
// names, which nobody has; so the C compiler gets other names for them.
func (s *cStep) writeExports() (args []string, err error) {
	text, err := os.ReadFile(s.path("out/_cgo_export.c"))
	if err != nil {
		return nil, fmt.Errorf("reading what cgo has made: %w", err)
	}
	variables := new(strings.Builder)
	for _, m := range exported.FindAllStringSubmatch(string(text), -1) {
		fmt.Fprintf(variables, "void (*%s%s)(void *);\n", ExportPrefix, m[1])
		args = append(args, fmt.Sprintf("-D%s=(*%s%[1]s)", m[1], ExportPrefix))
	}
	return args, s.write("exports.c", []byte(variables.String()))
}
