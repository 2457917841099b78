// Command gopy-kernel is a Jupyter kernel whose cells are compiled Go, with CPython inside.
//
// `gopy-kernel install` tells Jupyter about it, `gopy-kernel doctor` says what is missing on a
// machine, and `gopy-kernel help` lists all subcommands. Jupyter itself calls
// `gopy-kernel kernel` with the path of a connection file.
//
// The exit code is 0 where all went well, 1 where something failed, which standard error explains,
// and 2 where the command line makes no sense.
package main

import (
	"context"
	"os"
)

func main() {
	os.Exit(run(context.Background(), os.Args, os.Stdout, os.Stderr))
}
