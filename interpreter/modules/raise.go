package modules

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A worker cannot exchange a package that it has loaded, and a session imports one thing after the
// other. By the go command's rule, the lowest versions that will do, the third import would often ask
// for a newer golang.org/x/text than the first has brought. So where the session has a module of its own,
// what was fetched gets what it imports in the versions that were used last on this machine, and the
// modules that half the world imports, and which keep what they promise, in their newest.

// raise does so for what packages import. Where it cannot, nothing is changed.
func (t *trial) raise(ctx context.Context, paths []string, pinned []string) error {
	if !t.place.scratch() {
		return nil
	}
	found, err := t.find(ctx, paths)
	if err != nil {
		return err
	}
	known := t.remembered()
	edits, newest := newSet(), newSet()
	for _, p := range found {
		m := p.Module
		if p.Standard || m == nil || p.Local() || m.Replace != nil || slices.Contains(pinned, m.Path) {
			continue
		}
		switch version := known[m.Path]; {
		case version != "" && version != m.Version:
			edits.add("-require=" + m.Path + "@" + version) // the newer one of this and of what is needed counts
		case version == "" && keepsPromises(m.Path):
			newest.add(m.Path + "@latest")
		}
	}
	if len(newest.list) > 0 {
		if err := t.get(ctx, newest.list); ctx.Err() != nil {
			return err
		}
	}
	if len(edits.list) == 0 {
		return nil
	}
	return t.edit(ctx, paths, edits.list)
}

// keepsPromises reports whether newer versions of a module can be taken for older ones.
func keepsPromises(module string) bool {
	return strings.HasPrefix(module, "golang.org/x/") || strings.HasPrefix(module, "google.golang.org/")
}

// edit changes go.mod, unless packages cannot be found then.
func (t *trial) edit(ctx context.Context, paths, edits []string) error {
	before := filepath.Join(t.state.dir, "before")
	if err := os.MkdirAll(before, 0o755); err != nil {
		return err
	}
	defer os.RemoveAll(before)
	if err := copyFiles(t.state.dir, before, "go.mod", "go.sum"); err != nil {
		return err
	}
	_, err := t.command(ctx, t.state.dir, append([]string{"mod", "edit"}, edits...)...)
	if err == nil {
		err = t.settle(ctx)
	}
	if err == nil {
		_, err = t.command(ctx, t.state.dir, append(append([]string{"list", "-deps"}, t.compileMod()...), paths...)...)
	}
	if err == nil || ctx.Err() != nil {
		return err
	}
	return copyFiles(before, t.state.dir, "go.mod", "go.sum")
}

// A set is a list in which each stands once.
type set struct {
	list []string
	has  map[string]bool
}

func newSet() *set { return &set{has: map[string]bool{}} }

func (s *set) add(e string) {
	if !s.has[e] {
		s.has[e] = true
		s.list = append(s.list, e)
	}
}
