package kernel

import (
	"slices"
	"strings"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// waiting are the execute requests that have come and were not begun, in their order.
type waiting struct {
	mu       sync.Mutex
	requests []*messaging.Message
}

func (w *waiting) add(m *messaging.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = append(w.requests, m)
}

func (w *waiting) remove(m *messaging.Message) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.requests = slices.DeleteFunc(w.requests, func(other *messaging.Message) bool { return other == m })
}

// cells are the next cells, most of them at most, that will run if none before them fails; count is the
// number of the last cell that was begun.
func (w *waiting) cells(count, most int) (cells []interpreter.Cell) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.requests {
		if len(cells) == most {
			break
		}
		content, err := messaging.Decode[messaging.ExecuteRequest](m)
		if err != nil || strings.TrimSpace(content.Code) == "" {
			continue
		}
		cell := interpreter.Cell{Source: content.Code}
		if content.Counts() {
			count++
			cell.Count = count
		}
		cells = append(cells, cell)
	}
	return cells
}
