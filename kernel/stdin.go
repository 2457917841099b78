package kernel

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// stdin asks the user, one question at a time.
type stdin struct {
	server *messaging.Server
	logger *slog.Logger
	turn   chan struct{} // holds one while a question is open

	mu   sync.Mutex
	open *question // nil when nothing was asked; answers are stale then
}

// A question waits for its answer.
type question struct {
	id     string // of the input_request
	cell   string // of the execute_request
	answer chan answer
}

type answer struct {
	text string
	err  error
}

func newStdin(server *messaging.Server, logger *slog.Logger) *stdin {
	return &stdin{server: server, logger: logger, turn: make(chan struct{}, 1)}
}

// ask sends a question to the front end that ran the cell and waits for the answer. Front ends use
// one identity for shell and stdin, so the cell's is the address.
func (s *stdin) ask(ctx context.Context, cell *messaging.Message, content messaging.InputRequest) (string, error) {
	select {
	case s.turn <- struct{}{}:
		defer func() { <-s.turn }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	m, err := s.server.Answer(cell, messaging.TypeInputRequest, content)
	if err != nil {
		return "", err
	}
	m.Channel = messaging.Stdin
	q := &question{id: m.Header.ID, cell: cell.Header.ID, answer: make(chan answer, 1)}
	s.set(q)
	defer s.set(nil)
	if err := s.server.Send(ctx, m); errors.Is(err, messaging.ErrNoPeer) {
		return "", errNoStdin
	} else if err != nil {
		return "", fmt.Errorf("asking for input: %w", err)
	}
	select {
	case a := <-q.answer:
		return a.text, a.err
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

func (s *stdin) set(q *question) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open = q
}

// deliver takes an input_reply. One that nobody waits for is an answer to a question that has been
// given up, and must not answer the next.
func (s *stdin) deliver(m *messaging.Message) {
	content, err := messaging.Decode[messaging.InputReply](m)
	if err != nil {
		s.logger.Warn("input_reply dropped", "error", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil || !s.open.asked(m) {
		s.logger.Info("input_reply dropped: nobody waits for it")
		return
	}
	if content.Value == messaging.EndOfInput {
		s.open.give(answer{err: io.EOF})
		return
	}
	s.open.give(answer{text: content.Value})
}

// asked tells whether a reply belongs to the question. jupyter_client sends replies without a
// parent; those can only be told apart by when they come.
func (q *question) asked(m *messaging.Message) bool {
	parent := m.ParentID()
	return parent == "" || parent == q.id || parent == q.cell
}

// give answers the question; the first answer counts.
func (q *question) give(a answer) {
	select {
	case q.answer <- a:
	default:
	}
}

func (s *stdin) interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open != nil {
		s.open.give(answer{err: context.Canceled})
	}
}
