package interpreter

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// A Diagnostic is one thing that is wrong with a cell.
type Diagnostic struct {
	File         string // of the cell
	Line, Column int    // from 1; the column in bytes
	Message      string
}

// A CompileError is why a cell could not be compiled.
type CompileError struct {
	Diagnostics []Diagnostic
}

func (e *CompileError) Error() string {
	var messages []string
	for _, d := range e.Diagnostics {
		messages = append(messages, d.Message)
	}
	return strings.Join(messages, "\n")
}

// joinDiagnostics makes one error of several, in the order of the text, each said once.
func joinDiagnostics(errs ...error) error {
	joined := &CompileError{}
	for _, err := range errs {
		var c *CompileError
		if errors.As(err, &c) {
			joined.Diagnostics = append(joined.Diagnostics, c.Diagnostics...)
		} else if err != nil {
			return err
		}
	}
	if len(joined.Diagnostics) == 0 {
		return nil
	}
	slices.SortStableFunc(joined.Diagnostics, func(a, b Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	joined.Diagnostics = slices.Compact(joined.Diagnostics)
	return joined
}
