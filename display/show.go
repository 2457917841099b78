package display

import (
	"fmt"
	"math/rand/v2"
	"os"
	"sync/atomic"
)

// A Sink takes what is shown while a program runs. Its methods may be called from any goroutine.
type Sink interface {
	// Display shows b. With an id, later calls with that id and update replace what it shows.
	Display(b Bundle, id string, update bool) error
	// Clear removes what the running cell has shown; with wait, only when the next output comes,
	// so that nothing flickers.
	Clear(wait bool) error
}

// A sinkBox makes sinks of all types one type, as atomic.Pointer needs it.
type sinkBox struct{ sink Sink }

// current is the one changing variable of this package, for the reason that slog has one: Show is
// called from everywhere, by code that was handed nothing.
var current atomic.Pointer[sinkBox]

// SetSink says where Show, Handle and Clear go from now on, for the whole process; nil means back
// to standard output. The worker of the kernel calls it once, before the first cell. A program
// that never calls it gets the text of everything it shows on standard output.
func SetSink(s Sink) {
	if s == nil {
		current.Store(nil)
		return
	}
	current.Store(&sinkBox{s})
}

func sink() Sink {
	if box := current.Load(); box != nil {
		return box.sink
	}
	return stdout{}
}

// Show shows values at once, one after the other, as often in a cell as wanted. The error is that
// of the sink: the notebook is gone.
func Show(values ...any) error {
	for _, v := range values {
		if err := sink().Display(Render(v), "", false); err != nil {
			return fmt.Errorf("show a value: %w", err)
		}
	}
	return nil
}

// Clear removes what the running cell has shown; with wait, only when the next output comes, so
// that nothing flickers.
func Clear(wait bool) error {
	if err := sink().Clear(wait); err != nil {
		return fmt.Errorf("clear the output: %w", err)
	}
	return nil
}

// A Handle names something shown, so that it can be replaced. It may be used from any goroutine.
type Handle struct{ id string }

// NewHandle makes a handle; nothing is shown yet. An empty id stands for one that nobody else has.
// A handle made with the id of an older one, even in another cell, speaks of the same outputs.
func NewHandle(id string) *Handle {
	if id == "" {
		id = fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64()) // seeded anew in each process
	}
	return &Handle{id: id}
}

// ID gives the id that the notebook knows.
func (h *Handle) ID() string { return h.id }

// Show shows v in a new place, which Update will replace.
func (h *Handle) Show(v any) error {
	if err := sink().Display(Render(v), h.id, false); err != nil {
		return fmt.Errorf("show a value: %w", err)
	}
	return nil
}

// Update shows v in all the places where the handle has been shown, instead of what is there.
func (h *Handle) Update(v any) error {
	if err := sink().Display(Render(v), h.id, true); err != nil {
		return fmt.Errorf("update a value: %w", err)
	}
	return nil
}

// stdout is the sink of programs outside notebooks. A terminal cannot take back what it shows, so
// an update is printed like anything else.
type stdout struct{}

func (stdout) Display(b Bundle, _ string, _ bool) error {
	_, err := fmt.Fprintln(os.Stdout, b.Data[mimeText])
	return err
}

func (stdout) Clear(bool) error { return nil }
