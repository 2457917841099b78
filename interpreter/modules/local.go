package modules

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// isRelative reports whether an import path is that of a folder.
func isRelative(importPath string) bool {
	return importPath == "." || importPath == ".." || strings.HasPrefix(importPath, "./") || strings.HasPrefix(importPath, "../")
}

// local finds the import path of a package in a folder. If the notebook is in a module the go command
// knows it, and else the session's module gets the module that the folder is in, or that it becomes.
func (t *trial) local(ctx context.Context, relative string) (string, error) {
	dir := filepath.Join(t.place.dir, filepath.FromSlash(relative))
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", &Error{Path: relative, Problem: "there is no folder " + dir}
	}
	if files, err := filepath.Glob(filepath.Join(dir, "*.go")); err == nil && len(files) == 0 {
		return "", &Error{Path: relative, Problem: "no Go files in " + dir}
	}
	if !t.place.scratch() {
		return t.localInModule(ctx, relative)
	}
	gomod, pretended := filepath.Join(dir, "go.mod"), localModule(relative)
	module, root, err := t.moduleOf(ctx, dir)
	if err != nil {
		return "", err
	}
	if module == "" {
		file := filepath.Join(t.folder, strings.ReplaceAll(pretended, "/", "-")+".mod")
		err = errors.Join(
			os.WriteFile(file, fmt.Appendf(nil, "module %s\n\ngo %s\n", pretended, t.place.language), 0o644),
			t.editOverlay(func(files map[string]string) { files[gomod] = file }))
		return pretended, errors.Join(err, t.replace(ctx, pretended, dir))
	}
	inside, err := filepath.Rel(root, dir)
	if err != nil {
		return "", err
	}
	// It may have had none before.
	err = t.editOverlay(func(files map[string]string) { delete(files, gomod) })
	return path.Join(module, filepath.ToSlash(inside)), errors.Join(err, t.replace(ctx, module, root, "-droprequire="+pretended, "-dropreplace="+pretended))
}

// moduleOf is the module that a folder is in, and the module's own folder; empty if there is none.
func (t *trial) moduleOf(ctx context.Context, dir string) (module, root string, err error) {
	out, err := t.ask(ctx, dir, "env", "GOMOD")
	gomod := strings.TrimSpace(string(out))
	if err != nil || gomod == "" || gomod == os.DevNull {
		return "", "", err
	}
	// Not go list -m, which in a workspace names all of its modules.
	if out, err = t.ask(ctx, dir, "mod", "edit", "-json", gomod); err != nil {
		return "", "", t.failure(dir, err)
	}
	var m struct{ Module struct{ Path string } }
	if err := json.Unmarshal(out, &m); err != nil {
		return "", "", fmt.Errorf("reading what go mod edit says: %w", err)
	}
	return m.Module.Path, filepath.Dir(gomod), nil
}

func (t *trial) localInModule(ctx context.Context, relative string) (string, error) {
	found, err := t.find(ctx, []string{relative})
	if err != nil {
		return "", err
	}
	for _, p := range found {
		switch {
		case p.DepOnly:
		case p.Error != nil && !p.lacksSums() && !p.canBeFetched():
			return "", explain(relative, p.Error.Err)
		default:
			return p.ImportPath, nil
		}
	}
	return "", &Error{Path: relative, Problem: "go list does not know it"}
}

// localModule is the path of the module that a folder without one becomes: local/ and the path from
// the notebook's folder.
func localModule(relative string) string {
	return path.Join("local", strings.ReplaceAll(path.Clean(relative), "..", "up"))
}

// replace lets the session's module require a module that is in a folder, besides other edits.
func (t *trial) replace(ctx context.Context, module, dir string, edits ...string) error {
	if err := t.own(ctx); err != nil {
		return err
	}
	const version = "v0.0.0-00010101000000-000000000000" // as the go command calls what has none
	edits = append([]string{"mod", "edit", "-require=" + module + "@" + version, "-replace=" + module + "=" + dir}, edits...)
	_, err := t.command(ctx, t.state.dir, edits...)
	if err == nil { // what the module requires needs sums
		err = t.settle(ctx)
	}
	return t.failure(module, err)
}

// editOverlay changes what the go command sees in place of files. That is how a folder without a go.mod
// gets one: it is the user's, and nothing is written there. What packages are compiled with stays in it.
func (t *trial) editOverlay(edit func(files map[string]string)) error {
	overlay := struct{ Replace map[string]string }{map[string]string{}}
	from := t.config.Overlay
	if len(t.pretended()) > 0 {
		from = t.overlayFile()
	}
	if from != "" {
		old, err := os.ReadFile(from)
		if err == nil {
			err = json.Unmarshal(old, &overlay)
		}
		if err != nil {
			return fmt.Errorf("reading the overlay: %w", err)
		}
	}
	edit(overlay.Replace)
	data, err := json.Marshal(overlay)
	if err != nil {
		return err
	}
	return os.WriteFile(t.overlayFile(), data, 0o644)
}

func (t *trial) overlayFile() string { return filepath.Join(t.folder, "overlay.json") }

// pretended are the flags that let the go command see the pretended files, if there are any.
func (t *trial) pretended() []string {
	if _, err := os.Stat(t.overlayFile()); t.folder == "" || err != nil {
		return nil
	}
	return []string{"-overlay=" + t.overlayFile()}
}
