package worker

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"
	"time"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/worker/cell"
	"github.com/gopy-kernel/gopy-kernel/worker/goroutine"
	"github.com/gopy-kernel/gopy-kernel/worker/late"
	"github.com/gopy-kernel/gopy-kernel/worker/native"
	"github.com/gopy-kernel/gopy-kernel/worker/stdin"
)

// Config says what a worker is made from.
type Config struct {
	Conn *link.Conn
	// Load loads an image, unless that was done before; then its unit is registered. It returns what
	// has to be called before each run of the unit.
	Load func(path string) (use func(), err error)
	// Prints is the pipe that package late writes to.
	Prints *os.File
	// Python says which Python cells use. What connects it with the worker is set by the worker.
	Python pybridge.Config
}

// A Worker runs cells, one at a time.
type Worker struct {
	config  Config
	runs    chan link.Run
	shown   chan struct{}
	asks    asks
	stdin   lineReader
	ended   chan struct{} // closed when nothing more is received
	python  chan struct{} // gets a value when Python was started
	showing sync.Mutex    // held from a Show until it is answered

	failure error // of the connection; set before ended is closed

	mu          sync.Mutex
	running     uint64         // the run that is running; 0 if none is
	began       time.Time      // when it did
	last        uint64         // the run that began last
	asked       string         // the request that it answers
	interrupted uint64         // the run that was asked to end last
	failed      *link.Failure  // what has ended the run that is running, beside its own code
	late        []link.Failure // of goroutines of earlier runs

	current     current // of the goroutine of the cell, as is what follows
	triedPython bool
}

// New makes a worker.
func New(c Config) (*Worker, error) {
	if c.Conn == nil || c.Load == nil || c.Prints == nil {
		return nil, errors.New("worker: a connection, a loader and a pipe are needed")
	}
	return &Worker{
		config: c, runs: make(chan link.Run), shown: make(chan struct{}, 1), ended: make(chan struct{}), python: make(chan struct{}, 1),
	}, nil
}

// Serve runs what the front sends until it says Quit or the connection ends. It must be called by a
// goroutine that is locked to the main thread, and once.
func (w *Worker) Serve(ctx context.Context) error {
	w.configurePython()
	cell.EndWith(pybridge.Goexit)
	cell.LinkC(native.Symbol)
	w.handleGoroutines()
	w.stdin.ask, w.stdin.interrupt = w.Input, w.Interrupt
	stdin.Handle(w.stdin.Read)
	late.Handle(w.config.Prints)
	display.SetSink(w)
	comm.Connect(w.tell)
	if err := w.config.Conn.Send(link.Ready{PID: os.Getpid()}); err != nil {
		return err
	}
	go w.receive() // ends with the connection
	goroutine.LendMain(func() { w.loop(ctx) })
	return errors.Join(w.failure, closePython())
}

// loop runs cells until nothing more is received.
func (w *Worker) loop(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-w.ended:
			return
		case run := <-w.runs:
			w.begins(run)
		case f := <-pythonWork():
			go onMain(f)
		}
	}
}

// begins runs a cell in a goroutine of its own, and waits for its end.
func (w *Worker) begins(m link.Run) {
	w.current = current{message: m, ended: make(chan struct{})}
	go func() {
		defer close(w.current.ended)
		goroutine.Roam()
		w.run(m)
	}()
	for {
		select {
		case <-w.current.ended:
			return
		case <-w.python: // which has work from now on
		case f := <-pythonWork():
			go onMain(f)
		}
	}
}

func (w *Worker) receive() {
	defer close(w.ended)
	for {
		message, err := w.config.Conn.Receive()
		if err != nil {
			if !errors.Is(err, io.EOF) {
				w.failure = err
			}
			return
		}
		switch m := message.(type) {
		case link.Run:
			w.runs <- m
		case link.Interrupt:
			w.interrupt(m.ID)
		case link.Shown:
			w.shown <- struct{}{}
		case link.Input:
			w.asks.answer(m)
		case link.Look:
			w.look(m)
		case link.Quit:
			return
		default:
			w.failure = fmt.Errorf("the front sent a %T", m)
			return
		}
	}
}

// show sends a Show, a Clear or a Tell and waits until the front has dealt with it.
func (w *Worker) show(message any) error {
	w.showing.Lock()
	defer w.showing.Unlock()
	if err := w.config.Conn.Send(message); err != nil {
		return err
	}
	select {
	case <-w.shown:
		return nil
	case <-w.ended:
		return errors.New("the front has gone")
	}
}

// Display shows a bundle; it makes a Worker a [display.Sink]. It may be called from any goroutine.
func (w *Worker) Display(b display.Bundle, id string, update bool) error {
	m, err := encode(b)
	if err != nil {
		return err
	}
	m.Display, m.Update, m.Run = id, update, goroutine.Run()
	return w.show(m)
}

// Clear removes what the cell has shown, at once or when the next output comes.
func (w *Worker) Clear(wait bool) error { return w.show(link.Clear{Wait: wait, Run: goroutine.Run()}) }
