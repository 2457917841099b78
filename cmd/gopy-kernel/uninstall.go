package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/install"
)

// uninstall removes the kernelspec. The program and the workspace stay.
func (p *program) uninstall(ctx context.Context, args []string) error {
	var where place
	flags := flag.NewFlagSet("uninstall", flag.ContinueOnError)
	where.register(flags)
	if err := p.parse(flags, args, 0); err != nil {
		return err
	}
	if err := where.check("uninstall"); err != nil {
		return err
	}
	kernels, _, err := where.kernels(ctx)
	if err != nil {
		return err
	}
	dir, err := install.Remove(kernels, where.name)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "removed the kernelspec %s\n", dir)
	return err
}
