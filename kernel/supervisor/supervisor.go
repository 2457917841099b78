package supervisor

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// Config says how a worker is started.
type Config struct {
	// Program gives the path of the worker; it may have to make it first.
	Program func(ctx context.Context) (string, error)
	Dir     string   // the worker's working folder; empty for the supervisor's own
	Env     []string // the worker's environment; nil for the supervisor's own
	// Log is told of starts and ends. Nil means nobody is.
	Log *slog.Logger
}

// A Supervisor owns the worker process.
type Supervisor struct {
	config Config

	mu      sync.Mutex
	process *process // nil before the first start and after a crash
	current current
}

// current is the cell that runs, or waits for its worker.
type current struct {
	run         uint64    // 0 if there is none
	worker      *process  // that was asked to run it; nil before
	interrupted time.Time // when it was first asked to end
}

// New makes a supervisor. It starts nothing.
func New(c Config) (*Supervisor, error) {
	if c.Program == nil {
		return nil, errors.New("supervisor: no worker program")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.NewTextHandler(io.Discard, nil))
	}
	return &Supervisor{config: c}, nil
}

// Start starts a worker if none is running, and waits until it is ready.
func (s *Supervisor) Start(ctx context.Context) error {
	_, err := s.ready(ctx)
	return err
}

// Ended says how the worker ended, if it did after its last cell: a goroutine that lived on may have
// panicked. It is said once.
func (s *Supervisor) Ended() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.takeCrash()
}

// takeCrash gives up a process that has ended. mu is held.
func (s *Supervisor) takeCrash() error {
	if s.process == nil || !s.process.dead() {
		return nil
	}
	crash := s.process.crash
	s.process = nil
	return crash
}

// ready returns the running worker, or starts one.
func (s *Supervisor) ready(ctx context.Context) (*process, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.takeCrash(); err != nil {
		return nil, err // the variables that the caller counts on are lost
	}
	if s.process != nil {
		return s.process, nil
	}
	program, err := s.config.Program(ctx)
	if err != nil {
		return nil, err
	}
	p, err := start(ctx, program, s.config)
	if err != nil {
		return nil, err
	}
	s.process = p
	s.config.Log.Info("worker started", "pid", p.pid)
	return p, nil
}

// PID is the worker's process id, 0 if none is running.
func (s *Supervisor) PID() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.process == nil || s.process.dead() {
		return 0
	}
	return s.process.pid
}

// Running reports whether there is a worker.
func (s *Supervisor) Running() bool { return s.PID() != 0 }

// Run runs a cell and returns when it has ended and all that it showed was passed to out. The error
// is a [*Crash] if the worker ended under it. When ctx is cancelled the worker is ended.
//
// What goroutines of the cell show later goes to the same out. What comes from C code, children and threads of
// Python does until the next cell runs; the handler of a comm's message is no cell: after it that goes where it went
// before.
func (s *Supervisor) Run(ctx context.Context, run link.Run, out interpreter.Output) (link.Done, error) {
	s.setCurrent(current{run: run.ID})
	defer s.setCurrent(current{})
	p, err := s.ready(ctx)
	if err != nil {
		return link.Done{}, err
	}
	before := p.begin(run.ID, out)
	if run.Comm != nil {
		defer p.setOutput(before)
	}
	if err := s.send(p, run); err != nil {
		p.awaitEnd(err)
		return link.Done{}, s.Ended()
	}
	select {
	case done := <-p.done:
		return done, nil
	case <-p.ended:
		s.config.Log.Info("worker ended", "pid", p.pid, "crash", p.crash.Error())
		return link.Done{}, s.Ended()
	case <-ctx.Done():
		p.kill("the kernel is shutting down")
		<-p.ended
		return link.Done{}, ctx.Err()
	}
}

func (s *Supervisor) setCurrent(c current) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = c
}

// send asks a worker to run a cell, and to end it at once if the user has asked for that meanwhile.
func (s *Supervisor) send(p *process, run link.Run) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := p.conn.Send(run); err != nil {
		return err
	}
	s.current.worker = p
	if !s.current.interrupted.IsZero() {
		p.interrupt(run.ID)
	}
	return nil
}

// patience is how long an interrupt may take before the next one ends the worker at once.
const patience = 5 * time.Second

// Interrupt asks the running cell to end, and ends the worker if it was asked within the last five
// seconds and did not. Without a running cell it does nothing.
func (s *Supervisor) Interrupt() {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &s.current
	now := time.Now()
	switch {
	case c.run == 0:
	case c.worker == nil:
		c.interrupted = now // it is told when it has a worker
	case now.Sub(c.interrupted) > patience:
		c.interrupted = now
		c.worker.interrupt(c.run)
	default:
		c.worker.kill("it did not end when it was interrupted")
	}
}

// Look asks what the variables with the given keys hold; without keys, all. It answers while a cell
// runs, and nothing if no worker does.
func (s *Supervisor) Look(ctx context.Context, keys ...string) ([]link.Variable, error) {
	s.mu.Lock()
	p := s.process
	s.mu.Unlock()
	if p == nil || p.dead() {
		return nil, nil
	}
	return p.look(ctx, keys)
}

// Restart ends the worker, with all that it holds; the next Run starts another.
func (s *Supervisor) Restart(ctx context.Context) error {
	s.mu.Lock()
	p := s.process
	s.process = nil
	s.mu.Unlock()
	if p == nil {
		return nil
	}
	return p.quit(ctx)
}

// Close ends the worker.
func (s *Supervisor) Close(ctx context.Context) error { return s.Restart(ctx) }
