package pybridge

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

// A ProcessConfig says which Python runs in a process of its own, and with what.
type ProcessConfig struct {
	// Python is the path or name of an interpreter, or the folder of an environment; empty for the Python
	// that runs in this process. It needs no shared library.
	Python string
	Dir    string   // the working folder; empty for that of this process
	Env    []string // the environment; nil for that of this process
	// Stdout and Stderr take what it prints; nil is where this process prints.
	Stdout, Stderr io.Writer
	InitCode       []string // statements that run first
}

// A Process is a Python in another process: with an environment and a version of its own, and with no
// harm to this one if it dies. Its Objects are those of this process that stand for the others; what is
// asked of them is asked there, which takes some 100 us. Plain values go there as copies, and As copies them
// back; arrays too, so that views are not possible. Go functions can be passed to it.
//
// Its methods may be called from any goroutine. Requests are performed on its main thread, one after the
// other, except those that belong to one that is being performed.
type Process struct {
	cmd        *exec.Cmd
	python     string
	connection *Object // of gopy_kernel.remote
	ended      chan struct{}
	tail       tail
}

// A ProcessError says that the process of an object has ended.
type ProcessError struct {
	Python string
	State  *os.ProcessState
	Stderr string // the end of what it wrote there
}

func (e *ProcessError) Error() string {
	text := fmt.Sprintf("the Python process %s has ended: %v", e.Python, e.State)
	if e.Stderr != "" {
		text += "\n" + e.Stderr
	}
	return text
}

// NewProcess starts a Python. The context ends the start only.
func (r *Runtime) NewProcess(ctx context.Context, c ProcessConfig) (*Process, error) {
	python := r.found.Python.Executable
	if c.Python != "" {
		report, err := locate.Find(ctx, locate.Options{Python: c.Python, CacheFile: r.config.CacheFile})
		if report == nil || len(report.Candidates) == 0 || report.Candidates[0].Python == nil {
			return nil, err
		}
		python = report.Candidates[0].Python.Executable
	}
	p := &Process{python: python, ended: make(chan struct{})}
	ours, err := p.start(c)
	if err != nil {
		return nil, fmt.Errorf("starting %s: %w", python, err)
	}
	if err := r.connectProcess(p, ours); err != nil {
		p.kill()
		return nil, fmt.Errorf("connecting to %s: %w", python, err)
	}
	stop := context.AfterFunc(ctx, p.kill)
	defer stop()
	for i, source := range append([]string{"pass"}, c.InitCode...) {
		if err := p.Exec(source); err != nil {
			p.kill()
			return nil, errors.Join(fmt.Errorf("running InitCode[%d] in %s: %w", i-1, python, err), ctx.Err())
		}
	}
	return p, nil
}

//go:embed python/served_boot.py
var servedBoot string

// start starts the process and returns this side's end of the connection.
func (p *Process) start(c ProcessConfig) (fd int, err error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return 0, err
	}
	theirs := os.NewFile(uintptr(fds[1]), "connection")
	defer theirs.Close()
	p.cmd = exec.Command(p.python, "-c", "exec(__import__('sys').argv.pop(), {'__name__': 'boot'})", servedBoot)
	p.cmd.Dir, p.cmd.Env, p.cmd.ExtraFiles = c.Dir, childEnvironment(c.Env), []*os.File{theirs}
	p.cmd.Stdout, p.cmd.Stderr = c.Stdout, io.MultiWriter(&p.tail, os.Stderr)
	if c.Stdout == nil {
		p.cmd.Stdout = os.Stdout
	}
	if c.Stderr != nil {
		p.cmd.Stderr = io.MultiWriter(&p.tail, c.Stderr)
	}
	if err := p.cmd.Start(); err != nil {
		syscall.Close(fds[0])
		return 0, err
	}
	go func() { // ends with the process
		defer close(p.ended)
		_ = p.cmd.Wait() // the state says it
	}()
	return fds[0], nil
}

