package pybridge

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// ErrNotStarted says that no Python is running: Open comes first.
var ErrNotStarted = errors.New("no Python is running: call Open first")

// ErrNoCgo is why a program has no Python that was built without cgo.
var ErrNoCgo = capi.ErrNoCgo

// A Runtime is the CPython of this process. There is one at most, because CPython keeps its state in
// the process. Its methods, and those of its Objects, may be called from any goroutine.
type Runtime struct {
	found  *locate.Candidate
	config Config
	shell  []string // the environment before Python's own was activated in it
	log    *slog.Logger
	python helpers
	main   uint64 // Python's number of its main thread
	work   chan func()
	closed atomic.Bool
}

// process is what there can be one of only: the interpreter lives in C variables of the process, and
// cells reach it without having been handed anything.
var process struct {
	mu      sync.Mutex
	config  Config
	runtime atomic.Pointer[Runtime]
	broken  error // of a start that went so far that it cannot be repeated

	// What belongs to the Runtime and is of generic types: the compiler makes the methods of such a type anew
	// in each package that uses a struct which has one, and a cell that said py.Import took 60 ms longer.
	values      *registry
	names       nameTable
	keywords    keywordTable
	helpers     sync.Map                   // of names to *Object; see helper
	rules       atomic.Pointer[Converters] // nil for none
	classes     sync.Map                   // of reflect.Type to *Object; see classOf
	descriptors descriptors
	asking      atomic.Pointer[context.CancelCauseFunc] // ends the wait for the user's input
}

// started returns the runtime that all objects belong to. As every call begins with it, it also drops
// some of the references that wait for a call to take them along.
func started() (*Runtime, error) {
	if r := process.runtime.Load(); r != nil {
		released.drain()
		return r, nil
	}
	return nil, ErrNotStarted
}

// Configure sets what Default opens with. It must come before the first call of Default.
func Configure(c Config) {
	process.mu.Lock()
	defer process.mu.Unlock()
	process.config = c
}

// Default returns the running Python; if there is none, it opens one with what Configure was given.
func Default() (*Runtime, error) {
	if r := process.runtime.Load(); r != nil {
		return r, nil
	}
	process.mu.Lock()
	c := process.config
	process.mu.Unlock()
	return Open(context.Background(), c)
}

// Open finds a Python and starts it, which takes some tens of milliseconds. Where one is running
// already, that one is returned, unless the Config names another: then it is an error. Without a
// usable Python the error is a *locate.NotFoundError, which lists what was tried.
//
// The context ends the search, not the Python.
func Open(ctx context.Context, c Config) (*Runtime, error) {
	process.mu.Lock()
	defer process.mu.Unlock()
	if r := process.runtime.Load(); r != nil {
		return r, r.serves(ctx, c)
	}
	if process.broken != nil {
		return nil, process.broken
	}
	if err := capi.Supported(); err != nil {
		return nil, err
	}
	if c.MainThread && !capi.OnMainThread() {
		return nil, errors.New("starting Python: the first use must be on the main thread of the process")
	}
	report, err := locate.Find(ctx, locate.Options{Python: c.Python, Dir: c.Dir, CacheFile: c.CacheFile})
	if err != nil {
		return nil, err
	}
	r := &Runtime{found: report.Chosen, config: c.withDefaults(), shell: os.Environ(), work: make(chan func())}
	r.log = r.config.Logger
	process.values = newRegistry()
	process.names.all = map[string]*name{}
	process.keywords.all = map[string]*keywordNames{}
	if err := r.start(c.MainThread); err != nil {
		process.runtime.Store(nil)
		process.broken = fmt.Errorf("starting Python %s: %w", report.Chosen.Python.VersionText(), err)
		return nil, process.broken
	}
	if err := r.initialise(); err != nil {
		return nil, err
	}
	return r, nil
}

// serves reports an error if a Config asks for another Python than the one that is running.
func (r *Runtime) serves(ctx context.Context, c Config) error {
	if c.Python == "" {
		return nil
	}
	report, err := locate.Find(ctx, locate.Options{Python: c.Python, Dir: c.Dir, CacheFile: c.CacheFile})
	if err != nil {
		return err
	}
	if asked := report.Chosen.Python.Executable; asked != r.found.Python.Executable {
		return fmt.Errorf("%s is running, and a process has one Python: %s needs another process", r.found.Python.Executable, asked)
	}
	return nil
}

// start starts the interpreter, here or on a thread of its own.
func (r *Runtime) start(here bool) error {
	if here {
		return r.startHere() // the caller is locked to its thread, and stays so
	}
	result := make(chan error)
	go func() { // ends with the process: Python's main thread must not go away
		runtime.LockOSThread()
		err := r.startHere()
		result <- err
		for f := range r.work {
			f()
		}
	}()
	return <-result
}

