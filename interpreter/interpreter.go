package interpreter

import (
	"context"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// A Cell is what a user asks to run.
type Cell struct {
	Source string
	// Count is the number that the user sees as In[Count]; 0 for code that has none.
	Count int
}

// Output takes what a cell shows while it runs. Its methods may be called from any goroutine;
// calls for one cell come one after the other, in program order.
type Output interface {
	// Stream takes text that was written to "stdout" or "stderr".
	Stream(name, text string)
	// Display shows a bundle; with an id that was shown before and update set, it replaces that one.
	Display(b display.Bundle, id string, update bool)
	// Result takes the value of the cell's last expression.
	Result(b display.Bundle)
	// ClearOutput removes what the cell has shown; with wait, when the next output comes.
	ClearOutput(wait bool)
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
