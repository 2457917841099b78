package build_test

import (
	"context"
	"errors"
	"fmt"
	"log"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// The text of a unit names the two packages that every unit is linked with.
func Example() {
	ctx := context.Background()
	w, err := build.Open(ctx, build.Config{
		Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test",
	})
	if err != nil {
		log.Fatal(err)
	}
	defer w.Close()

	const head = "package main\nimport _ \"runtime\"\nimport _ \"runtime/cgo\"\nimport \"fmt\"\nfunc main() {}\n"
	for _, body := range []string{
		`func init() { fmt.Println("the worker prints this when it loads the object") }`,
		`func init() { fmt.Printn() }`,
	} {
		object, err := w.Build(ctx, build.Unit{
			Label: "cell 1", Imports: []string{"fmt"},
			Files: []build.File{{Name: "cell-1", Text: head + body}},
		})
		var wrong *build.CompileError
		if errors.As(err, &wrong) {
			fmt.Println(wrong.Output)
			continue
		}
		fmt.Println(object.Path != "", err)
	}
	// Output:
	// true <nil>
	// cell-1:6:19: undefined: fmt.Printn
}
