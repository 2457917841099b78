package py

import (
	"context"
	"errors"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// Runtime returns the running Python, and starts it if there is none.
func Runtime() *pybridge.Runtime { return must(pybridge.Default()) }

// Import imports a module.
func Import(module string) *Object { return object(Runtime().Import(module)) }

// From returns an attribute of a module.
func From(module, name string) *Object { return object(Runtime().From(module, name)) }

// FromAll returns several attributes of a module.
func FromAll(module string, names ...string) []*Object {
	found := must(Runtime().FromAll(module, names...))
	objects := make([]*Object, len(found))
	for i, o := range found {
		objects[i] = (*Object)(o)
	}
	return objects
}

// Exec runs statements in __main__. Names that are given with it are set there first.
func Exec(source string, names ...Kw) { check(Runtime().Exec(source, names...)) }

// Eval evaluates an expression in __main__, with names that are there for it alone.
func Eval(source string, names ...Kw) *Object { return object(Runtime().Eval(source, names...)) }

// Get returns the value of a name in __main__, or of a built-in; attributes follow after dots. Get("math.pi") leads
// into a module.
func Get(path string) *Object { return object(Runtime().Get(path)) }

// Set sets a name in __main__, or an attribute after dots.
func Set(path string, value any) { check(Runtime().Set(path, value)) }

// SetAll sets names in __main__.
func SetAll(names Kw) { check(Runtime().SetAll(names)) }

// Of makes a Python object of a Go value.
func Of(value any) *Object { return object(Runtime().Of(value)) }

// Generator returns a Python iterator that calls a function until it returns the value to stop at.
func Generator(function, stop any) *Object { return object(Runtime().Generator(function, stop)) }

// Hold runs f with Python's lock held all the time, for many calls in a row. f should not wait for
// anything.
func Hold(f func()) { check(Runtime().Hold(func() error { f(); return nil })) }

// Output is what Python code has printed.
type Output = pybridge.Output

// Capture runs f and returns what Python code printed meanwhile, instead of showing it.
func Capture(f func()) Output {
	return must(Runtime().Capture(func() error { f(); return nil }))
}

// CaptureAll runs f and returns everything that the process printed meanwhile, C code, child processes and Go too.
func CaptureAll(f func()) Output {
	return must(Runtime().CaptureAll(func() error { f(); return nil }))
}

// Reset takes all names out of __main__.
func Reset() { check(Runtime().Reset()) }

// Version returns the version of the running Python.
func Version() pybridge.Version { return must(Runtime().Version()) }

// Configuration describes the Python that is running.
func Configuration() string { return must(Runtime().Configuration()) }

// Info is a table of all Pythons that were looked at, with a star at the one that is used and the reason why another
// cannot be. It needs no Python that works.
func Info() *locate.Report {
	report, err := pybridge.Candidates(context.Background())
	if _, none := errors.AsType[*locate.NotFoundError](err); none {
		return report
	}
	check(err)
	return report
}

// Bind sets the fields of a struct to the functions and values that their tags name.
func Bind(target any) { check(Runtime().Bind(target)) }
