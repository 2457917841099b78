package worker

import (
	"context"
	"errors"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/worker/cell"
)

// A lineReader is the standard input of cells: it asks the user for a line when it has none.
type lineReader struct {
	ask       func(ctx context.Context, prompt string, password bool) (string, error)
	interrupt func() // the run that is running, which may not have heard of it yet

	mu   sync.Mutex
	rest []byte // of the line that was typed last
}

// Read may be called from any goroutine. The error is io.EOF at the end of the input, or says why the
// user cannot be asked. If the user interrupts the cell instead, the goroutine ends.
func (r *lineReader) Read(b []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.rest) == 0 && len(b) > 0 {
		line, err := r.ask(context.Background(), "", false)
		if errors.Is(err, context.Canceled) {
			r.interrupt()
			cell.End()
		}
		if err != nil {
			return 0, err
		}
		r.rest = []byte(line + "\n")
	}
	n := copy(b, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// reset forgets what a cell has left of a line.
func (r *lineReader) reset() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rest = nil
}
