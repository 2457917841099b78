package pybridge

import (
	"context"
	"io"
	"log/slog"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/display"
)

// Config says which Python to run and what it is connected with. The zero Config finds a Python by
// itself and leaves output where it goes anyway.
type Config struct {
	// Python is the path or name of an interpreter, or the folder of an environment. If it is empty,
	// one is looked for; package locate describes the order.
	Python string
	// Dir is where the search begins; empty for the working directory.
	Dir string
	// CacheFile keeps what interpreters said of themselves, which saves a subprocess at the next
	// start; empty for none.
	CacheFile string

	// InitCode are statements that run in __main__ when Python has started, and after each Reset. If one
	// fails, so does Open; Python runs all the same.
	InitCode []string

	// MainThread makes the thread that calls Open Python's main thread: the only one on which Python
	// runs signal handlers, raises KeyboardInterrupt and allows some of its libraries. The calling
	// goroutine must be locked to the process's main thread, by runtime.LockOSThread in an init
	// function, and stay so. Without MainThread, Python gets a thread of its own; see Runtime.OnMain.
	MainThread bool

	// Display takes what Python code shows: figures, tables, display(). With update set it replaces
	// what was shown under the id before. Nil drops it. It may be called on any goroutine.
	Display func(b display.Bundle, id string, update bool)
	// ClearOutput removes what was shown; with wait, when something new is shown. Nil ignores it.
	ClearOutput func(wait bool)
	// Input asks the user for a line, for input() and getpass. Nil makes both fail as they do where
	// there is nobody to ask.
	Input func(ctx context.Context, prompt string, password bool) (string, error)
	// Comm sends what Python code, such as a widget, tells the page; see package comm. It may be called on
	// any goroutine. Nil leaves Python's package of that name as it is: messages go nowhere.
	Comm func(comm.Packet) error
	// Request identifies what the running code answers, for widgets that collect its output. Nil if
	// nothing does.
	Request func() string
	// Stdout and Stderr take what Python prints. Nil is file descriptor 1 and 2, without detour, in
	// order with what Go writes to os.Stdout and os.Stderr.
	Stdout, Stderr io.Writer
	// Starter is a number, not 0, of what the calling goroutine works for, or the program if that is for nothing:
	// a thread that Python code starts there belongs to it. Print is offered what such a thread prints, with the
	// number, and what other code prints that is not on Python's main thread, with 0; it reports whether it has taken
	// it, and must not keep the text. Both are nil, or none is. They must not call Python, and are for streams that
	// are not set.
	Starter func() uint64
	Print   func(number uint64, stderr bool, text []byte) (taken bool)

	// Goexit is called on Python's main thread where a Go function that Python called has ended its
	// goroutine, by runtime.Goexit. That cannot go on: C code that is waiting for the function stands
	// below it on the stack. So Goexit must not return; what it does (serve on, or end the process) comes
	// instead of the rest of the goroutine. On other threads the goroutine sleeps for good instead. Nil
	// panics on all threads. The function Goexit of this package is a better way out.
	Goexit func()

	// Logger is told what goes wrong where no caller can be; nil discards it.
	Logger *slog.Logger
}

func (c Config) withDefaults() Config {
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Display == nil {
		c.Display = func(display.Bundle, string, bool) {}
	}
	if c.ClearOutput == nil {
		c.ClearOutput = func(bool) {}
	}
	return c
}
