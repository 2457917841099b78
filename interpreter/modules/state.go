package modules

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// A state is a folder with go.mod and go.sum as the session has them: a copy of the user's with what
// was fetched for the session, or a module of the session's own. Beside a go.work it is a module that
// belongs to a copy of it.
type state struct {
	place place
	base  string // of the user's files that it was made from
	dir   string
}

// newTrial begins with what was kept last, if the user's files are still what that was made from.
func (s *Session) newTrial(ctx context.Context, progress Progress) (*trial, error) {
	p, err := s.locate(ctx)
	if err != nil {
		return nil, err
	}
	t := &trial{Session: s, place: p, progress: progress}
	if s.current != nil && s.current.base == p.base() {
		t.state = s.current
	}
	if t.state == nil && p.scratch() {
		return t, t.own(ctx)
	}
	return t, nil
}

// own makes a state that the trial may change.
func (t *trial) own(ctx context.Context) error {
	if t.state != nil && t.state != t.current {
		return nil
	}
	if err := t.ownFolder(); err != nil {
		return err
	}
	t.states++
	next := &state{place: t.place, base: t.place.base(), dir: filepath.Join(t.folder, strconv.Itoa(t.states))}
	if err := os.MkdirAll(next.dir, 0o755); err != nil {
		return fmt.Errorf("making the session's folder: %w", err)
	}
	var err error
	if t.state != nil {
		err = copyFiles(t.state.dir, next.dir, "go.mod", "go.sum", "go.work", "go.work.sum")
	} else {
		err = t.fill(ctx, next)
	}
	if err == nil && t.state != nil && t.place.work != "" {
		err = t.writeWork(ctx, next)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("making the session's module: %w", err), os.RemoveAll(next.dir))
	}
	t.state = next
	return nil
}

// fill writes the first files of a state.
func (t *trial) fill(ctx context.Context, next *state) error {
	if t.place.work == "" && t.place.mod != "" {
		sum := strings.TrimSuffix(t.place.mod, ".mod") + ".sum"
		return errors.Join(copyFile(t.place.mod, filepath.Join(next.dir, "go.mod")), copyFile(sum, filepath.Join(next.dir, "go.sum")))
	}
	text := fmt.Sprintf("module session\n\ngo %s\n", t.place.language)
	err := os.WriteFile(filepath.Join(next.dir, "go.mod"), []byte(text), 0o644)
	if err != nil || t.place.work == "" {
		return err
	}
	return errors.Join(copyFile(t.place.work+".sum", filepath.Join(next.dir, "go.work.sum")), t.writeWork(ctx, next))
}

// writeWork writes a go.work that has the user's modules and the session's.
func (t *trial) writeWork(ctx context.Context, next *state) error {
	out, err := t.command(ctx, t.place.dir, "work", "edit", "-json", t.place.work)
	if err != nil {
		return err
	}
	type module struct{ Path, Version string }
	var work struct {
		Go      string
		Use     []struct{ DiskPath string }
		Replace []struct{ Old, New module }
	}
	if err := json.Unmarshal(out, &work); err != nil {
		return err
	}
	b := new(strings.Builder)
	fmt.Fprintf(b, "go %s\n\nuse %q\n", work.Go, next.dir)
	for _, u := range work.Use {
		fmt.Fprintf(b, "use %q\n", t.place.absolute(u.DiskPath))
	}
	for _, r := range work.Replace {
		if r.New.Version == "" {
			r.New.Path = t.place.absolute(r.New.Path)
		}
		fmt.Fprintf(b, "replace %q %s => %q %s\n", r.Old.Path, r.Old.Version, r.New.Path, r.New.Version)
	}
	return os.WriteFile(filepath.Join(next.dir, "go.work"), []byte(b.String()), 0o644)
}

// absolute is a path that stands in the user's go.work.
func (p place) absolute(path string) string {
	path = filepath.FromSlash(path)
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(p.root(), path)
}

func copyFiles(from, to string, names ...string) error {
	for _, name := range names {
		if err := copyFile(filepath.Join(from, name), filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

// copyFile copies a file if it is there.
func copyFile(from, to string) error {
	text, err := os.ReadFile(from)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.WriteFile(to, text, 0o644)
}

// listDir is where packages are looked for.
func (t *trial) listDir() string {
	if t.place.scratch() && t.state != nil {
		return t.state.dir
	}
	return t.place.dir
}

// flags say which go.mod is used.
func (t *trial) flags() []string {
	switch {
	case t.state == nil || t.place.work != "":
		return nil
	case t.place.scratch():
		return t.pretended()
	}
	return []string{"-modfile=" + filepath.Join(t.state.dir, "go.mod")}
}

// compileFlags let the go command add sums to the session's go.sum. It would add newest versions of
// modules too, but those were got before.
func (t *trial) compileFlags() []string {
	flags := t.compileMod()
	if t.config.Overlay != "" && len(t.pretended()) == 0 {
		flags = append(flags, "-overlay="+t.config.Overlay)
	}
	return append(flags, t.config.Flags...)
}

// compileMod are the flags that let the go command change go.mod and go.sum.
func (t *trial) compileMod() []string {
	if t.state == nil || t.place.work != "" {
		return t.flags()
	}
	return append(t.flags(), "-mod=mod")
}

// settle lets the go command bring go.mod and go.sum in order after they were edited.
func (t *trial) settle(ctx context.Context) error {
	_, err := t.command(ctx, t.getDir(), append(append([]string{"list", "-m"}, t.compileMod()...), "all")...)
	return err
}

// getDir is where modules are added: beside a go.work, to the session's module.
func (t *trial) getDir() string {
	if t.place.work != "" {
		return t.state.dir
	}
	return t.listDir()
}
