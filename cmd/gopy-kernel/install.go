package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/gopy-kernel/gopy-kernel/install"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// installFlags is the command line of install.
type installFlags struct {
	place
	displayName string
	python      string
	noBuild     bool
}

// install writes the kernelspec aside, makes the workspace, and then puts the kernelspec in place:
// a kernel that Jupyter lists can run cells.
func (p *program) install(ctx context.Context, args []string) error {
	f, err := p.installFlags(args)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	tools, err := build.FindToolchain(ctx, "")
	if err != nil && !f.noBuild {
		return err
	} else if err != nil {
		fmt.Fprintln(p.stderr, "gopy-kernel: warning:", err)
	}
	c, err := p.kernelspec(ctx, f, tools)
	if err != nil {
		return err
	}
	staged, err := install.Stage(c)
	if err != nil {
		return err
	}
	defer staged.Discard()
	workspace := "made when the kernel first starts"
	if !f.noBuild {
		if workspace, err = p.makeWorkspace(ctx, tools); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return errInterrupted
	}
	if err := staged.Commit(); err != nil {
		return err
	}
	return p.tellInstalled(staged, c, tools, workspace)
}

var errInterrupted = errors.New("interrupted; nothing was installed")

func (p *program) installFlags(args []string) (installFlags, error) {
	var f installFlags
	flags := flag.NewFlagSet("install", flag.ContinueOnError)
	f.register(flags)
	flags.StringVar(&f.displayName, "display-name", "", "Jupyter shows the kernel as `D`")
	flags.StringVar(&f.python, "python", "", "the kernel uses the Python at `P`")
	flags.BoolVar(&f.noBuild, "no-build", false, "leave the workspace to be made when the kernel first starts")
	if err := p.parse(flags, args, 0); err != nil {
		return f, err
	}
	return f, f.check("install")
}

// kernelspec finds all that the kernelspec names.
func (p *program) kernelspec(ctx context.Context, f installFlags, tools *build.Toolchain) (install.Config, error) {
	c := install.Config{Name: f.name, DisplayName: f.displayName, Go: tools.Go, Version: version}
	var prefix string
	var err error
	if c.Kernels, prefix, err = f.kernels(ctx); err != nil {
		return c, err
	}
	if c.Program, err = programPath(p.called); err != nil {
		return c, err
	}
	if isTemporary(c.Program) {
		fmt.Fprintf(p.stderr, "gopy-kernel: warning: %s is in a temporary folder, and the kernel is gone when that is emptied; put the program elsewhere, for instance with go install, and install again\n", c.Program)
	}
	c.Python, err = p.choosePython(ctx, f.python, prefix)
	return c, err
}

// choosePython returns the Python that the kernelspec names: the one that the user asked for, or that
// of the environment that the kernelspec goes into, where the user expects to find his packages. In
// all other cases it is looked for at each start, since it may come and go.
func (p *program) choosePython(ctx context.Context, asked, prefix string) (string, error) {
	if asked == "" {
		asked = os.Getenv("GOPY_PYTHON")
	}
	named := asked
	if named == "" && install.IsEnvironment(prefix) {
		named = prefix
	}
	if named == "" {
		return "", nil
	}
	report, err := locate.Find(ctx, locate.Options{Python: named})
	switch {
	case err != nil && (asked != "" || report == nil):
		return "", err
	case report.Candidates[0].Python == nil:
		return "", nil // an environment without a Python
	case err != nil:
		fmt.Fprintln(p.stderr, "gopy-kernel: warning:", err)
	}
	// Not the path that it was found by, which may be a shim that chooses by the folder it is called in.
	return report.Candidates[0].Python.Executable, nil
}

// makeWorkspace makes the workspace if it is not there, and returns its folder.
func (p *program) makeWorkspace(ctx context.Context, tools *build.Toolchain) (dir string, err error) {
	show := newProgress(p.stdout)
	c := workspaceConfig(show.step)
	c.Toolchain = tools
	w, err := build.Open(ctx, c)
	show.end()
	switch {
	case err == nil:
		return w.Dir(), w.Close()
	case ctx.Err() != nil:
		return "", errInterrupted
	}
	return "", err
}

func (p *program) tellInstalled(s *install.Staged, c install.Config, tools *build.Toolchain, workspace string) error {
	or := func(text, otherwise string) string {
		if text == "" {
			return otherwise
		}
		return text
	}
	_, err := fmt.Fprintf(p.stdout, "installed the kernelspec %s\n  program   %s\n  Go        %s\n  Python    %s\n  workspace %s\nIn Jupyter, choose the kernel %s.\n",
		s.Dir(), c.Program, or(c.Go, "looked for when the kernel starts"), or(c.Python, "looked for when the kernel starts"), workspace, or(c.DisplayName, "Go ("+c.Name+")"))
	return err
}
