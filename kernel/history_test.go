package kernel_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/kernel"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// A historian is a kernel with a history file, and a front end that asks it.
type historian struct {
	*running
	client *kerneltest.Client
	t      testing.TB
	ran    int
}

func withHistory(t testing.TB, file string, options ...func(*kernel.Config)) *historian {
	t.Helper()
	options = append(options, func(c *kernel.Config) { c.HistoryFile = file })
	r := start(t, messaging.NewMemory(), &play{}, options...)
	return &historian{running: r, client: r.dial(t), t: t}
}

func (h *historian) run(cells ...string) *historian {
	h.t.Helper()
	for _, code := range cells {
		h.ran++
		h.client.Run(code, h.ran)
	}
	return h
}

// end ends the kernel, which has then written everything.
func (h *historian) end() {
	h.t.Helper()
	h.stop()
	require.NoError(h.t, h.wait(h.t))
	h.client.RecvEnd()
}

func (h *historian) ask(request map[string]any) []messaging.HistoryEntry {
	h.t.Helper()
	reply := h.client.Ask(messaging.Shell, messaging.TypeHistoryRequest, request)
	return kerneltest.Content[messaging.HistoryReply](h.t, reply).History
}

func (h *historian) tail(n int) []string {
	h.t.Helper()
	texts := []string{}
	for _, e := range h.ask(map[string]any{"hist_access_type": "tail", "n": n}) {
		texts = append(texts, e.Input)
	}
	return texts
}

func TestHistoryOfEarlierSessions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a folder", "history.jsonl")
	withHistory(t, file).run("a1", "ü\n\"2\"").end()
	withHistory(t, file).end() // ran nothing, and has a number all the same
	withHistory(t, file).run("a1", "c").end()
	h := withHistory(t, file).run("a4")
	type entry = messaging.HistoryEntry
	first, second := entry{Session: 1, Line: 1, Input: "a1"}, entry{Session: 1, Line: 2, Input: "ü\n\"2\""}
	third, fourth, ours := entry{Session: 3, Line: 1, Input: "a1"}, entry{Session: 3, Line: 2, Input: "c"}, entry{Session: 4, Line: 1, Input: "a4"}
	tests := []struct {
		name    string
		request map[string]any
		want    []entry
	}{
		{"tail", map[string]any{"hist_access_type": "tail", "n": 2}, []entry{fourth, ours}},
		{"tail of more than there is", map[string]any{"hist_access_type": "tail", "n": 1000}, []entry{first, second, third, fourth, ours}},
		{"range of this session", map[string]any{"hist_access_type": "range", "session": 0, "start": 1}, []entry{ours}},
		{"range of this session by number", map[string]any{"hist_access_type": "range", "session": 4, "start": 1}, []entry{ours}},
		{"range of the session before", map[string]any{"hist_access_type": "range", "session": -1, "start": 1}, []entry{third, fourth}},
		{"range of a session without cells", map[string]any{"hist_access_type": "range", "session": -2, "start": 1}, []entry{}},
		{"range of the first", map[string]any{"hist_access_type": "range", "session": 1, "start": 2, "stop": 3}, []entry{second}},
		{"range of a session that never was", map[string]any{"hist_access_type": "range", "session": -9, "start": 1}, []entry{}},
		{"search", map[string]any{"hist_access_type": "search", "pattern": "a*"}, []entry{first, third, ours}},
		{"search, newest", map[string]any{"hist_access_type": "search", "pattern": "a*", "n": 2}, []entry{third, ours}},
		{"search, each once", map[string]any{"hist_access_type": "search", "pattern": "*", "unique": true}, []entry{second, third, fourth, ours}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, h.ask(tt.request)) })
	}
}

func TestHistoryFileIsForItsOwnerAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "gopy-kernel", "history.jsonl")
	withHistory(t, file).run("x").end()
	for path, want := range map[string]os.FileMode{file: 0o600, filepath.Dir(file): 0o700} {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, want, info.Mode().Perm())
	}
}

