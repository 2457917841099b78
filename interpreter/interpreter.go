package interpreter

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"log/slog"
	"path/filepath"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// A Workspace builds cells; a [build.Workspace] is one.
type Workspace interface {
	Build(ctx context.Context, u build.Unit) (build.Object, error)
	Library(ctx context.Context, packages []build.Compiled, libraries []*build.Library) (*build.Library, error)
	C(ctx context.Context, source build.CSource) (build.CPart, error)
	Holds(path string) bool
	NewImporter(fset *token.FileSet, libraries func() []*build.Library) types.Importer
	Packages() []build.Package
	Language() string
	Toolchain() *build.Toolchain
}

// A Worker runs what was built.
type Worker interface {
	// Ended says, once, how the worker ended if it did after its last cell.
	Ended() error
	// Run runs a built cell. An error means that the worker, and all variables with it, is lost.
	Run(ctx context.Context, run link.Run, out Output) (link.Done, error)
	// Running reports whether there is a worker, which a message for one of its variables could reach.
	Running() bool
	// Look tells what variables hold.
	Look(ctx context.Context, keys ...string) ([]link.Variable, error)
	// Interrupt asks the running cell to end.
	Interrupt()
	// Restart ends the worker, with all that it holds; the next Run starts another.
	Restart(ctx context.Context) error
	// Close ends the worker.
	Close(ctx context.Context) error
}

// Config says what an interpreter works with.
type Config struct {
	// Open opens the workspace. It is called when it is first needed, and may take a minute, which
	// it fills with progress.
	Open   func(ctx context.Context, progress func(text string)) (Workspace, error)
	Worker Worker
	// Dir is the notebook's folder, for files that cells embed; the working directory if it is empty.
	Dir string
	// Modules makes what finds packages of modules, after the workspace was opened. If it is nil, only
	// what the workspace holds can be imported.
	Modules func() (Finder, error)
	// Python makes what has packages for Python modules, after the workspace was opened. If it is nil, there
	// are none.
	Python func() (Generator, error)
	// Log is told, at the level of debugging, what the parts of a cell's way took. Nil means nobody is.
	Log *slog.Logger
}

// An Interpreter runs the cells of one session. Execute and Evaluate may be called by one goroutine
// at a time, everything else from any at any time.
type Interpreter struct {
	config  Config
	opening opening

	mu      sync.Mutex // of what follows
	names   *names
	checker *checker           // nil until the workspace is open
	cancel  context.CancelFunc // ends the building of the running cell; nil when none is built
	editor  editor             // what completion and inspection keep
	fetched fetched
}

// New makes an interpreter of an empty session.
func New(c Config) (*Interpreter, error) {
	if c.Open == nil || c.Worker == nil {
		return nil, errors.New("interpreter: a workspace and a worker are needed")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(c.Dir)
	if err != nil {
		return nil, fmt.Errorf("finding the notebook's folder: %w", err)
	}
	c.Dir = dir
	return &Interpreter{config: c, names: newNames(), fetched: newFetched()}, nil
}

// A Cell is what a user asks to run.
type Cell struct {
	Source string
	// Count is the number that the user sees as In[Count]; 0 for code that has none.
	Count int
	// Request identifies the user's request, for what the cell shows.
	Request string
	// Next tells what is to run after the cell, the next most cells at most, as far as is known when it is
	// asked, which is when the cell begins to run. It may be called from any goroutine; nil if nothing can be known.
	Next func(most int) []Cell

	// written is the source before the lines that are not Go were taken out; empty if there are none.
	written string
}

// Output takes what a cell shows while it runs, and what its goroutines show later. Its methods may be called from any goroutine;
// calls for one cell come one after the other, in program order.
type Output interface {
	// Stream takes text that was written to "stdout" or "stderr". A code point may be cut between two calls.
	Stream(name, text string)
	// Display shows a bundle; with an id that was shown before and update set, it replaces that one.
	Display(b display.Bundle, id string, update bool)
	// Result takes the value of the cell's last expression.
	Result(b display.Bundle)
	// ClearOutput removes what the cell has shown; with wait, when the next output comes.
	ClearOutput(wait bool)
	// Comm takes a message that code of the session sends to the page.
	Comm(p comm.Packet)
	// CloseComms tells the page that nobody is at the other end of any comm any more: the worker has ended.
	CloseComms()
	// Input asks the user for a line. It fails at once where the front end takes no input.
	Input(ctx context.Context, prompt string, password bool) (string, error)
}

// An Error is how a cell failed, as users see it: a compile error, a panic, a Python exception,
// an interrupt or the loss of the worker.
type Error struct {
	Name      string
	Value     string
	Traceback []string // lines, with ANSI colours
}

func (e *Error) Error() string { return e.Name + ": " + e.Value }

// A Completion lists what may stand at the cursor.
type Completion struct {
	Start, End int // in code points of the whole code: what a match replaces
	Items      []CompletionItem
}

// A CompletionItem is one match.
type CompletionItem struct {
	Text      string
	Kind      string // function, type, variable, constant, field, method, module, keyword
	Signature string
}

// Completeness says whether code may be run as it stands.
type Completeness struct {
	Status string // complete, incomplete, invalid
	Indent string // for the next line, when incomplete
}
