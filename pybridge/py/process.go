package py

import (
	"context"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// A Process is a Python in another process, with an environment and a version of its own.
type Process struct{ process *pybridge.Process }

// NewProcess starts a Python: the path or name of an interpreter or the folder of an environment, or an
// empty text for the Python of this process.
func NewProcess(python string) *Process {
	return &Process{must(Runtime().NewProcess(context.Background(), pybridge.ProcessConfig{Python: python}))}
}

// Import imports a module there.
func (p *Process) Import(module string) *Object { return object(p.process.Import(module)) }

// From returns an attribute of a module there.
func (p *Process) From(module, name string) *Object { return object(p.process.From(module, name)) }

// Exec runs statements in its __main__.
func (p *Process) Exec(source string, names ...Kw) { check(p.process.Exec(source, names...)) }

// Eval evaluates an expression in its __main__.
func (p *Process) Eval(source string, names ...Kw) *Object {
	return object(p.process.Eval(source, names...))
}

// Get returns the value of a name there.
func (p *Process) Get(path string) *Object { return object(p.process.Get(path)) }

// Set sets a name there.
func (p *Process) Set(path string, value any) { check(p.process.Set(path, value)) }

// Interrupt raises KeyboardInterrupt in what is being performed.
func (p *Process) Interrupt() { p.process.Interrupt() }

// Alive reports whether the process is running.
func (p *Process) Alive() bool { return p.process.Alive() }

// Close ends the process.
func (p *Process) Close() { check(p.process.Close()) }