func (r *Runtime) startHere() error {
	if err := setEnvironment(r.found.Python, r.log); err != nil {
		return err
	}
	version, err := capi.Load(r.found.Library)
	if err != nil {
		return fmt.Errorf("opening its library: %w", err)
	}
	if err := sameVersion(version, r.found); err != nil {
		return err
	}
	hooks := capi.Hooks{Call: r.invoke, Keep: process.values.add, Forget: process.values.forget, Starter: r.config.Starter, Print: r.config.Print}
	if err := capi.Start(arguments(r.found.Python), hooks); err != nil {
		return err
	}
	r.main = capi.ThreadID()
	process.runtime.Store(r) // objects need it; a failure takes it back
	return r.bootstrap()
}

// arguments is the command line of the interpreter. The program name is what makes it find its
// environment; a home would hide the base interpreter from it.
func arguments(p *locate.Python) []string { return []string{p.Executable, "-X", "utf8"} }

// Info describes the Python that is running: where it was found, and its library.
func (r *Runtime) Info() locate.Candidate { return *r.found }

// Candidates looks at every place where a Python may be, also at those after the one that was taken, and says of each
// what was found there, or why it was refused. It asks interpreters in processes of their own, starts no Python in
// this one, and needs none: without a usable one the error is a *locate.NotFoundError, and the report is there all
// the same.
func Candidates(ctx context.Context) (*locate.Report, error) {
	process.mu.Lock()
	c := process.config
	process.mu.Unlock()
	o := locate.Options{All: true}
	if r := process.runtime.Load(); r != nil {
		c, o.Environ = r.config, r.shell
	}
	o.Python, o.Dir, o.CacheFile = c.Python, c.Dir, c.CacheFile
	return locate.Find(ctx, o)
}

// Import imports a module; "a.b" gives a.b, not a.
func (r *Runtime) Import(module string) (*Object, error) {
	f := capi.NewFrame()
	defer f.Free()
	r.putName(f, module)
	f.Step(capi.StepImport, 0)
	f.Run(capi.WantObject)
	return result(f)
}

// Exec runs statements in __main__. Names that are given with it are set there first.
func (r *Runtime) Exec(source string, names ...Kw) error {
	for _, kw := range names {
		if err := r.SetAll(kw); err != nil {
			return err
		}
	}
	_, err := r.python.execute.Call(source)
	return err
}

// Eval evaluates an expression in __main__. Names that are given with it, Eval("a + b", Kw{"a": 1, "b":
// x}), are there for the expression alone. Values never become text.
func (r *Runtime) Eval(source string, names ...Kw) (*Object, error) {
	if len(names) == 0 {
		return r.python.evaluate.Call(source)
	}
	f, err := r.helper("gopy_kernel.running", "evaluate_with")
	if err != nil {
		return nil, err
	}
	return f.Using(process.rules.Load()).Call(source, map[string]any(merged(names)))
}

func merged(names []Kw) Kw {
	all := Kw{}
	for _, kw := range names {
		maps.Copy(all, kw)
	}
	return all
}

// RunCell runs statements in __main__ and returns the value of the last one, if it is an expression
// without a semicolon, or None. The name is what tracebacks call the source.
func (r *Runtime) RunCell(source, name string) (*Object, error) {
	return r.python.runCell.Call(source, name)
}

// Get returns the value of a name in __main__, or of a built-in; attributes follow after dots. A path that
// begins with none of these leads into a module: Get("math.pi").
func (r *Runtime) Get(path string) (*Object, error) { return r.python.lookup.Call(path) }

// Set sets a name in __main__, or an attribute after dots.
func (r *Runtime) Set(path string, value any) error {
	_, err := r.python.assign.Call(path, value)
	return err
}

// SetAll sets names in __main__.
func (r *Runtime) SetAll(names Kw) error {
	for _, name := range slices.Sorted(maps.Keys(names)) {
		if err := r.Set(name, names[name]); err != nil {
			return fmt.Errorf("setting %s: %w", name, err)
		}
	}
	return nil
}

// From returns an attribute of a module: the f of "from module import f".
func (r *Runtime) From(module, name string) (*Object, error) {
	m, err := r.Import(module)
	if err != nil {
		return nil, err
	}
	defer m.Close()
	return m.Attr(name)
}

// FromAll returns several attributes of a module.
func (r *Runtime) FromAll(module string, names ...string) ([]*Object, error) {
	found := make([]*Object, len(names))
	for i, name := range names {
		var err error
		if found[i], err = r.From(module, name); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// Generator returns a Python iterator that calls a function until it returns the value to stop at.
func (r *Runtime) Generator(function, stop any) (*Object, error) {
	iter, err := r.helper("builtins", "iter")
	if err != nil {
		return nil, err
	}
	return iter.Using(process.rules.Load()).Call(function, stop)
}

// Of makes a Python object of a Go value, by the rules of arguments.
func (r *Runtime) Of(value any) (*Object, error) {
	f := capi.NewFrame()
	defer f.Free()
	if c := process.rules.Load(); c != nil {
		c.attach(f)
	}
	if err := r.encode(f, value); err != nil {
		return nil, err
	}
	f.Run(capi.WantObject)
	return result(f)
}

// typeName returns the name of an object's type.
func (r *Runtime) typeName(o *Object) (string, error) {
	t, err := o.Type()
	if err != nil {
		return "", err
	}
	defer t.Close()
	return AttrAs[string](t, "__qualname__")
}
