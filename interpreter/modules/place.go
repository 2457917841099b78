package modules

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A place is what the go command finds in the notebook's folder.
type place struct {
	dir       string
	mod       string // the user's go.mod; empty if there is none
	work      string // the user's go.work
	language  string // 1.26
	goVersion string
	goflags   string // those of the user's flags that hold
}

// locate asks the go command where it would look. The user may have made a go.mod since the last time.
func (s *Session) locate(ctx context.Context) (place, error) {
	out, err := s.ask(ctx, s.config.Dir, "env", "-json", "GOMOD", "GOWORK", "GOFLAGS", "GOVERSION")
	if err != nil {
		return place{}, fmt.Errorf("asking the go command for the notebook's module: %w", err)
	}
	var env struct{ GOMOD, GOWORK, GOFLAGS, GOVERSION string }
	if err := json.Unmarshal(out, &env); err != nil {
		return place{}, fmt.Errorf("asking the go command for the notebook's module: %w", err)
	}
	p := place{dir: s.config.Dir, mod: env.GOMOD, work: env.GOWORK, goflags: keptFlags(env.GOFLAGS), goVersion: env.GOVERSION}
	if p.mod == os.DevNull {
		p.mod = ""
	}
	if p.work == "off" {
		p.work = ""
	}
	parts := strings.SplitN(strings.TrimPrefix(env.GOVERSION, "go"), ".", 3)
	p.language = strings.Join(parts[:min(2, len(parts))], ".")
	return p, nil
}

// keptFlags are the user's flags that say how modules are used. What changes compiled code is left
// out: packages have to fit to the standard library in the worker.
func keptFlags(goflags string) string {
	return strings.Join(slices.DeleteFunc(strings.Fields(goflags), func(f string) bool {
		name, _, _ := strings.Cut(strings.TrimLeft(f, "-"), "=")
		return name != "mod" && name != "modcacherw"
	}), " ")
}

// scratch reports whether the user has no module here, so that the session has one of its own.
func (p place) scratch() bool { return p.mod == "" && p.work == "" }

// root is the folder of the user's go.work or go.mod.
func (p place) root() string {
	if p.work != "" {
		return filepath.Dir(p.work)
	}
	return filepath.Dir(p.mod)
}

func (p place) vendor() string { return filepath.Join(p.root(), "vendor") }

// vendored reports whether the go command uses a vendor folder.
func (p place) vendored() bool {
	if p.scratch() || strings.Contains(p.goflags, "mod=mod") {
		return false
	}
	_, err := os.Stat(filepath.Join(p.vendor(), "modules.txt"))
	return err == nil
}

// base is a hash of the user's files that say which versions are used.
func (p place) base() string {
	h := sha256.New()
	fmt.Fprintf(h, "%q %q\n", p.mod, p.work)
	for _, path := range []string{p.mod, strings.TrimSuffix(p.mod, ".mod") + ".sum", p.work, p.work + ".sum"} {
		text, err := os.ReadFile(path)
		fmt.Fprintf(h, "%t %d\n", err == nil, len(text))
		h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil))
}
