package worker

import (
	"errors"
	"fmt"
	"reflect"
	"runtime"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// module is the prefix of the names of our own functions.
const module = "github.com/gopy-kernel/gopy-kernel/"

// failure describes a panic. It must be called by the deferred function that recovered it, while
// the frames of the panic are still on the stack.
func failure(value any) *link.Failure {
	f := &link.Failure{Kind: link.Panicked, Name: "panic", Value: panicText(value), Frames: frames()}
	var python *pybridge.Error
	if err, ok := value.(error); ok && errors.As(err, &python) {
		f.Kind, f.Name, f.Value = link.Raised, python.Type, python.Message
		f.Traceback = strings.Split(strings.TrimRight(python.Traceback(), "\n"), "\n")
		if python.Type == "KeyboardInterrupt" {
			f.Kind = link.Interrupted
		}
	}
	return f
}

// goexit describes the end of the cell's goroutine: by an interrupt, or by the cell itself.
func goexit(interrupted bool) *link.Failure {
	if interrupted {
		return &link.Failure{Kind: link.Interrupted, Name: "interrupt", Value: "interrupted", Frames: frames()}
	}
	return &link.Failure{Kind: link.Exited, Name: "Goexit", Value: "runtime.Goexit was called", Frames: frames()}
}

// panicText is what the runtime prints after "panic: ".
func panicText(value any) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("%T (its text panicked: %v)", value, r)
		}
	}()
	switch v := value.(type) {
	case error:
		return v.Error()
	case fmt.Stringer:
		return v.String()
	}
	switch t := reflect.TypeOf(value); {
	case t.Kind() <= reflect.Complex128 && t.PkgPath() == "", t == reflect.TypeFor[string]():
		return fmt.Sprint(value) // as Go does it: with a type's name only if it was declared
	case t.Kind() == reflect.String:
		return fmt.Sprintf("%T(%q)", value, value)
	}
	return fmt.Sprintf("%T(%v)", value, value)
}

// frames are the frames of the running cell's code and of the libraries that it called, without
// those of the runtime and our own, the innermost first.
func frames() []link.Frame {
	const enough = 1000
	pcs := make([]uintptr, enough)
	pcs = pcs[:runtime.Callers(1, pcs)]
	var found []link.Frame
	for all := runtime.CallersFrames(pcs); ; {
		f, more := all.Next()
		if !ours(f.Function) {
			found = append(found, link.Frame{Function: f.Function, File: f.File, Line: f.Line})
		}
		if f.Function == module+"worker.(*Worker).run" || !more {
			return found
		}
	}
}

// ours reports whether a function is of the runtime or of this program, or one that cgo has made.
func ours(function string) bool {
	return function == "" || strings.HasPrefix(function, "runtime.") || strings.HasPrefix(function, "time.cellFunc") || strings.HasPrefix(function, module) ||
		strings.HasPrefix(function, "_cgoexp_")
}
