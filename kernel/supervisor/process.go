package supervisor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// A process is one worker process.
type process struct {
	pid    int
	cmd    *exec.Cmd
	conn   *link.Conn
	stdout *stream
	stderr *stream
	prints *prints

	done  chan link.Done
	ended chan struct{} // closed when the process has ended; crash is set before
	crash *Crash

	mu         sync.Mutex
	out        interpreter.Output // of the running cell, or the last one
	run        uint64             // that began last
	owners     *owners
	reason     string             // why we killed it
	cancelAsks context.CancelFunc // ends waiting for input
	asks       context.Context
	looks      map[uint64]chan link.Seen
	lastLook   uint64
	said       string // written before there was a cell

	showing sync.Mutex // held while out is called
}

// start starts a worker and waits until it says that it is ready.
func start(ctx context.Context, program string, c Config) (*process, error) {
	ours, theirs, err := socketPair()
	if err != nil {
		return nil, fmt.Errorf("making a connection for the worker: %w", err)
	}
	p := &process{conn: link.NewConn(ours), done: make(chan link.Done, 1), ended: make(chan struct{}), owners: newOwners(), looks: map[uint64]chan link.Seen{}}
	p.asks, p.cancelAsks = context.WithCancel(context.Background())
	p.cmd = exec.Command(program)
	p.cmd.Dir, p.cmd.Env = c.Dir, c.Env
	// A group of its own, so that it can be ended with the children of the cells, and so that a
	// signal meant for the front does not reach it.
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := p.openPipes(); err != nil {
		return nil, errors.Join(err, p.conn.Close(), theirs.Close())
	}
	p.cmd.ExtraFiles = []*os.File{theirs, p.prints.writer} // 3 and link.PrintsFile
	err = p.cmd.Start()
	theirs.Close() // before we read: the worker has the only one, so its end is the connection's
	p.stdout.closeWriter()
	p.stderr.closeWriter()
	p.prints.closeWriter()
	if err != nil {
		return nil, errors.Join(fmt.Errorf("starting the worker: %w", err), p.conn.Close())
	}
	p.pid = p.cmd.Process.Pid
	go p.stdout.run() // ends with the process and its children
	go p.stderr.run()
	go p.prints.run()
	return p, p.awaitReady(ctx)
}

// awaitReady reads the first message, and then starts to receive the others.
func (p *process) awaitReady(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { p.kill(ctx.Err().Error()) })
	defer stop()
	message, err := p.conn.Receive()
	if _, ok := message.(link.Ready); !ok || err != nil {
		late := time.AfterFunc(grace, func() { p.kill("it did not become ready") })
		p.finish()
		late.Stop()
		return fmt.Errorf("the worker did not start: %w%s", p.crash, p.saidEarly())
	}
	go p.receive() // ends with the process
	return nil
}

func (p *process) openPipes() (err error) {
	if p.stdout, err = newStream("stdout", p.stream); err != nil {
		return err
	}
	if p.stderr, err = newStream("stderr", p.stream); err != nil {
		return err
	}
	p.cmd.Stdout, p.cmd.Stderr = p.stdout.writer, p.stderr.writer
	p.prints, err = newPrints(p.print)
	return err
}

func socketPair() (ours net.Conn, theirs *os.File, err error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, nil, err
	}
	file := os.NewFile(uintptr(fds[0]), "worker")
	theirs = os.NewFile(uintptr(fds[1]), "front")
	defer file.Close()
	ours, err = net.FileConn(file)
	return ours, theirs, err
}

// awaitEnd waits for the end of a process that cannot be reached: most likely it has ended, and how is not
// known yet.
func (p *process) awaitEnd(unreachable error) {
	late := time.AfterFunc(grace, func() { p.kill(unreachable.Error()) })
	defer late.Stop()
	<-p.ended
}

func (p *process) dead() bool {
	select {
	case <-p.ended:
		return true
	default:
		return false
	}
}

// begin says where what a run shows goes from now on, and what comes from nobody known. It returns where
// that went before.
func (p *process) begin(run uint64, out interpreter.Output) (before interpreter.Output) {
	p.empty() // what was written up to now belongs to the last run
	p.mu.Lock()
	defer p.mu.Unlock()
	before, p.out, p.run = p.out, out, run
	p.owners.set(run, out)
	p.asks, p.cancelAsks = context.WithCancel(context.Background())
	return before
}

// setOutput says where what comes from nobody known goes.
func (p *process) setOutput(out interpreter.Output) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.out = out
}

// ends notes how a run ended: what its goroutines show when they were to end too is dropped.
func (p *process) ends(m link.Done) {
	if !m.Stopped {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.owners.set(m.ID, nil)
}

// output calls f with the output of a run, unless that was to end. If the run is 0 or not known, it is that of
// the running cell, or the last one.
func (p *process) output(run uint64, f func(interpreter.Output)) {
	p.mu.Lock()
	out, known := p.owners.of(run)
	if !known {
		out = p.out
	}
	p.mu.Unlock()
	if out == nil {
		return
	}
	p.showing.Lock()
	defer p.showing.Unlock()
	f(out)
}

func (p *process) stream(name, text string) {
	p.mu.Lock()
	if p.out == nil {
		p.said += text
	}
	p.mu.Unlock()
	p.output(0, func(out interpreter.Output) { out.Stream(name, text) })
}

// print passes on what a goroutine has printed. If its run has just ended, it may have written more to the
// standard files before.
func (p *process) print(m link.Print) {
	p.mu.Lock()
	last := p.run == m.Run
	p.mu.Unlock()
	if last {
		p.stdout.drain()
		p.stderr.drain()
	}
	p.output(m.Run, func(out interpreter.Output) { out.Stream(m.Name(), string(m.Text)) })
}

// saidEarly is what a process that did not become ready wrote about it.
func (p *process) saidEarly() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.said == "" {
		return ""
	}
	return ": " + strings.TrimSpace(p.said)
}

