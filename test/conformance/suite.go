package conformance

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// Config says what a suite works with.
type Config struct {
	// GOROOT is the distribution whose programs are run; Toolchain is its go command.
	GOROOT    string
	Toolchain *build.Toolchain
	Workspace Workspace
	// Emulator is a command that runs the worker; empty if the system does.
	Emulator []string
	// Keep is a folder for what the go command made of the programs.
	Keep string
	// Parallel is how many programs run at a time; 2 if it is 0.
	Parallel int
	// Timeout is how long a program may take, its building included; two minutes if it is 0.
	Timeout time.Duration
}

// A Suite runs programs as cells and compares them with what the go command makes of them. It may be
// used from several goroutines.
type Suite struct {
	config     Config
	env        []string // of programs and workers
	limit      *limit   // of workers
	references *references
}

// New makes a suite. It has to be closed.
func New(c Config) (*Suite, error) {
	if c.GOROOT == "" || c.Toolchain == nil || c.Workspace == nil || c.Keep == "" {
		return nil, errors.New("conformance: a distribution, its toolchain, a workspace and a folder are needed")
	}
	c.Parallel = cmp.Or(c.Parallel, 2)
	c.Timeout = cmp.Or(c.Timeout, 2*time.Minute)
	worker, err := newLimit(append(slices.Clone(c.Emulator), c.Workspace.Worker())...)
	if err != nil {
		return nil, err
	}
	program, err := newLimit()
	if err != nil {
		return nil, errors.Join(err, worker.close())
	}
	env, err := environment(c)
	if err != nil {
		return nil, errors.Join(err, worker.close(), program.close())
	}
	return &Suite{config: c, env: env, limit: worker, references: &references{
		dir: c.Keep, tests: testFolder(c.GOROOT), goCommand: c.Toolchain.Go, version: c.Toolchain.Version, env: env, limit: program,
	}}, nil
}

// environment is what programs and workers get. Programs that call the compiler themselves expect, as
// from Go's own runner, the name of a file that tells where the standard library's packages are.
func environment(c Config) ([]string, error) {
	env := append(os.Environ(), "GOENV=off", "GOFLAGS=", "GOWORK=off", "GOTOOLCHAIN=local", "PWD="+testFolder(c.GOROOT))
	list := exec.Command(c.Toolchain.Go, "list", "-export", "-f", "{{if .Export}}packagefile {{.ImportPath}}={{.Export}}{{end}}", "std")
	list.Env = env
	config, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the standard library: %w", err)
	}
	file := filepath.Join(c.Keep, "importcfg")
	if err := errors.Join(os.MkdirAll(c.Keep, 0o755), os.WriteFile(file, config, 0o644)); err != nil {
		return nil, err
	}
	return slices.Clip(append(env, "STDLIB_IMPORTCFG="+file)), nil
}

// Close gives back what the suite holds. The workspace stays open.
func (s *Suite) Close() error { return errors.Join(s.limit.close(), s.references.limit.close()) }

// A Result is how one program did in one mode.
type Result struct {
	Program string
	Mode    Mode
	// Wrong tells how the program differs from what the go command makes of it; empty if it does not.
	Wrong string
	// Failure is set if a cell failed, be it wrong or not.
	Failure *Failure
	Want    Outcome
	Got     Outcome
	Cells   int
	Links   Links
}

// Run runs programs, and calls each with a result as soon as it is there, from one goroutine at a time.
// The results are in the order of the programs. An error is one of this machine, not of a program.
func (s *Suite) Run(ctx context.Context, programs []Program, m Mode, each func(Result)) ([]Result, error) {
	results, errs := make([]Result, len(programs)), make([]error, len(programs))
	var turns, told sync.WaitGroup
	next, finished := make(chan int), make(chan int)
	for range s.config.Parallel {
		turns.Go(func() {
			for i := range next {
				results[i], errs[i] = s.program(ctx, programs[i], m)
				finished <- i
			}
		})
	}
	told.Go(func() {
		for i := range finished {
			if errs[i] == nil {
				each(results[i])
			}
		}
	})
	for i := range programs {
		if ctx.Err() != nil {
			break
		}
		next <- i
	}
	close(next)
	turns.Wait()
	close(finished)
	told.Wait()
	return results, errors.Join(append(errs, ctx.Err())...)
}

// program runs one program.
func (s *Suite) program(ctx context.Context, p Program, m Mode) (r Result, err error) {
	r = Result{Program: p.Name, Mode: m}
	if p.Recipe.Flags {
		r.Wrong = "it needs build flags, which no cell has"
		return r, nil
	}
	reference, err := s.reference(ctx, p)
	if err != nil {
		return r, err
	}
	r.Want = reference.Outcome
	cells, err := m.cells(p, s.config.Workspace.NewImporter(token.NewFileSet(), nil))
	if err != nil {
		r.Wrong = err.Error()
		return r, nil
	}
	if len(p.Recipe.Arguments) > 0 {
		cells = append([]string{argumentsCell(p)}, cells...)
	}
	r.Cells = len(cells)
	if err := s.cells(ctx, cells, &r); err != nil {
		return r, fmt.Errorf("running %s: %w", p.Name, err)
	}
	r.Wrong = compare(r.Want, r.Got)
	switch {
	case reference.Exit != 0:
		r.Wrong = fmt.Sprintf("run by the go command it ends with exit status %d: %s", reference.Exit, firstLine(reference.Stderr))
	case reference.Expected != "":
		r.Wrong = "run by the go command it differs from its .out file: " + reference.Expected
	case r.Wrong != "" && r.Failure != nil:
		r.Wrong += "; " + firstLine(r.Failure.Traceback)
	}
	return r, nil
}

func (s *Suite) reference(ctx context.Context, p Program) (reference, error) {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	return s.references.find(ctx, p)
}

// cells runs the cells of a program in a session of their own.
func (s *Suite) cells(ctx context.Context, cells []string, r *Result) error {
	ctx, cancel := context.WithTimeout(ctx, s.config.Timeout)
	defer cancel()
	temporary, err := os.MkdirTemp("", "conformance-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	session, err := s.start(temporary)
	if err != nil {
		return err
	}
	began := time.Now()
	r.Got, r.Failure = session.runSafely(ctx, cells)
	r.Got.Seconds = time.Since(began).Seconds()
	r.Links = session.built.links()
	return session.close(context.WithoutCancel(ctx))
}

// KeepIn is the folder for what the go command made, in the folder of the project's builds.
func KeepIn(project string) string {
	return filepath.Join(project, "build", "conformance", "reference")
}

func firstLine(text string) string {
	for i := range len(text) {
		if text[i] == '\n' {
			return text[:i]
		}
	}
	return text
}
