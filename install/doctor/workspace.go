package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// neededSpace is twice what a workspace takes together with what the go command keeps for it.
const neededSpace = 500_000_000

// checkWorkspace reports the folder that holds workspaces and the workspace of this kernel.
func checkWorkspace(c build.Config) (cache, workspace Check) {
	cache = Check{Name: "cache", State: OK, Needed: true}
	workspace = Check{Name: "workspace", State: Missing, Remedy: "gopy-kernel install"}
	s, err := build.Look(c)
	if err != nil {
		cache.State, cache.Found, cache.Remedy = Missing, err.Error(), "set HOME, or XDG_CACHE_HOME to a folder that you can write"
		workspace.Found, workspace.Remedy = "there is no folder for it", ""
		return cache, workspace
	}
	made := !s.Made.IsZero()
	cache.examineFolder(s.Base, made)
	switch {
	case s.Dir == "":
		workspace.Found, workspace.Remedy = "it depends on the version of Go", ""
	case s.Unfit != nil:
		workspace.Found, workspace.Remedy = s.Unfit.Summary(), s.Unfit.Advice()
		workspace.Needed = true
		workspace.fact("path", s.Dir)
	case !made:
		workspace.Found = "not made yet; the first cell would take a minute"
		workspace.State = Note
		workspace.fact("path", s.Dir)
	default:
		workspace.State, workspace.Remedy = OK, ""
		workspace.Found = fmt.Sprintf("made %s", s.Made.Format(time.DateTime))
		workspace.fact("path", s.Dir)
		workspace.fact("size", megabytes(size(s.Dir)))
	}
	return cache, workspace
}

// examineFolder says whether files can be written, and where nothing is made yet, whether there is
// room for it.
func (c *Check) examineFolder(dir string, made bool) {
	c.Found = dir
	free, err := freeSpace(dir)
	if err == nil {
		c.fact("free", megabytes(free))
	}
	if err := writable(dir); err != nil {
		c.State, c.Found = Missing, fmt.Sprintf("%s cannot be written: %v", dir, err)
		c.Remedy = "make it writable, or set XDG_CACHE_HOME to a folder that you can write"
		return
	}
	if err == nil && free < neededSpace && !made {
		c.State, c.Found = Missing, fmt.Sprintf("%s is on a disk that is nearly full; the workspace needs up to %s", dir, megabytes(neededSpace))
		c.Remedy = "make room, or set XDG_CACHE_HOME to a folder on another disk"
	}
}

// checkCell builds a cell that does nothing, and is different each time.
func checkCell(ctx context.Context, c build.Config) Check {
	check := Check{Name: "cell", State: OK, Needed: true}
	took, err := buildCell(ctx, c)
	if err != nil {
		check.State, check.Found = Missing, err.Error()
		check.Remedy = "gopy-kernel install"
		if s, err := build.Look(c); err == nil {
			check.Remedy = fmt.Sprintf("rm -r %s && gopy-kernel install", s.Dir)
		}
		if unfit, ok := errors.AsType[*build.UnfitError](err); ok {
			check.Remedy = unfit.Advice()
		}
		return check
	}
	check.Found = fmt.Sprintf("compiled and linked in %d ms", took.Milliseconds())
	return check
}

func buildCell(ctx context.Context, c build.Config) (time.Duration, error) {
	w, err := build.Open(ctx, c)
	if err != nil {
		return 0, err
	}
	defer w.Close()
	start := time.Now()
	text := fmt.Sprintf("package main\n\nimport (\n\t_ \"runtime\"\n\t_ \"runtime/cgo\"\n)\n\n// %d\nfunc main() {}\n", start.UnixNano())
	object, err := w.Build(ctx, build.Unit{Files: []build.File{{Name: "doctor.go", Text: text}}, Imports: build.Linked, Label: "doctor"})
	if err != nil {
		return 0, err
	}
	return time.Since(start), os.Remove(object.Path)
}

// writable tries to write into a folder, which need not be there yet: then into the nearest that is.
func writable(dir string) error {
	f, err := os.CreateTemp(nearest(dir), ".gopy-doctor-")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

func freeSpace(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(nearest(dir), &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

// nearest is the first of a path and its parents that is there.
func nearest(path string) string {
	for {
		if _, err := os.Stat(path); err == nil || path == filepath.Dir(path) {
			return path
		}
		path = filepath.Dir(path)
	}
}

// size is that of all files in a folder; what vanishes meanwhile is not counted.
func size(dir string) (total int64) {
	_ = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			total += info.Size()
		}
		return nil
	})
	return total
}

func megabytes(n int64) string { return fmt.Sprintf("%d MB", (n+999_999)/1_000_000) }
