package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// historyFile is where cells are kept from one session to the next: what GOPY_HISTORY names, else a file in the
// user's folder for such things. It is empty if GOPY_HISTORY is "off".
func historyFile() (string, error) {
	switch named := os.Getenv("GOPY_HISTORY"); {
	case named == "off":
		return "", nil
	case named != "":
		return filepath.Abs(named)
	}
	// A path that is not absolute is to be ignored: https://specifications.freedesktop.org/basedir-spec.
	state := os.Getenv("XDG_STATE_HOME")
	if !filepath.IsAbs(state) {
		home, err := os.UserHomeDir()
		if err != nil {
			return "", fmt.Errorf("looking for the folder of the history: %w", err)
		}
		state = filepath.Join(home, ".local", "state")
	}
	return filepath.Join(state, "gopy-kernel", "history.jsonl"), nil
}
