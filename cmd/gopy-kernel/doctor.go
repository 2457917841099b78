package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"

	"github.com/gopy-kernel/gopy-kernel/install/doctor"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// errNotReady makes doctor end with 1 after a report that says what is missing.
var errNotReady = errors.New("cells cannot run")

func (p *program) doctor(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print the report as JSON, for programs")
	if err := p.parse(flags, args, 0); err != nil {
		return err
	}
	report := doctor.Examine(ctx, doctor.Config{
		Version:   version,
		Workspace: workspaceConfig(nil),
		Python:    locate.Options{},
	})
	if err := p.print(report, *asJSON); err != nil {
		return err
	}
	if !report.Ready {
		return errNotReady
	}
	return nil
}

func (p *program) print(report *doctor.Report, asJSON bool) error {
	if !asJSON {
		return report.Write(p.stdout)
	}
	e := json.NewEncoder(p.stdout)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(report)
}
