package interpreter

import (
	"context"
	"errors"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// Evaluate returns the value of an expression. What the expression prints goes to out.
func (i *Interpreter) Evaluate(ctx context.Context, expr string, out Output) (display.Bundle, *Error) {
	v := &valueOutput{Output: out}
	if failed := i.Execute(ctx, Cell{Source: expr}, v); failed != nil {
		return display.Bundle{}, failed
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.value == nil {
		return display.Bundle{}, i.report(errors.New("it has no value: " + expr))
	}
	return *v.value, nil
}

// valueOutput keeps a cell's result and passes on the rest.
type valueOutput struct {
	Output
	mu    sync.Mutex
	value *display.Bundle
}

func (v *valueOutput) Result(b display.Bundle) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.value = &b
}
