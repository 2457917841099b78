package interpreter_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/kernel/supervisor"
)

func Example() {
	ctx := context.Background()
	workspace, err := build.Open(ctx, build.Config{
		Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test",
	})
	if err != nil {
		log.Fatal(err)
	}
	defer workspace.Close()
	worker, err := supervisor.New(supervisor.Config{
		Program: func(context.Context) (string, error) { return workspace.Worker(), nil },
	})
	if err != nil {
		log.Fatal(err)
	}
	session, err := interpreter.New(interpreter.Config{
		Open:   func(context.Context, func(string)) (interpreter.Workspace, error) { return workspace, nil },
		Worker: worker,
	})
	if err != nil {
		log.Fatal(err)
	}
	defer session.Close(ctx)

	for n, source := range []string{
		"words := strings.Fields(`a cell of Go`); len(words)",
		"words[4]",
		"slices.Reverse(words); words",
	} {
		out := new(output)
		if failed := session.Execute(ctx, interpreter.Cell{Source: source, Count: n + 1}, out); failed != nil {
			fmt.Println(failed.Value)
			continue
		}
		fmt.Println(strings.TrimSpace(out.String()))
	}
	// Output:
	// [4]
	// runtime error: index out of range [4] with length 4
	// [[]string{"Go", "of", "cell", "a"}]
}
