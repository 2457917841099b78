package kernel

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// maxHistory is how many cells are remembered; a loop that runs cells must not fill the memory.
const maxHistory = 10_000

// thisSession is the number of the only session there is: the history ends with the process.
const thisSession = 1

// history remembers the cells of this session. Its methods may be called from any goroutine.
type history struct {
	mu      sync.Mutex
	entries []messaging.HistoryEntry // oldest first, lines ascending
}

func (h *history) add(line int, input string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.entries) >= maxHistory {
		h.entries = slices.Delete(h.entries, 0, maxHistory/10)
	}
	h.entries = append(h.entries, messaging.HistoryEntry{Session: thisSession, Line: line, Input: input})
}

// result adds the result of a cell that is still remembered.
func (h *history) result(line int, output string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if i, ok := h.find(line); ok {
		h.entries[i].Output = output
	}
}

// find returns where the first cell with this line or a later one is.
func (h *history) find(line int) (int, bool) {
	return slices.BinarySearchFunc(h.entries, line, func(e messaging.HistoryEntry, line int) int { return e.Line - line })
}

// rangeOf returns the lines from start up to but without stop; stop 0 means all that follow.
// Sessions are counted from 1, or back from 0, which is this one.
func (h *history) rangeOf(session, start, stop int) []messaging.HistoryEntry {
	if session != 0 && session != thisSession {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	from, _ := h.find(start)
	to := len(h.entries)
	if stop != 0 {
		to, _ = h.find(stop)
	}
	return slices.Clone(h.entries[from:max(from, to)])
}

func (h *history) tail(n int) []messaging.HistoryEntry {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.entries[max(0, len(h.entries)-max(0, n)):])
}

// search returns the newest n cells, 0 for all, whose text matches the pattern; with unique, each
// text once, at the place where it was last run.
func (h *history) search(pattern string, n int, unique bool) []messaging.HistoryEntry {
	h.mu.Lock()
	defer h.mu.Unlock()
	var found []messaging.HistoryEntry
	seen := make(map[string]bool)
	for _, e := range slices.Backward(h.entries) {
		if n > 0 && len(found) == n {
			break
		}
		if unique && seen[e.Input] || !matchGlob(pattern, e.Input) {
			continue
		}
		seen[e.Input] = true
		found = append(found, e)
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
