package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
)

// programPath is the path by which Jupyter is to start this program. That is the path by which it was
// called, and not what a link there leads to: links in a folder for programs, as Homebrew and stow
// make them, stay when the version behind them changes.
func programPath(called string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding the path of this program: %w", err)
	}
	path, err := exec.LookPath(called)
	if err != nil {
		return self, nil
	}
	if path, err = filepath.Abs(path); err != nil || !sameFile(path, self) || isTemporary(path) {
		return self, nil
	}
	return path, nil
}

func sameFile(a, b string) bool {
	first, err := os.Stat(a)
	if err != nil {
		return false
	}
	second, err := os.Stat(b)
	return err == nil && os.SameFile(first, second)
}

// isTemporary reports whether a program will not stay where it is: it is in the folder for temporary
// files, or go run has made it, which keeps programs in its build folder or in its cache.
func isTemporary(program string) bool {
	for _, dir := range []string{os.TempDir(), "/tmp", "/var/tmp"} {
		if within(program, dir) {
			return true
		}
	}
	return madeByGoRun.MatchString(filepath.ToSlash(program))
}

var madeByGoRun = regexp.MustCompile(`/go-build\d+/b\d+/exe/[^/]+$|/[0-9a-f]{64}-d/[^/]+$`)

func within(path, dir string) bool {
	for _, d := range []string{dir, resolved(dir)} {
		if rel, err := filepath.Rel(d, path); err == nil && rel != ".." && !strings.HasPrefix(rel, "../") {
			return true
		}
	}
	return false
}

func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}
