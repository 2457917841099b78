package worker

import (
	"context"
	"errors"
	"io"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
)

// asks are the questions to the user that have no answer yet.
type asks struct {
	mu      sync.Mutex
	last    uint64
	waiting map[uint64]chan link.Input
}

// Input asks the user for a line of text. It may be called from any goroutine. The error is
// context.Canceled if the user interrupted the cell, and io.EOF if there is no more input.
func (w *Worker) Input(ctx context.Context, prompt string, password bool) (string, error) {
	id, answer := w.asks.add()
	defer w.asks.remove(id)
	if err := w.config.Conn.Send(link.Ask{ID: id, Prompt: prompt, Password: password}); err != nil {
		return "", err
	}
	select {
	case in := <-answer:
		return inputOf(in)
	case <-ctx.Done():
		return "", ctx.Err()
	case <-w.ended:
		return "", io.EOF
	}
}

func inputOf(in link.Input) (string, error) {
	switch {
	case in.Interrupted:
		return "", context.Canceled
	case in.Error != "":
		return "", errors.New(in.Error)
	case in.End:
		return "", io.EOF
	}
	return in.Text, nil
}

func (a *asks) add() (id uint64, answer <-chan link.Input) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.waiting == nil {
		a.waiting = map[uint64]chan link.Input{}
	}
	a.last++
	c := make(chan link.Input, 1)
	a.waiting[a.last] = c
	return a.last, c
}

// open reports whether a question has no answer yet.
func (a *asks) open() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.waiting) > 0
}

func (a *asks) remove(id uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, id)
}

// cancel ends all questions.
func (a *asks) cancel() {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, c := range a.waiting {
		c <- link.Input{ID: id, Interrupted: true}
		delete(a.waiting, id)
	}
}

// answer hands over an answer. One that comes too late is dropped.
func (a *asks) answer(in link.Input) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.waiting[in.ID]; c != nil {
		c <- in
		delete(a.waiting, in.ID)
	}
}
