package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"
)

// kernel runs the kernel until a client shuts it down.
func (p *program) kernel(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("kernel", flag.ContinueOnError)
	if err := p.parse(flags, args, 1); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	// Interrupts come as messages (interrupt_mode in kernel.json). A Ctrl-C in the terminal where the
	// server was started reaches the kernel as well in some set-ups, and must not end it.
	// Not signal.Ignore, which all child processes would inherit.
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	return runKernel(ctx, flags.Arg(0), p.stderr)
}
