package kernel

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// maxHistory is how many cells are remembered; a loop that runs cells must not fill the memory.
const maxHistory = 10_000

// history remembers the cells of this session, and finds those of others in a file. Its methods may be
// called from any goroutine.
type history struct {
	file *historyFile // nil if there is none

	mu      sync.Mutex
	entries []messaging.HistoryEntry // oldest first, lines ascending; they get their session when they are found
}

// begin lets the file be written, until end.
func (h *history) begin() {
	if h.file != nil {
		go h.file.run() // ends with end
	}
}

// end waits until everything is written, but not longer than patience.
func (h *history) end(patience time.Duration) bool {
	return h.file == nil || h.file.close(patience)
}

// session is the number of this session, which is one more than that of the last one before.
func (h *history) session() int {
	if h.file == nil {
		return 1
	}
	return h.file.session()
}

func (h *history) add(line int, input string) {
	e := messaging.HistoryEntry{Line: line, Input: input}
	h.remember(e)
	if h.file != nil {
		h.file.add(e)
	}
}

func (h *history) remember(e messaging.HistoryEntry) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.entries) >= maxHistory {
		h.entries = slices.Delete(h.entries, 0, maxHistory/10)
	}
	h.entries = append(h.entries, e)
}

// result adds the result of a cell that is still remembered. Results end with the session: they are large,
// and ipykernel keeps none either.
func (h *history) result(line int, output string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	i, ok := slices.BinarySearchFunc(h.entries, line, func(e messaging.HistoryEntry, line int) int { return e.Line - line })
	if ok {
		h.entries[i].Output = output
	}
}

// newest lists all cells backwards: those of this session, then those of the others as they were run.
func (h *history) newest() iter.Seq[messaging.HistoryEntry] {
	return func(yield func(messaging.HistoryEntry) bool) {
		for _, entries := range []iter.Seq[messaging.HistoryEntry]{h.newestOurs(), h.newestOthers()} {
			for e := range entries {
				if !yield(e) {
					return
				}
			}
		}
	}
}

func (h *history) newestOurs() iter.Seq[messaging.HistoryEntry] {
	return func(yield func(messaging.HistoryEntry) bool) {
		session := h.session()
		for _, e := range slices.Backward(h.ours()) {
			e.Session = session
			if !yield(e) {
				return
			}
		}
	}
}

// newestOthers reads the file.
func (h *history) newestOthers() iter.Seq[messaging.HistoryEntry] {
	return func(yield func(messaging.HistoryEntry) bool) {
		if h.file == nil {
			return
		}
		session := h.session()
		for e := range h.file.newest() {
			if e.Session != session && !yield(e) {
				return
			}
		}
	}
}

func (h *history) ours() []messaging.HistoryEntry {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.entries)
}

// rangeOf returns the lines from start up to but without stop; stop 0 means all that follow.
// Sessions are counted from 1, or back from 0, which is this one.
func (h *history) rangeOf(session, start, stop int) []messaging.HistoryEntry {
	if session <= 0 {
		session += h.session()
	}
	cells := h.newestOthers()
	if session == h.session() {
		cells = h.newestOurs()
	}
	return find(cells, 0, func(e messaging.HistoryEntry) bool {
		return e.Session == session && e.Line >= start && (stop == 0 || e.Line < stop)
	})
}

func (h *history) tail(n int) []messaging.HistoryEntry {
	if n <= 0 {
		return nil
	}
	return find(h.newest(), n, func(messaging.HistoryEntry) bool { return true })
}

// search returns the newest n cells, 0 for all, whose text matches the pattern; with unique, each
// text once, at the place where it was last run.
func (h *history) search(pattern string, n int, unique bool) []messaging.HistoryEntry {
	seen := make(map[string]bool)
	return find(h.newest(), n, func(e messaging.HistoryEntry) bool {
		if unique && seen[e.Input] || !matchGlob(pattern, e.Input) {
			return false
		}
		seen[e.Input] = true
		return true
	})
}

// find takes the first n that are wanted, 0 for all, and returns them in the opposite order.
func find(entries iter.Seq[messaging.HistoryEntry], n int, wanted func(messaging.HistoryEntry) bool) []messaging.HistoryEntry {
	var found []messaging.HistoryEntry
	for e := range entries {
		if !wanted(e) {
			continue
		}
		if found = append(found, e); len(found) == n {
			break
		}
	}
	slices.Reverse(found)
	return found
}

func (k *Kernel) searchHistory(_ context.Context, r *request) error {
	content, err := messaging.Decode[messaging.HistoryRequest](r.Message)
	if err != nil {
		return err
	}
	var found []messaging.HistoryEntry
	switch content.Access {
	case "range":
		found = k.history.rangeOf(content.Session, content.Start, content.Stop)
	case "tail":
		found = k.history.tail(content.N)
	case "search":
		found = k.history.search(content.Pattern, content.N, content.Unique)
	default:
		return fmt.Errorf("hist_access_type %q is none of range, tail and search", content.Access)
	}
	for i := range found {
		found[i].WithOutput = content.Output
	}
	return r.reply(messaging.HistoryReply{Status: messaging.StatusOK, History: found})
}
