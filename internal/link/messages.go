package link

import (
	"encoding/json"

	"github.com/gopy-kernel/gopy-kernel/comm"
)

// Ready says that the worker can take cells.
type Ready struct {
	PID int
}

// Run asks the worker to load an object, unless it did before, and to run it.
type Run struct {
	ID     uint64   // of this run
	Needs  []string // paths of the libraries that have to be loaded before, in this order
	Object string   // path of the object
	Unit   string   // the name by which the object registers itself
	Input  bool     // whether the user may be asked for input
	Python bool     // whether its code imports what starts a Python
	// Comm is what the page has sent to a comm, in place of an object: its handler runs as a cell does.
	Comm *comm.Packet
	// Request identifies what the page has asked for: all that the run shows belongs to it.
	Request string
}

// Interrupt asks the worker to end a run, which may have yet to begin or be over.
type Interrupt struct{ ID uint64 }

// Done says that a run has ended.
type Done struct {
	ID       uint64
	Declared []string // keys of the variables whose declarations were reached
	Failure  *Failure // nil if the cell ran to its end
	// Stopped says that the goroutines of the run were to end with it: what they show from now on is dropped.
	Stopped bool
	// Late are failures of goroutines that earlier runs have left behind, since the last Done.
	Late []Failure
}

// A Failure is how a cell failed.
type Failure struct {
	Kind      string // Panicked, Interrupted and so on
	Name      string // what the error is called: panic, KeyboardInterrupt, ValueError
	Value     string
	Frames    []Frame  // where it happened, the innermost first
	Traceback []string // lines of another language's traceback
	Status    int      // that os.Exit was called with
}

// Kinds of failures.
const (
	Panicked    = "panic"     // the cell panicked
	Interrupted = "interrupt" // the user interrupted it
	Raised      = "python"    // a Python exception was not handled
	Exited      = "exit"      // the cell ended its goroutine
	NotLoaded   = "load"      // the object could not be loaded
)

// A Frame is a function's place in a traceback.
type Frame struct {
	Function string
	File     string
	Line     int
}

// Show asks the front to show a bundle.
type Show struct {
	Data     map[string]json.RawMessage
	Metadata map[string]json.RawMessage
	Result   bool   // it is the value of the cell's last expression
	Display  string // id under which it can be updated, or empty
	Update   bool
	Run      uint64 // that the goroutine which shows it belongs to, or 0
}

// Clear asks the front to remove what the cell has shown.
type Clear struct {
	Wait bool   // not before the next output
	Run  uint64 // as that of a Show
}

// Tell asks the front to send a message of a comm.
type Tell struct {
	Packet comm.Packet
	Run    uint64 // as that of a Show
}

// Shown answers a Show, a Clear or a Tell.
type Shown struct{}

// Ask asks the user for a line of text.
type Ask struct {
	ID       uint64
	Prompt   string
	Password bool
}

// Input answers an Ask.
type Input struct {
	ID          uint64 // of the Ask
	Text        string
	End         bool   // there is no more input
	Interrupted bool   // the user interrupted the cell instead
	Error       string // why the user could not be asked
}

// Look asks what variables hold.
type Look struct {
	ID   uint64
	Keys []string // of variables; empty for all
}

// Seen answers a Look.
type Seen struct {
	ID        uint64
	Variables []Variable
}

// A Variable is a session variable as the worker has it.
type Variable struct {
	Key   string
	Type  string
	Value string // short
}

// Quit asks the worker to end.
type Quit struct{}
