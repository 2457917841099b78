// Command pybridge measures the bridge beside CPython: what a Go loop needs for a call, and what CPython's
// own loop needs for the same, in the same process, in turns. With -pyo3 and -jep it also runs the same
// measures in Rust and in Java. The README of the folder above says how to read the table.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// Calls are measured on the main thread, where cells run.
func init() { runtime.LockOSThread() }

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "pybridge:", err)
		os.Exit(1)
	}
}

// options are what the command line says.
type options struct {
	python string
	only   string
	rounds int
	chunk  time.Duration
	pyo3   string
	jep    string
}

func parseOptions(args []string, errOut io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("pybridge", flag.ContinueOnError)
	f.SetOutput(errOut)
	f.StringVar(&o.python, "python", "", "interpreter, or folder of an environment; found by itself if empty")
	f.StringVar(&o.only, "only", "", "part of the names of the measures to make")
	f.IntVar(&o.rounds, "rounds", 50, "times that each measure is made; the best counts")
	f.DurationVar(&o.chunk, "chunk", 2*time.Millisecond, "how long one measure takes")
	f.StringVar(&o.pyo3, "pyo3", "", "folder of the crate bench/peers/pyo3, to measure it too; needs cargo")
	f.StringVar(&o.jep, "jep", "", "folder bench/peers/jep, to measure it too; needs a JDK and a Python with the package jep")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.rounds < 1 || o.chunk <= 0 {
		return o, errors.New("rounds must be 1 or more, chunk above 0")
	}
	return o, nil
}

// run is the program: flags, Python, measures, table.
func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	o, err := parseOptions(args, errOut)
	if err != nil {
		return err
	}
	rt, err := pybridge.Open(ctx, pybridge.Config{Python: o.python, MainThread: true})
	if err != nil {
		return err
	}
	rows, err := measureAll(ctx, rt, o)
	if err != nil {
		return err
	}
	if err := addPeers(ctx, rows, o, rt.Info()); err != nil {
		return err
	}
	return writeTable(out, rt, o, rows)
}

// addPeers runs the peers that are asked for, one after the other.
func addPeers(ctx context.Context, rows []*row, o options, python locate.Candidate) error {
	if o.pyo3 != "" {
		if err := pyo3(ctx, o.pyo3, python).add(rows); err != nil {
			return err
		}
	}
	if o.jep == "" {
		return nil
	}
	p, err := jep(ctx, o.jep, python)
	if err != nil {
		return err
	}
	return p.add(rows)
}
