package build

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"
)

// A State is what can be said of a workspace without making it.
type State struct {
	Base string    // the folder that holds all workspaces
	Dir  string    // the workspace's own; empty without a toolchain
	Made time.Time // when it was completed; zero if it was not
	// Unfit is set where it could not be made of this version of Go, when that was tried last.
	Unfit *UnfitError
}

// Look says where Open finds or makes the workspace, and whether it is there. It changes nothing and
// looks for no toolchain: without c.Toolchain, only Base is known. The error is that of a machine
// that has no cache folder.
func Look(c Config) (State, error) {
	var s State
	var err error
	if s.Base, err = c.base(); err != nil || c.Toolchain == nil {
		return s, err
	}
	dir, id, err := c.folder()
	if err != nil {
		return s, err
	}
	s.Dir = dir
	if _, err := readManifest(dir, id); err != nil {
		if why, err := os.ReadFile(filepath.Join(dir, unfitFile)); err == nil {
			s.Unfit = &UnfitError{c.Toolchain.Version, errors.New(string(why))}
		}
		return s, nil // Open will make it, for whatever reason it is not complete
	}
	if info, err := os.Stat(manifestFile(dir)); err == nil {
		s.Made = info.ModTime()
	}
	return s, nil
}

func manifestFile(dir string) string { return filepath.Join(dir, "manifest.json") }

func readManifest(dir, id string) (manifest, error) {
	var m manifest
	data, err := os.ReadFile(manifestFile(dir))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(data, &m); err != nil {
		return m, err
	}
	if m.ID != id {
		return m, errors.New("the workspace is of another kernel")
	}
	return m, nil
}
