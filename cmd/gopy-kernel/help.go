package main

import (
	"context"
	"flag"
	"fmt"
)

func (p *program) help(ctx context.Context, args []string) error {
	if len(args) > 1 {
		return &usageError{text: "help takes the name of one command"}
	}
	if len(args) == 0 || args[0] == "help" {
		p.list()
		return nil
	}
	return p.dispatch(ctx, []string{args[0], "-h"})
}

func (p *program) list() {
	fmt.Fprint(p.stdout, "gopy-kernel is a Jupyter kernel whose cells are compiled Go, with Python inside.\n\nusage: gopy-kernel command [flags]\n\n")
	for _, c := range commands() {
		fmt.Fprintf(p.stdout, "  %-10s %s\n", c.name, c.summary)
	}
}

// explain prints how a command is used. Flags are written with two signs, as Jupyter's own
// programs do; one is understood, too.
func (p *program) explain(flags *flag.FlagSet) {
	for _, c := range commands() {
		if c.name == flags.Name() {
			fmt.Fprintf(p.stdout, "usage: gopy-kernel %s %s\n\n%s %s.\n", c.name, c.args, c.name, c.summary)
		}
	}
	first := true
	flags.VisitAll(func(f *flag.Flag) {
		if first {
			fmt.Fprintln(p.stdout)
			first = false
		}
		value, usage := flag.UnquoteUsage(f)
		fmt.Fprintf(p.stdout, "  --%-22s %s\n", f.Name+" "+value, usage)
	})
}
