package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// version is the version of the kernel. It stands nowhere else.
const version = "0.1.0-dev"

func (p *program) version(_ context.Context, args []string) error {
	if err := p.parse(flag.NewFlagSet("version", flag.ContinueOnError), args, 0); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.stdout, "gopy-kernel %s\nbuilt with  %s for %s/%s\nprotocol    %s\n",
		version, runtime.Version(), runtime.GOOS, runtime.GOARCH, messaging.ProtocolVersion)
	return err
}
