package build

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// How much a workspace keeps. A session of a day makes some hundred objects of 30 kB.
const (
	mostObjects = 512 << 20 // bytes; when there are more, the oldest half is removed
	mostOthers  = 2         // older workspaces of the same kernel and Go, when nobody uses them
)

// prune removes what nobody will miss: the objects that were not used for the longest time, and the
// workspaces that this one replaces. What cannot be removed stays.
func (w *Workspace) prune() {
	w.pruneObjects(mostObjects)
	w.pruneWorkspaces(mostOthers)
}

func (w *Workspace) pruneObjects(most int64) {
	type object struct {
		path string
		size int64
		used time.Time
	}
	var objects []object
	var total int64
	_ = filepath.WalkDir(filepath.Join(w.dir, "cells"), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			objects = append(objects, object{path, info.Size(), info.ModTime()})
			total += info.Size()
		}
		return nil
	})
	if total <= most {
		return
	}
	slices.SortFunc(objects, func(a, b object) int { return a.used.Compare(b.used) })
	for _, o := range objects {
		if total <= most/2 {
			return
		}
		_ = os.Remove(o.path)
		total -= o.size
	}
}

// pruneWorkspaces removes workspaces whose names differ from this one's in the hash only, but for the
// newest few. One that is open is locked.
func (w *Workspace) pruneWorkspaces(keep int) {
	base, name := filepath.Split(w.dir)
	series := name[:strings.LastIndexByte(name, '-')+1]
	entries, err := os.ReadDir(base)
	if err != nil {
		return
	}
	var others []fs.FileInfo
	for _, e := range entries {
		if e.Name() != name && strings.HasPrefix(e.Name(), series) && !strings.Contains(e.Name()[len(series):], "-") {
			if info, err := e.Info(); err == nil && e.IsDir() {
				others = append(others, info)
			}
		}
	}
	slices.SortFunc(others, func(a, b fs.FileInfo) int { return b.ModTime().Compare(a.ModTime()) })
	for _, o := range others[min(keep, len(others)):] {
		removeUnused(filepath.Join(base, o.Name()))
	}
}

func removeUnused(dir string) {
	l, err := openLock(filepath.Join(dir, "lock"))
	if err != nil {
		return
	}
	defer l.Close()
	if l.tryExclude() == nil {
		_ = os.RemoveAll(dir)
	}
}
