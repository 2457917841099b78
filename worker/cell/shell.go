package cell

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// Shell runs a command of a line that begins with an exclamation mark. What it prints is what the cell
// prints. A command that fails does not end the cell, as in IPython; its exit status is printed.
func Shell(command string) {
	cmd := exec.Command(shell(), "-c", command)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	err := cmd.Run()
	Check()
	var failed *exec.ExitError
	switch {
	case errors.As(err, &failed):
		fmt.Fprintln(os.Stderr, failed)
	case err != nil:
		panic(fmt.Errorf("running %q: %w", command, err))
	}
}

// shell is bash, which people have in mind, or the shell that every system has.
func shell() string {
	if path, err := exec.LookPath("bash"); err == nil {
		return path
	}
	return "sh"
}