// drain passes on what was written to the pipes so far. The process has just sent a message, so what
// may have been a crash report is none.
func (p *process) drain() {
	p.empty()
	p.stderr.release()
}

func (p *process) empty() {
	p.stdout.drain()
	p.stderr.drain()
	p.prints.drain()
}

func (p *process) receive() {
	defer p.finish()
	for {
		message, err := p.conn.Receive()
		if err != nil {
			return
		}
		if err := p.handle(message); err != nil {
			p.kill(err.Error())
			return
		}
	}
}

func (p *process) handle(message any) error {
	switch m := message.(type) {
	case link.Show:
		p.drain()
		p.output(m.Run, func(out interpreter.Output) { show(out, m) })
		return p.conn.Send(link.Shown{})
	case link.Clear:
		p.drain()
		p.output(m.Run, func(out interpreter.Output) { out.ClearOutput(m.Wait) })
		return p.conn.Send(link.Shown{})
	case link.Tell:
		p.drain()
		p.output(m.Run, func(out interpreter.Output) { out.Comm(m.Packet) })
		return p.conn.Send(link.Shown{})
	case link.Ask:
		p.drain()
		go p.ask(m) // ends with the answer, an interrupt or the process
		return nil
	case link.Seen:
		p.mu.Lock()
		defer p.mu.Unlock()
		if waiting := p.looks[m.ID]; waiting != nil {
			waiting <- m
		}
		return nil
	case link.Done:
		p.drain()
		p.ends(m)
		p.done <- m
		return nil
	}
	return fmt.Errorf("the worker sent a %T", message)
}

func show(out interpreter.Output, m link.Show) {
	b := display.Bundle{Data: map[string]any{}, Metadata: map[string]any{}}
	for mime, data := range m.Data {
		b.Data[mime] = data
	}
	for mime, data := range m.Metadata {
		b.Metadata[mime] = data
	}
	if m.Result {
		out.Result(b)
		return
	}
	out.Display(b, m.Display, m.Update)
}

func (p *process) ask(m link.Ask) {
	p.mu.Lock()
	out, ctx := p.out, p.asks
	p.mu.Unlock()
	answer := link.Input{ID: m.ID}
	var err error
	if out == nil {
		err = errors.New("no cell is running that could ask for input")
	} else {
		answer.Text, err = out.Input(ctx, m.Prompt, m.Password)
	}
	switch {
	case err == nil:
	case ctx.Err() != nil, errors.Is(err, context.Canceled):
		answer.Interrupted = true
	case errors.Is(err, io.EOF):
		answer.End = true
	default:
		answer.Error = err.Error()
	}
	_ = p.conn.Send(answer) // if the worker has ended, nobody waits
}

func (p *process) look(ctx context.Context, keys []string) ([]link.Variable, error) {
	p.mu.Lock()
	p.lastLook++
	id, seen := p.lastLook, make(chan link.Seen, 1)
	p.looks[id] = seen
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.looks, id)
	}()
	if err := p.conn.Send(link.Look{ID: id, Keys: keys}); err != nil {
		return nil, err
	}
	select {
	case m := <-seen:
		return m.Variables, nil
	case <-p.ended:
		return nil, p.crash
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// interrupt asks a run to end. If the process has ended, it needs no interrupt. A SIGINT beside the
// message could arrive when the next cell runs; what Python needs to be woken by, the worker sends.
func (p *process) interrupt(run uint64) {
	p.mu.Lock()
	p.cancelAsks()
	p.mu.Unlock()
	_ = p.conn.Send(link.Interrupt{ID: run})
}

// kill ends the process and the children of its cells.
func (p *process) kill(reason string) {
	p.mu.Lock()
	if p.reason == "" {
		p.reason = reason
	}
	p.mu.Unlock()
	_ = syscall.Kill(-p.pid, syscall.SIGKILL) // if it has ended, it needs no killing
}

// finish waits for the end of the process, ends what its cells have left behind, and says what it was.
func (p *process) finish() {
	p.conn.Close()
	// The error says what the state says.
	_ = p.cmd.Wait()
	// The children of its cells are in its group, and nobody can reach them any more.
	_ = syscall.Kill(-p.pid, syscall.SIGKILL) // mostly there are none
	p.mu.Lock()
	p.cancelAsks()
	reason := p.reason
	p.mu.Unlock()
	p.stdout.drain()
	p.crash = newCrash(p.cmd.ProcessState, reason, p.stderr.report())
	p.stderr.drain()
	p.prints.drain()
	p.output(0, interpreter.Output.CloseComms)
	close(p.ended)
}

// grace is how long a process may take to end when it should.
const grace = 2 * time.Second

// quit asks the process to end, and ends it if it does not.
func (p *process) quit(ctx context.Context) error {
	_ = p.conn.Send(link.Quit{}) // if it cannot be told, it is killed below
	timeout := time.NewTimer(grace)
	defer timeout.Stop()
	select {
	case <-p.ended:
	case <-timeout.C:
		p.kill("it did not end when it was asked to")
		<-p.ended
	case <-ctx.Done():
		p.kill(ctx.Err().Error())
		<-p.ended
	}
	return nil
}
