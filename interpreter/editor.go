package interpreter

import (
	"context"
	"errors"
	"go/token"
	"go/types"
	"time"
)

// Editor services work on a cell that is being written: it is mended until it parses (sketch.go),
// checked as if it were run, against the session without the bodies of its functions (outline.go),
// and looked at where the cursor stands.

// An editor is what completion and inspection keep from one request to the next. Interpreter.mu
// guards it.
type editor struct {
	goroot string // where the source of the standard library may be; empty until the workspace is open
}

// patience is how long an editor service waits while a cell is being compiled. Then it answers
// without what the session knows.
const patience = 100 * time.Millisecond

// lockSoon locks what the session knows, unless that takes too long.
func (i *Interpreter) lockSoon(ctx context.Context) bool {
	if i.mu.TryLock() {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	locked := make(chan struct{})
	go func() { // ends when the compiler lets go, at the latest
		i.mu.Lock()
		select {
		case locked <- struct{}{}:
		case <-ctx.Done():
			i.mu.Unlock()
		}
	}()
	select {
	case <-locked:
		return true
	case <-ctx.Done():
		return false
	}
}

// lonely checks cells as long as there is no workspace: they can import nothing.
func lonely() *checker {
	return &checker{fset: token.NewFileSet(), importer: noImporter{}, packages: newPackages(nil)}
}

type noImporter struct{}

func (noImporter) Import(string) (*types.Package, error) {
	return nil, errors.New("the workspace is not open yet")
}