func TestWhatIsNotOfTheHistoryIsNotWritten(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history.jsonl")
	h := withHistory(t, file).run("kept")
	id := h.client.Execute("secret", kerneltest.With("store_history", false))
	h.client.RecvBusy(id)
	h.client.RecvInput(id, "secret", 1)
	h.client.RecvIdle(id)
	h.client.RecvExecuteReply(id, messaging.StatusOK, 1)
	id = h.client.Execute("secret", kerneltest.With("silent", true), kerneltest.With("store_history", true))
	h.client.RecvBusy(id)
	h.client.RecvIdle(id)
	h.client.RecvExecuteReply(id, messaging.StatusOK, 1)
	h.end()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.Equal(t, "{\"session\":1}\n{\"session\":1,\"line\":1,\"input\":\"kept\"}\n", string(text))
}

func TestKernelsShareAHistory(t *testing.T) {
	const kernels, cells = 4, 50
	file := filepath.Join(t.TempDir(), "history.jsonl")
	var running sync.WaitGroup
	for range kernels {
		h := withHistory(t, file)
		running.Go(func() {
			for n := range cells {
				h.run(fmt.Sprint("cell ", n))
			}
			h.end()
		})
	}
	running.Wait()
	h := withHistory(t, file)
	found := map[int]int{}
	for _, e := range h.ask(map[string]any{"hist_access_type": "tail", "n": 10_000}) {
		found[e.Session]++
		assert.Equal(t, fmt.Sprint("cell ", found[e.Session]-1), e.Input, "in the order of its session")
	}
	assert.Equal(t, map[int]int{1: cells, 2: cells, 3: cells, 4: cells}, found)
}

func TestHistoryFileThatIsDamaged(t *testing.T) {
	const whole = "{\"session\":7}\n{\"session\":7,\"line\":1,\"input\":\"before\"}\n"
	for name, damage := range map[string]string{
		"a line that was not finished": `{"session":7,"line":2,"inp`,
		"one that lacks its end":       `{"session":7,"line":2,"input":"also"}`,
		"no JSON":                      "\x00\xff\n[1,2]\nnull\n\n\"x\"\n",
		"other JSON":                   `{"session":"a","line":{}}` + "\n" + `{"line":3,"input":"of no session"}` + "\n",
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "history.jsonl")
			require.NoError(t, os.WriteFile(file, []byte(whole+damage), 0o600))
			withHistory(t, file).run("after").end()
			h := withHistory(t, file)
			want := []string{"before", "after"}
			if strings.Contains(damage, "also") {
				want = []string{"before", "also", "after"}
			}
			assert.Equal(t, want, h.tail(10))
			assert.Len(t, h.ask(map[string]any{"hist_access_type": "range", "session": 8, "start": 1}), 1, "sessions are numbered on")
		})
	}
}

func TestHistoryFileIsBounded(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history.jsonl")
	large := strings.Repeat("x", 100<<10)
	begun := withHistory(t, file).run("of the first")
	h := withHistory(t, file)
	for n := range 100 {
		h.run(fmt.Sprint(n, large))
	}
	h.run(strings.Repeat("y", 1<<20)) // would drop too many others
	h.end()
	begun.run("after it was shortened").end()
	info, err := os.Stat(file)
	require.NoError(t, err)
	assert.Less(t, info.Size(), int64(4<<20))
	entries, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Len(t, entries, 1, "nothing else is left")

	last := withHistory(t, file)
	texts := last.tail(1000)
	require.Greater(t, len(texts), 10)
	assert.Equal(t, "after it was shortened", texts[len(texts)-1])
	assert.Equal(t, fmt.Sprint(99, large), texts[len(texts)-2])
	assert.NotContains(t, texts, "of the first")
	last.run("now")
	assert.Equal(t, 3, last.ask(map[string]any{"hist_access_type": "tail", "n": 1})[0].Session, "numbers go on")
}

// TestHistoryFileThatCannotBeWritten also finds that it is said once.
func TestHistoryFileThatCannotBeWritten(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600))
	for name, path := range map[string]string{
		"its folder is a file": filepath.Join(dir, "file", "history.jsonl"),
		"it is a folder":       dir,
		"it is a device":       os.DevNull,
	} {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			h := withHistory(t, path, func(c *kernel.Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
			h.run("a", "b")
			assert.Equal(t, []string{"a", "b"}, h.tail(10))
			h.end()
			assert.Equal(t, 1, strings.Count(log.String(), "the history is not kept"), log.String())
		})
	}
}
