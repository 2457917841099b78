package locate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
)

// A cache keeps what interpreters have said, by path and by the state of the files behind it. A
// broken or unwritable file only costs time, so that its errors are dropped on purpose.
type cache struct {
	file    string
	changed bool
	entries map[string]cached
}

type cached struct {
	State  string  `json:"state"`
	Python *Python `json:"python"`
}

func openCache(file string) *cache {
	c := &cache{file: file, entries: map[string]cached{}}
	if file == "" {
		return c
	}
	text, err := os.ReadFile(file)
	if err != nil || json.Unmarshal(text, &c.entries) != nil {
		c.entries = map[string]cached{}
	}
	return c
}

func (c *cache) get(path string) *Python {
	entry, found := c.entries[path]
	if !found || entry.Python == nil || entry.State != fileState(path) {
		return nil
	}
	return entry.Python
}

func (c *cache) put(path string, p *Python) {
	if state := fileState(path); state != "" {
		c.entries[path] = cached{State: state, Python: p}
		c.changed = true
	}
}

func (c *cache) save() {
	if c.file == "" || !c.changed {
		return
	}
	text, err := json.Marshal(c.entries)
	if err != nil {
		return
	}
	if os.MkdirAll(filepath.Dir(c.file), 0o755) != nil {
		return
	}
	// Written beside and renamed, so that two programs that start at once never read half a file.
	temporary := fmt.Sprintf("%s.%d", c.file, os.Getpid())
	if os.WriteFile(temporary, text, 0o644) == nil {
		_ = os.Rename(temporary, c.file)
	}
}

// fileState says by what an answer holds: when the interpreter and its environment were made. Empty
// for scripts, such as pyenv's shims, which give another answer in another folder.
func fileState(path string) string {
	info, err := os.Stat(path)
	if err != nil || isScript(path) {
		return ""
	}
	state := fmt.Sprintf("%d %d", info.ModTime().UnixNano(), info.Size())
	if cfg, err := os.Stat(filepath.Join(filepath.Dir(filepath.Dir(path)), "pyvenv.cfg")); err == nil {
		state += fmt.Sprintf(" %d", cfg.ModTime().UnixNano())
	}
	return state
}

func isScript(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	start := make([]byte, 2)
	_, err = f.Read(start)
	return err == nil && bytes.Equal(start, []byte("#!"))
}
