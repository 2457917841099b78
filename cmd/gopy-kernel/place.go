package main

import (
	"context"
	"flag"
	"fmt"
	"path/filepath"

	"github.com/gopy-kernel/gopy-kernel/install"
)

// place is the flags that say which kernelspec is meant.
type place struct {
	user      bool
	sysPrefix bool
	prefix    string
	name      string
}

func (f *place) register(flags *flag.FlagSet) {
	flags.BoolVar(&f.user, "user", false, "for this user; so it is without a flag")
	flags.BoolVar(&f.sysPrefix, "sys-prefix", false, "in the active Python environment, venv or conda")
	flags.StringVar(&f.prefix, "prefix", "", "in `P`/share/jupyter/kernels")
	flags.StringVar(&f.name, "name", install.DefaultName, "the kernelspec is called `N`")
}

// check finds what is wrong with the flags alone.
func (f *place) check(command string) error {
	given := 0
	for _, is := range []bool{f.user, f.sysPrefix, f.prefix != ""} {
		if is {
			given++
		}
	}
	if given > 1 {
		return &usageError{command, command + ": only one of --user, --sys-prefix and --prefix can be given"}
	}
	name, err := install.CheckName(f.name)
	if err != nil {
		return &usageError{command, fmt.Sprintf("%s: --name: %v", command, err)}
	}
	f.name = name
	return nil
}

// kernels returns the folder of kernelspecs, and the prefix that it belongs to if it has one.
func (f *place) kernels(ctx context.Context) (dir, prefix string, err error) {
	switch {
	case f.sysPrefix:
		prefix, err = install.ActivePrefix(ctx)
	case f.prefix != "":
		prefix, err = filepath.Abs(f.prefix)
	default:
		dir, err = install.UserKernels()
		return dir, "", err
	}
	return install.PrefixKernels(prefix), prefix, err
}
