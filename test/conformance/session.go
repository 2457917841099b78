package conformance

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/kernel/supervisor"
)

// A Workspace builds cells and has the program of the worker that runs them.
type Workspace interface {
	interpreter.Workspace
	Worker() string
}

// A session runs the cells of one program, with a worker of its own.
type session struct {
	interpreter *interpreter.Interpreter
	built       *linked
	count       int
}

// start makes a session whose worker runs in the folder of tests, as Go's own runner does it.
func (s *Suite) start(temporary string) (*session, error) {
	worker, err := supervisor.New(supervisor.Config{
		Program: func(context.Context) (string, error) { return s.limit.path, nil },
		Dir:     testFolder(s.config.GOROOT),
		Env:     append(s.env, "TMPDIR="+temporary),
	})
	if err != nil {
		return nil, err
	}
	built := &linked{Workspace: s.config.Workspace}
	i, err := interpreter.New(interpreter.Config{
		Open:   func(context.Context, func(string)) (interpreter.Workspace, error) { return built, nil },
		Worker: worker,
	})
	if err != nil {
		return nil, err
	}
	return &session{interpreter: i, built: built}, nil
}

// run runs cells one after the other, to the first that fails. What goes wrong with a cell is part of
// the outcome.
func (s *session) run(ctx context.Context, cells []string) (o Outcome, failed *Failure) {
	out := &output{}
	for _, source := range cells {
		s.count++
		if err := s.interpreter.Execute(ctx, interpreter.Cell{Source: source, Count: s.count}, out); err != nil {
			failed = &Failure{Cell: source, Traceback: withoutColours(strings.Join(err.Traceback, "\n"))}
			o.Exit = exitStatus(err)
			if err.Name == panicName {
				out.Stream("stderr", "panic: "+err.Value+"\n")
			}
			break
		}
	}
	o.Stdout, o.Stderr = out.close()
	return o, failed
}

// runSafely takes a panic of the interpreter for a failure of the cell that it met.
func (s *session) runSafely(ctx context.Context, cells []string) (o Outcome, failed *Failure) {
	defer func() {
		if r := recover(); r != nil {
			o.Exit = ended
			failed = &Failure{Cell: cells[s.count-1], Traceback: fmt.Sprintf("the interpreter panicked: %v\n%s", r, debug.Stack())}
		}
	}()
	return s.run(ctx, cells)
}

func (s *session) close(ctx context.Context) error { return s.interpreter.Close(ctx) }

// A Failure is how a cell failed.
type Failure struct {
	Cell      string
	Traceback string
}

// What the exit status of a Go program is.
const (
	notCompiled = 1 // the go command's
	panicked    = 2
	ended       = -1 // by a signal, or not at all
)

const panicName = "panic"

var statusText = regexp.MustCompile(`exit status (\d+)`)

// exitStatus is the status with which a program would end that fails as a cell did.
func exitStatus(err *interpreter.Error) int {
	switch {
	case err.Name == panicName, strings.Contains(err.Value, "fatal error: "):
		return panicked
	case strings.HasPrefix(err.Name, "compile"):
		return notCompiled
	}
	if found := statusText.FindStringSubmatch(err.Value); found != nil {
		status, err := strconv.Atoi(found[1])
		if err == nil {
			return status
		}
	}
	return ended
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

func withoutColours(text string) string { return colours.ReplaceAllString(text, "") }

// An output keeps what cells print, until it is closed: a program that has ended prints no more.
type output struct {
	mu             sync.Mutex
	closed         bool
	stdout, stderr strings.Builder
}

func (o *output) Stream(name, text string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case o.closed:
	case name == "stderr":
		o.stderr.WriteString(text)
	default:
		o.stdout.WriteString(text)
	}
}

func (o *output) close() (stdout, stderr string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.closed = true
	return o.stdout.String(), o.stderr.String()
}

// Display does nothing, and neither does Result: a program has none.
func (o *output) Display(display.Bundle, string, bool) {}

func (o *output) Result(display.Bundle) {}

func (o *output) Comm(comm.Packet) {}

func (o *output) CloseComms() {}

func (o *output) ClearOutput(bool) {}

// Input ends at once: programs are run without.
func (o *output) Input(context.Context, string, bool) (string, error) {
	return "", errors.New("a test program has no input")
}

// linked counts how cells were linked.
type linked struct {
	Workspace
	mu   sync.Mutex
	thin int
}

func (l *linked) Build(ctx context.Context, u build.Unit) (build.Object, error) {
	object, err := l.Workspace.Build(ctx, u)
	if err == nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.thin++ // there is no other way: what cannot be linked so is an error
	}
	return object, err
}

// Links says how cells were linked.
type Links struct{ Thin, Fat, Fallback int }

func (l *linked) links() Links {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Links{Thin: l.thin}
}

// Add is the sum.
func (l Links) Add(m Links) Links {
	return Links{Thin: l.Thin + m.Thin, Fat: l.Fat + m.Fat, Fallback: l.Fallback + m.Fallback}
}

func (l Links) String() string {
	if l.Fat == 0 {
		return fmt.Sprintf("%d linked, all thin, %d fallbacks", l.Thin, l.Fallback)
	}
	return fmt.Sprintf("%d linked, %d thin, %d fat, %d of them by fallback", l.Thin+l.Fat, l.Thin, l.Fat, l.Fallback)
}

// argumentsCell is a cell that gives a program its arguments.
func argumentsCell(p Program) string {
	words := append([]string{filepath.Base(strings.TrimSuffix(p.Name, ".go"))}, p.Recipe.Arguments...)
	return fmt.Sprintf("os.Args = %#v", words)
}
