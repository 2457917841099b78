// Command bench measures Jupyter kernels side by side: the same raw client, the same measures, one
// run, in random order. The README beside it says how to run it and how to read the table.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/gopy-kernel/gopy-kernel/bench/jupyter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// run is the program: flags, kernelspecs, measures, table.
func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	o, err := parseOptions(args, errOut)
	if err != nil {
		return err
	}
	specs, err := findAll(o)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(errOut, nil))
	report, err := measureAll(ctx, o, specs, log)
	if err != nil {
		return err
	}
	if err := report.writeTable(out); err != nil {
		return err
	}
	return report.writeJSON(o.jsonFile)
}

// options are what the command line says.
type options struct {
	kernels  []string
	venv     string
	dialect  string
	rounds   int
	starts   int
	cells    int
	lines    int
	only     string
	jsonFile string
	timeout  time.Duration
	settle   time.Duration
}

func parseOptions(args []string, errOut io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(errOut)
	f.Usage = func() {
		fmt.Fprintln(errOut, "usage: bench [flags] kernel...   (the first is the one that others are compared with)")
		f.PrintDefaults()
	}
	f.StringVar(&o.venv, "venv", jupyter.FindVenv(), "virtual environment whose kernels and programs come first")
	f.StringVar(&o.dialect, "dialect", "", "snippets to use instead of those chosen by what a kernel says it is: go, gonb, python")
	f.IntVar(&o.rounds, "rounds", 3, "times that all measures are made for each kernel")
	f.IntVar(&o.starts, "starts", 5, "processes started for each kernel in a round, to time the start")
	f.IntVar(&o.cells, "cells", 50, "cells of each series in a process")
	f.IntVar(&o.lines, "lines", 100_000, "lines printed by one cell")
	f.StringVar(&o.only, "only", "", "part of the names of the measures to make; start is always made")
	f.StringVar(&o.jsonFile, "json", "", "file for all samples")
	f.DurationVar(&o.timeout, "timeout", 60*time.Second, "longest wait for one answer")
	f.DurationVar(&o.settle, "settle", time.Second, "pause before memory is read and before a loop is interrupted")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	o.kernels = f.Args()
	switch {
	case len(o.kernels) == 0:
		f.Usage()
		return o, errors.New("no kernel named")
	case o.rounds < 1 || o.starts < 1 || o.cells < 2 || o.lines < 1:
		return o, errors.New("rounds, starts and lines must be 1 or more, cells 2 or more")
	}
	return o, nil
}

func findAll(o options) ([]jupyter.Spec, error) {
	specs := make([]jupyter.Spec, len(o.kernels))
	for i, name := range o.kernels {
		spec, err := jupyter.Find(name, jupyter.DataDirs(o.venv))
		if err != nil {
			return nil, err
		}
		specs[i] = spec
	}
	return specs, nil
}

// writeJSON writes all samples to a file; an empty name means that nobody asked.
func (r *report) writeJSON(file string) error {
	if file == "" {
		return nil
	}
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return fmt.Errorf("encode the samples: %w", err)
	}
	if err := os.WriteFile(file, append(text, '\n'), 0o644); err != nil {
		return fmt.Errorf("write the samples: %w", err)
	}
	return nil
}
