package build

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// How much a workspace keeps. A session of a day makes some hundred objects of 30 kB; the libraries of
// thirty large modules take 100 MB.
const (
	mostObjects   = 512 << 20 // bytes; when there are more, the oldest half is removed
	mostLibraries = 2 << 30
	mostOthers    = 2 // older workspaces of the same kernel and Go, when nobody uses them
)

// prune removes what nobody will miss: the objects and libraries that were not used for the longest time,
// and the workspaces that this one replaces. What cannot be removed stays.
func (w *Workspace) prune() {
	w.pruneObjects(mostObjects)
	w.pruneLibraries(mostLibraries)
	w.pruneWorkspaces(mostOthers)
}

// A kept thing is an object, or the folder of a library.
type kept struct {
	path string
	size int64
	used time.Time
}

func (w *Workspace) pruneObjects(most int64) {
	var objects []kept
	eachFile(filepath.Join(w.dir, "cells"), func(path string, info fs.FileInfo) {
		objects = append(objects, kept{path, info.Size(), info.ModTime()})
	})
	removeOldest(objects, most)
}

func (w *Workspace) pruneLibraries(most int64) {
	entries, err := os.ReadDir(filepath.Join(w.dir, libraries))
	if err != nil {
		return
	}
	var found []kept
	for _, e := range entries {
		info, err := e.Info()
		if err != nil {
			continue
		}
		l := kept{path: filepath.Join(w.dir, libraries, e.Name()), used: info.ModTime()}
		eachFile(l.path, func(_ string, info fs.FileInfo) { l.size += info.Size() })
		found = append(found, l)
	}
	removeOldest(found, most)
}

// eachFile calls f with the files in a folder and below.
func eachFile(dir string, f func(path string, info fs.FileInfo)) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return nil
		}
		if info, err := d.Info(); err == nil {
			f(path, info)
		}
		return nil
	})
}

// removeOldest removes what was not used for the longest time, if there is too much, until half of that is
// left.
func removeOldest(things []kept, most int64) {
	var total int64
	for _, t := range things {
		total += t.size
	}
	if total <= most {
		return
	}
	slices.SortFunc(things, func(a, b kept) int { return a.used.Compare(b.used) })
	for _, t := range things {
		if total <= most/2 {
			return
		}
		_ = os.RemoveAll(t.path)
		total -= t.size
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
