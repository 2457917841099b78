package kernel

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/kernel/usage"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// An Interpreter runs cells and knows what is in them.
//
// Execute, Evaluate and Comm are called for one request at a time, from one goroutine. The others may be
// called at any time and from any goroutine, also while Execute runs, and must not wait for it.
type Interpreter interface {
	// Execute runs a cell; out may be used as long as the kernel lives, for what goroutines of the
	// cell write later. A nil error means that the cell ended well. It ends early when ctx does.
	Execute(ctx context.Context, cell interpreter.Cell, out interpreter.Output) *interpreter.Error
	// Comm hands over what the page has sent to a comm; it is called as Execute is. Request identifies
	// what was sent.
	Comm(ctx context.Context, p comm.Packet, request string, out interpreter.Output) *interpreter.Error
	// Evaluate returns the value of an expression.
	Evaluate(ctx context.Context, expr string, out interpreter.Output) (display.Bundle, *interpreter.Error)
	// Interrupt ends the cell that runs, if one does. It does not wait for that.
	Interrupt()
	// Complete takes the cursor in code points, and so do Inspect and the completion that is returned.
	Complete(ctx context.Context, code string, cursor int) (interpreter.Completion, error)
	// Inspect tells what stands at the cursor, and whether anything is known about it.
	Inspect(ctx context.Context, code string, cursor, detail int) (display.Bundle, bool, error)
	IsComplete(ctx context.Context, code string) interpreter.Completeness
	// Close ends the interpreter; it may be called while Execute runs, which then returns.
	Close(ctx context.Context) error
}

// Info is what the kernel says about itself.
type Info struct {
	Implementation string
	Version        string
	Language       messaging.LanguageInfo
	Banner         string
	HelpLinks      []messaging.HelpLink
}

// A Config is what New needs. Server and Interpreter must be there.
type Config struct {
	Server      *messaging.Server // Serve closes it
	Interpreter Interpreter       // Serve closes it
	Info        Info
	Logger      *slog.Logger // nil discards
	// HistoryFile keeps the cells for later sessions, and has those of earlier ones. Empty is none. Any number
	// of kernels may use it at a time.
	HistoryFile string
	// ParentPID is the process that started the kernel, 0 for none. The kernel ends when that does.
	ParentPID int
}

// A Kernel answers requests.
type Kernel struct {
	server      *messaging.Server
	publisher   *messaging.Publisher
	interpreter Interpreter
	info        Info
	logger      *slog.Logger
	parentPID   int

	handlers map[messaging.Type]handler
	history  *history
	stdin    *stdin
	meter    *usage.Meter
	comms    comms

	cells                                      // used by the goroutine that runs cells only
	newest   atomic.Pointer[messaging.Message] // the execute_request that came last
	waiting  waiting
	stopOnce sync.Once
	stopped  chan struct{} // closed when the kernel is to end
}

// cells is what is known about the cells so far.
type cells struct {
	count       int       // of the cell that ran last
	abortBefore time.Time // cells that came earlier are not run
}

// New returns a kernel that answers what comes in on config.Server once Serve is called.
func New(config Config) (*Kernel, error) {
	if config.Server == nil || config.Interpreter == nil {
		return nil, errors.New("a kernel needs a server and an interpreter")
	}
	k := &Kernel{
		server:      config.Server,
		publisher:   config.Server.Publisher(),
		interpreter: config.Interpreter,
		info:        config.Info,
		logger:      config.Logger,
		parentPID:   config.ParentPID,
		history:     &history{},
		meter:       usage.New(os.Getpid()),
		stopped:     make(chan struct{}),
	}
	if k.logger == nil {
		k.logger = slog.New(slog.DiscardHandler)
	}
	if config.HistoryFile != "" {
		k.history.file = newHistoryFile(config.HistoryFile, k.logger)
	}
	k.stdin = newStdin(k.server, k.logger)
	k.handlers = k.table()
	return k, nil
}

// How long the parts of an end may take, so that the whole is over before a front end, which waits
// five seconds, kills the process.
const (
	interpreterCloseTime = 2 * time.Second
	lastReplyTime        = 500 * time.Millisecond
	historyTime          = 500 * time.Millisecond
)

// Serve answers requests until ctx ends, a front end asks for shutdown or the parent process is
// gone. Then it closes the interpreter, aborts what is queued, delivers the last messages, closes
// the server and returns nil, or how the interpreter could not be closed. It is called once.
func (k *Kernel) Serve(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var watching sync.WaitGroup
	watching.Go(func() { k.watchParent(ctx) })
	watching.Go(func() {
		select {
		case <-k.stopped:
			cancel()
		case <-ctx.Done():
		}
	})
	k.publish(nil, messaging.TypeStatus, messaging.KernelStatus{State: messaging.Starting})
	k.history.begin()
	lanes := k.startLanes(ctx)
	k.server.Serve(ctx, func(m *messaging.Message) { k.receive(ctx, lanes, m) })
	watching.Wait()
	return k.end(lanes)
}

// end closes everything, the interpreter first: the running cell returns, and its reply and idle
// are the last that is sent.
func (k *Kernel) end(lanes *lanes) error {
	ctx, cancel := context.WithTimeout(context.Background(), interpreterCloseTime)
	defer cancel()
	err := k.interpreter.Close(ctx)
	if err != nil {
		err = fmt.Errorf("closing the interpreter: %w", err)
	}
	if !lanes.close(lastReplyTime) {
		k.logger.Error("a request does not end; its reply is lost")
	}
	if !k.history.end(historyTime) {
		k.logger.Warn("the last cells may be missing in the history of later sessions")
	}
	if err := k.server.Close(); err != nil {
		k.logger.Warn("the last messages may be lost", "error", err)
	}
	return err
}

// Interrupt ends the running cell and any question to the user that it waits for, as an
// interrupt_request does. It may be called from any goroutine.
func (k *Kernel) Interrupt() {
	k.stdin.interrupt()
	k.interpreter.Interrupt()
}

func (k *Kernel) stop() {
	k.stopOnce.Do(func() { close(k.stopped) })
}
