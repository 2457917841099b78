package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/gopy-kernel/gopy-kernel/interpreter/pygen"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// pygenFlags is the command line of pygen.
type pygenFlags struct {
	out        string
	python     string
	submodules bool
	options    pygen.Options
}

// pygen writes the Go package of a Python module. All are written, or none.
func (p *program) pygen(ctx context.Context, args []string) error {
	var f pygenFlags
	flags := flag.NewFlagSet("pygen", flag.ContinueOnError)
	flags.StringVar(&f.out, "out", "", "write the package into the folder `DIR`; without it, into one named as the package")
	flags.StringVar(&f.options.Package, "package", "", "the package is called `NAME`")
	flags.BoolVar(&f.options.Errors, "errors", false, "functions return an error, and do not panic with exceptions")
	flags.BoolVar(&f.submodules, "submodules", false, "write packages of the submodules too, into folders below")
	flags.StringVar(&f.python, "python", "", "ask the Python at `P`")
	if err := p.parse(flags, args, 1); err != nil {
		return err
	}
	module := flags.Arg(0)
	if err := f.options.Check(); err != nil {
		return &usageError{"pygen", "pygen: " + err.Error()}
	}
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	report, err := locate.Find(ctx, locate.Options{Python: f.python})
	if err != nil {
		return err
	}
	packages, err := f.generate(ctx, report.Chosen.Python.Executable, module)
	if ctx.Err() != nil {
		return errors.New("interrupted; nothing was written")
	}
	if err != nil {
		return err
	}
	return p.writePackages(packages)
}

// A generated package is a file in the making.
type generated struct {
	path   string
	source []byte
	module *pygen.Module
}

// generate asks for a module, and for its submodules if they are wanted.
func (f pygenFlags) generate(ctx context.Context, python, module string) ([]generated, error) {
	m, err := pygen.Inspect(ctx, pygen.Query{Python: python, Module: module})
	if err != nil {
		return nil, err
	}
	if f.out == "" {
		f.out = pygen.PackageName(module)
	}
	g := generated{path: filepath.Join(f.out, pygen.FileName), module: m}
	if text, err := os.ReadFile(g.path); err == nil && !bytes.HasPrefix(text, []byte(pygen.Marker)) {
		return nil, fmt.Errorf("%s is there and was not made by pygen; name another folder with --out", g.path)
	}
	if g.source, err = m.Source(f.options); err != nil || !f.submodules {
		return []generated{g}, err
	}
	packages := []generated{g}
	for _, name := range m.Submodules() {
		below := f
		below.out, below.options.Package = filepath.Join(f.out, pygen.PackageName(name)), ""
		more, err := below.generate(ctx, python, name)
		if err != nil {
			return nil, err
		}
		packages = append(packages, more...)
	}
	return packages, nil
}

// writePackages writes the files, and says what is in them and what is not.
func (p *program) writePackages(packages []generated) error {
	for _, g := range packages {
		if err := errors.Join(os.MkdirAll(filepath.Dir(g.path), 0o755), os.WriteFile(g.path, g.source, 0o644)); err != nil {
			return fmt.Errorf("writing the package of %s: %w", g.module.Name, err)
		}
		types := 0
		for _, m := range g.module.Members {
			if m.Kind == pygen.Class {
				types++
			}
		}
		fmt.Fprintf(p.stdout, "wrote %s: %s, %d functions, %d types\n", g.path, strings.TrimSpace(g.module.Name+" "+g.module.Version), len(g.module.Members)+1-types, types)
		for _, s := range g.module.Skipped {
			fmt.Fprintf(p.stderr, "gopy-kernel: note: without %s.%s: %s\n", g.module.Name, s.Name, s.Reason)
		}
	}
	return nil
}
