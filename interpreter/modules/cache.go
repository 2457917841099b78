package modules

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// What was found once is found again without the go command, which takes about a second for each request:
// a notebook that is run again asks for the same things in the same order.

// An answer is what the cache keeps of a request.
type answer struct {
	Mod, Sum string // the session's go.mod and go.sum afterwards; empty if the user's own were used
	Packages []Package
	Chosen   []string
}

// cacheKey is a hash over all that decides what is found; "" if that cannot be said: what is local may
// change at any time.
func (t *trial) cacheKey(r Request) string {
	if t.config.Cache == "" || t.place.work != "" || t.place.vendored() || slices.ContainsFunc(r.Import, isRelative) || len(r.Import) == 0 {
		return ""
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q %q %q %q %q %q\n", t.config.Go, t.config.Flags, t.config.Overlay, t.place.goVersion, t.place.goflags, t.place.base())
	fmt.Fprintf(h, "%q %q %q %q\n", r.Import, r.Get, r.Hold, t.chosen)
	mod, sum := t.state.texts()
	fmt.Fprintf(h, "%q %q\n", mod, sum)
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// texts are the go.mod and go.sum of a state.
func (s *state) texts() (mod, sum string) {
	if s == nil {
		return "", ""
	}
	m, _ := os.ReadFile(filepath.Join(s.dir, "go.mod"))
	u, _ := os.ReadFile(filepath.Join(s.dir, "go.sum")) // there is none before something was fetched
	return string(m), string(u)
}

// cached is what was found before for a request, nil if nothing was or if it would be something else now.
func (t *trial) cached(ctx context.Context, key string, r Request) (*Found, error) {
	if key == "" || r.Anew {
		return nil, nil
	}
	data, err := os.ReadFile(t.cacheFile(key))
	if err != nil {
		return nil, nil
	}
	var a answer
	if json.Unmarshal(data, &a) != nil || !t.holds(a) {
		return nil, nil
	}
	if a.Mod != "" {
		if err := t.own(ctx); err != nil {
			return nil, err
		}
		err := errors.Join(os.WriteFile(filepath.Join(t.state.dir, "go.mod"), []byte(a.Mod), 0o644),
			os.WriteFile(filepath.Join(t.state.dir, "go.sum"), []byte(a.Sum), 0o644))
		if err != nil {
			return nil, err
		}
	}
	return &Found{Packages: a.Packages, Paths: map[string]string{}, session: t.Session, state: t.state, chosen: a.Chosen}, nil
}

// holds reports whether an answer is still one: what was compiled is there, and no module was used in
// another version since, which the session would have to be raised to.
func (t *trial) holds(a answer) bool {
	known := t.remembered()
	for _, p := range a.Packages {
		if _, err := os.Stat(p.Export); err != nil {
			return false
		}
		if v := known[p.Module.Path]; t.place.scratch() && v != "" && p.Module.Replace == nil && v != p.Module.Version {
			return false
		}
	}
	return true
}

// cache keeps what was found. It is a convenience: where that fails, nothing is lost.
func (t *trial) cache(key string, f *Found) {
	if key == "" || slices.ContainsFunc(f.Packages, func(p Package) bool { return p.Local() || len(p.CgoFiles) > 0 }) {
		return
	}
	a := answer{Packages: f.Packages, Chosen: f.chosen}
	a.Mod, a.Sum = t.state.texts()
	data, err := json.Marshal(a)
	if err != nil || os.MkdirAll(t.config.Cache, 0o755) != nil {
		return
	}
	t.emptyCache()
	_ = writeWhole(t.cacheFile(key), data)
}

func (t *trial) cacheFile(key string) string { return filepath.Join(t.config.Cache, key+".json") }

// emptyCache removes all answers when they have become many: each is some 50 kB.
func (t *trial) emptyCache() {
	const most = 1000
	entries, err := os.ReadDir(t.config.Cache)
	if err != nil || len(entries) < most {
		return
	}
	for _, e := range entries {
		if strings.HasSuffix(e.Name(), ".json") {
			_ = os.Remove(filepath.Join(t.config.Cache, e.Name()))
		}
	}
}

// writeWhole puts a file in its place whole, for other sessions may read it.
func writeWhole(path string, data []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), "new-")
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}
