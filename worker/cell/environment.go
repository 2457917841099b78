package cell

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Chdir changes the working directory, for %cd, and prints it. ~ is the home folder, and that is meant if
// nothing is said.
func Chdir(folder string) {
	folder = os.ExpandEnv(folder)
	if rest, ok := strings.CutPrefix(folder, "~"); ok || folder == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			panic(fmt.Errorf("finding the home folder: %w", err))
		}
		folder = filepath.Join(home, rest)
	}
	if err := os.Chdir(folder); err != nil {
		panic(err)
	}
	Pwd()
}

// Pwd prints the working directory, for %pwd.
func Pwd() {
	folder, err := os.Getwd()
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(os.Stdout, folder)
}

// Env sets an environment variable, NAME=VALUE or NAME VALUE, or prints one, or all, for %env.
func Env(what string) {
	what = strings.TrimSpace(what)
	switch end := strings.IndexAny(what, "= \t"); {
	case what == "":
		all := os.Environ()
		slices.Sort(all)
		fmt.Fprintln(os.Stdout, strings.Join(all, "\n"))
	case end < 0:
		value, ok := os.LookupEnv(what)
		if !ok {
			panic(fmt.Errorf("there is no environment variable %s", what))
		}
		fmt.Fprintln(os.Stdout, value)
	default:
		if err := os.Setenv(what[:end], os.ExpandEnv(strings.TrimSpace(what[end+1:]))); err != nil {
			panic(err)
		}
	}
}
