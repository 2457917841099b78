package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strings"
)

// A command is a subcommand of the program.
type command struct {
	name    string
	args    string
	summary string
	run     func(p *program, ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"kernel", "CONNECTION_FILE", "runs the kernel; Jupyter calls it, with a connection file or a registration file", (*program).kernel},
		{"install", "[flags]", "tells Jupyter about the kernel, and makes the workspace that cells are built in", (*program).install},
		{"uninstall", "[flags]", "makes Jupyter forget the kernel", (*program).uninstall},
		{"doctor", "[--json]", "says what was found on this machine, and what to type where something is missing", (*program).doctor},
		{"pygen", "MODULE [flags]", "writes a Go package for a Python module: a function for each of its callables, a type for each class", (*program).pygen},
		{"version", "", "prints the versions of the kernel, of Go and of the protocol", (*program).version},
		{"help", "[command]", "explains a command", (*program).help},
	}
}

// A program is one call of gopy-kernel.
type program struct {
	called         string // as what the program was called
	stdout, stderr io.Writer
}

// run is the program. Args[0] is as what it was called; what is returned is the exit code.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	p := &program{called: args[0], stdout: stdout, stderr: stderr}
	err := p.dispatch(ctx, args[1:])
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if !errors.Is(err, errNotReady) { // the report has said everything
		fmt.Fprintln(stderr, "gopy-kernel:", err)
	}
	if usage, ok := errors.AsType[*usageError](err); ok {
		fmt.Fprintln(stderr, "see:", strings.TrimSpace("gopy-kernel help "+usage.command))
		return 2
	}
	return 1
}

func (p *program) dispatch(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return &usageError{text: "a command is missing"}
	}
	name := args[0]
	switch name {
	case "-h", "-help", "--help":
		name = "help"
	case "-version", "--version":
		name = "version"
	}
	for _, c := range commands() {
		if c.name == name {
			return c.run(p, ctx, args[1:])
		}
	}
	return &usageError{text: fmt.Sprintf("there is no command %q", name)}
}

// A usageError says what is wrong with the command line.
type usageError struct {
	command string // empty if it is not known
	text    string
}

func (e *usageError) Error() string { return e.text }

// parse reads the flags of a command, which takes so many operands besides, before them or after. It returns
// flag.ErrHelp when it has printed the command's help.
func (p *program) parse(flags *flag.FlagSet, args []string, operands int) error {
	flags.SetOutput(io.Discard)
	err := flags.Parse(args)
	var given []string
	for err == nil && flags.NArg() > 0 && len(given) < operands {
		given = append(given, flags.Arg(0))
		err = flags.Parse(flags.Args()[1:])
	}
	if err == nil {
		err = flags.Parse(append(append([]string{"--"}, given...), flags.Args()...)) // they are the operands
	}
	switch {
	case errors.Is(err, flag.ErrHelp):
		p.explain(flags)
		return err
	case err != nil:
		return &usageError{flags.Name(), flags.Name() + ": " + err.Error()}
	case flags.NArg() > operands:
		return &usageError{flags.Name(), fmt.Sprintf("%s: %q is one argument too many", flags.Name(), flags.Arg(operands))}
	case flags.NArg() < operands:
		return &usageError{flags.Name(), flags.Name() + ": an argument is missing"}
	}
	return nil
}
