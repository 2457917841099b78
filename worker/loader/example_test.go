package loader_test

import (
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/worker/loader"
)

// A worker makes one loader, with the parts of the runtime that only the program itself can refer to, and
// loads an image for each cell.
func Example() {
	var inside *loader.Runtime // of cmd/gopy-worker
	load := func(paths ...string) error {
		l, err := loader.New(loader.Config{Runtime: inside})
		if err != nil {
			return err
		}
		for _, path := range paths {
			unit, err := l.Load(path)
			if err != nil {
				return fmt.Errorf("loading a cell: %w", err)
			}
			l.Use(unit)
		}
		return nil
	}
	_ = load // it needs a program that was linked for it
}