// childEnvironment leaves out what this process's Python was activated with: the other finds its own.
func childEnvironment(env []string) []string {
	if env != nil {
		return env
	}
	for _, entry := range os.Environ() {
		switch name, _, _ := strings.Cut(entry, "="); name {
		case "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONHOME", "PYTHONEXECUTABLE", "__PYVENV_LAUNCHER__":
		default:
			env = append(env, entry)
		}
	}
	return env
}

// servedModules are the parts of the Python side that the other process needs.
var servedModules = []string{"classes", "inspection", "remote", "remote_errors", "remote_values", "running", "served"}

func (r *Runtime) connectProcess(p *Process, fd int) error {
	all, err := pythonSources()
	if err != nil {
		return err
	}
	sources := map[string]string{"gopy_kernel": ""}
	for _, name := range servedModules {
		sources["gopy_kernel."+name] = all["gopy_kernel."+name]
	}
	connect, err := r.helper("gopy_kernel.remote", "connect")
	if err != nil {
		return err
	}
	reason := func() string { return p.Err().Error() }
	p.connection, err = connect.Call(fd, reason, sources)
	return err
}

// Err waits for the end of the process and returns how that came, as a *ProcessError.
func (p *Process) Err() error {
	<-p.ended
	return &ProcessError{p.python, p.cmd.ProcessState, p.tail.String()}
}

// Alive reports whether the process is running.
func (p *Process) Alive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// PID returns the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Interrupt raises KeyboardInterrupt in what is being performed, and reports whether the process runs.
func (p *Process) Interrupt() bool { return p.cmd.Process.Signal(os.Interrupt) == nil }

func (p *Process) kill() { _ = p.cmd.Process.Kill() } // it may have ended

// closeTimeout is how long a process may take to end by itself.
const closeTimeout = 5 * time.Second

// Close ends the process, as a Python program ends. What is still performed there is interrupted, and
// killed if it does not end.
func (p *Process) Close() error {
	end, err := startedHelper("gopy_kernel.remote", "close")
	if err != nil {
		return err
	}
	if _, err := end.Call(p.connection); err != nil {
		return err
	}
	timeout := time.NewTimer(closeTimeout)
	defer timeout.Stop()
	select {
	case <-p.ended:
	case <-timeout.C:
		p.kill()
		<-p.ended
	}
	return nil
}

func (p *Process) request(operation string, args ...any) (*Object, error) {
	o, err := p.connection.Method("request", append([]any{operation}, args...)...)
	if errors.Is(err, processDied) {
		err = errors.Join(p.Err(), err)
	}
	return o, err
}

var processDied = &Error{Type: "gopy_kernel.remote.ProcessDied"}

// Import imports a module there.
func (p *Process) Import(module string) (*Object, error) { return p.request("import", module) }

// Exec runs statements in its __main__. Names that are given with it are set there first.
func (p *Process) Exec(source string, names ...Kw) error {
	for _, kw := range names {
		for _, name := range kw.names() {
			if err := p.Set(name, kw[name]); err != nil {
				return err
			}
		}
	}
	_, err := p.request("execute", source)
	return err
}

// Eval evaluates an expression in its __main__, with names that are there for it alone.
func (p *Process) Eval(source string, names ...Kw) (*Object, error) {
	if len(names) == 0 {
		return p.request("evaluate", source)
	}
	return p.request("evaluate_with", source, merged(names))
}

// Get returns the value of a name there, as Runtime.Get does here.
func (p *Process) Get(path string) (*Object, error) { return p.request("lookup", path) }

// Set sets a name in its __main__, or an attribute after dots.
func (p *Process) Set(path string, value any) error {
	_, err := p.request("assign", path, value)
	return err
}

// From returns an attribute of a module there.
func (p *Process) From(module, name string) (*Object, error) {
	m, err := p.Import(module)
	if err != nil {
		return nil, err
	}
	return m.Attr(name)
}

// Reset takes all names out of its __main__.
func (p *Process) Reset() error {
	_, err := p.request("reset")
	return err
}

// A tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text bytes.Buffer
}

const tailSize = 4 << 10

func (t *tail) Write(data []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text.Write(data)
	t.text.Next(max(0, t.text.Len()-tailSize))
	return len(data), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(strings.ToValidUTF8(t.text.String(), "\uFFFD"))
}
