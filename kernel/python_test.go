package kernel_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// forPython is the interpreter that testdata/client.py and testdata/conformance.py talk to.
func forPython() *play {
	loop := endless()
	return &play{
		execute: func(ctx context.Context, c interpreter.Cell, out interpreter.Output) *interpreter.Error {
			switch c.Source {
			case "hello":
				out.Stream("stdout", "hello, world\n")
			case "warn":
				out.Stream("stderr", "oops ü😀\n")
			case "fail":
				return &interpreter.Error{Name: "Panic", Value: "boom", Traceback: []string{"boom"}}
			case "display":
				out.Display(display.Bundle{Data: map[string]any{"text/plain": "p", "text/html": "<b>&</b>", "image/png": []byte{1, 2, 3}}}, "", false)
			case "clear":
				out.ClearOutput(false)
			case "ask":
				got, err := out.Input(ctx, "name: ", false)
				if errors.Is(err, context.Canceled) {
					return &interpreter.Error{Name: "Interrupt"}
				} else if err != nil {
					return &interpreter.Error{Name: "Input", Value: err.Error()}
				}
				out.Stream("stdout", "hello "+got)
			case "flood":
				for range 50_000 {
					out.Stream("stdout", "0123456789\n")
				}
			default:
				if e := loop.Execute(ctx, c, out); e != nil || c.Source == "loop" {
					return e
				}
				out.Result(text(c.Source))
			}
			return nil
		},
		evaluate: func(expr string) (display.Bundle, *interpreter.Error) { return text(expr), nil },
		complete: func(_ context.Context, code string, cursor int) (interpreter.Completion, error) {
			return interpreter.Completion{Start: 0, End: cursor, Items: []interpreter.CompletionItem{{Text: code + "1", Kind: "variable"}}}, nil
		},
		inspect:    func(code string, _, _ int) (display.Bundle, bool, error) { return text("about " + code), true, nil },
		isComplete: completeness,
		interrupt:  loop.interrupt,
		close:      loop.close,
	}
}

func completeness(code string) interpreter.Completeness {
	switch code {
	case "func f() {":
		return interpreter.Completeness{Status: "incomplete", Indent: "\t"}
	case "}}":
		return interpreter.Completeness{Status: "invalid"}
	}
	return interpreter.Completeness{Status: "complete"}
}

// TestJupyterClient drives the kernel with the client that all Python front ends use, on libzmq.
func TestJupyterClient(t *testing.T) {
	runPython(t, "testdata/client.py", "jupyter_client", "zmq")
}

// TestConformance runs the public suite jupyter_kernel_test against the kernel, interpreter apart.
func TestConformance(t *testing.T) {
	runPython(t, "testdata/conformance.py", "jupyter_kernel_test")
}

// runPython runs a script that gets the connection file of a kernel, and shuts that down.
func runPython(t *testing.T, script string, modules ...string) {
	python := kerneltest.Python(t, modules...)
	r := start(t, messaging.ZMQ(nil), forPython())
	file := filepath.Join(t.TempDir(), "kernel.json")
	connection, err := json.Marshal(r.server.Connection())
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, connection, 0o600))
	ctx, cancel := context.WithTimeout(context.Background(), 4*kerneltest.Patience)
	defer cancel()
	out, err := exec.CommandContext(ctx, python, script, file).CombinedOutput()
	require.NoError(t, err, "%s", out)
	t.Logf("%s", out)
	require.NoError(t, r.wait(t))
}
