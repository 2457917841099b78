package kernel_test

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/kernel"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// A play is an interpreter that does what the test says. What is nil does nothing.
type play struct {
	comm       func(p comm.Packet, request string, out interpreter.Output) *interpreter.Error
	execute    func(ctx context.Context, cell interpreter.Cell, out interpreter.Output) *interpreter.Error
	evaluate   func(expr string) (display.Bundle, *interpreter.Error)
	interrupt  func()
	complete   func(ctx context.Context, code string, cursor int) (interpreter.Completion, error)
	inspect    func(code string, cursor, detail int) (display.Bundle, bool, error)
	isComplete func(code string) interpreter.Completeness
	close      func(ctx context.Context) error
}

func (p *play) Execute(ctx context.Context, cell interpreter.Cell, out interpreter.Output) *interpreter.Error {
	if p.execute == nil {
		return nil
	}
	return p.execute(ctx, cell, out)
}

func (p *play) Comm(_ context.Context, m comm.Packet, request string, out interpreter.Output) *interpreter.Error {
	if p.comm == nil {
		return nil
	}
	return p.comm(m, request, out)
}

func (p *play) Evaluate(_ context.Context, expr string, _ interpreter.Output) (display.Bundle, *interpreter.Error) {
	return p.evaluate(expr)
}

func (p *play) Interrupt() {
	if p.interrupt != nil {
		p.interrupt()
	}
}

func (p *play) Complete(ctx context.Context, code string, cursor int) (interpreter.Completion, error) {
	if p.complete == nil {
		return interpreter.Completion{Start: cursor, End: cursor}, nil
	}
	return p.complete(ctx, code, cursor)
}

func (p *play) Inspect(_ context.Context, code string, cursor, detail int) (display.Bundle, bool, error) {
	if p.inspect == nil {
		return display.Bundle{}, false, nil
	}
	return p.inspect(code, cursor, detail)
}

func (p *play) IsComplete(_ context.Context, code string) interpreter.Completeness {
	if p.isComplete == nil {
		return interpreter.Completeness{Status: "complete"}
	}
	return p.isComplete(code)
}

func (p *play) Close(ctx context.Context) error {
	if p.close == nil {
		return nil
	}
	return p.close(ctx)
}

func text(s string) display.Bundle {
	return display.Bundle{Data: map[string]any{"text/plain": s}}
}

var info = kernel.Info{
	Implementation: "gopy-kernel",
	Version:        "0.1.0",
	Banner:         "a banner",
	Language: messaging.LanguageInfo{
		Name: "go", Version: "1.26", MimeType: "text/x-go", FileExtension: ".go",
		PygmentsLexer: "go", CodemirrorMode: "go", NbconvertExporter: "script",
	},
	HelpLinks: []messaging.HelpLink{{Text: "Go", URL: "https://go.dev/doc"}},
}

// A running kernel, and what is needed to reach and end it.
type running struct {
	kernel    *kernel.Kernel
	server    *messaging.Server
	transport messaging.Transport
	stop      context.CancelFunc
	ended     chan error // gets what Serve returns
}

// start runs a kernel; the test's cleanup ends it.
func start(t testing.TB, transport messaging.Transport, p kernel.Interpreter, options ...func(*kernel.Config)) *running {
	t.Helper()
	server, err := messaging.Listen(messaging.ServerConfig{
		Connection: messaging.Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: messaging.SchemeHMACSHA256, Key: "secret"},
		Transport:  transport,
	})
	require.NoError(t, err)
	config := kernel.Config{Server: server, Interpreter: p, Info: info, Logger: slog.New(slog.DiscardHandler)}
	for _, o := range options {
		o(&config)
	}
	k, err := kernel.New(config)
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	r := &running{kernel: k, server: server, transport: transport, stop: stop, ended: make(chan error, 1)}
	go func() { r.ended <- k.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		r.wait(t)
	})
	return r
}

// wait returns what Serve returned; more than once if need be.
func (r *running) wait(t testing.TB) error {
	t.Helper()
	select {
	case err := <-r.ended:
		r.ended <- err
		return err
	case <-time.After(kerneltest.Patience):
		require.Fail(t, "Serve does not return")
		return nil
	}
}

func (r *running) dial(t testing.TB) *kerneltest.Client {
	t.Helper()
	return kerneltest.Dial(t, r.transport, r.server.Connection())
}

// front starts a kernel in memory and connects to it.
func front(t testing.TB, p kernel.Interpreter) *kerneltest.Client {
	t.Helper()
	return start(t, messaging.NewMemory(), p).dial(t)
}

// wait bounds a wait for something in the test itself.
func wait[T any](t testing.TB, c <-chan T) T {
	t.Helper()
	select {
	case v := <-c:
		return v
	case <-time.After(kerneltest.Patience):
		require.Fail(t, "waited in vain")
		panic("unreachable")
	}
}

func TestNewWantsServerAndInterpreter(t *testing.T) {
	_, err := kernel.New(kernel.Config{})
	require.ErrorContains(t, err, "a server and an interpreter")
}

func TestKernelInfo(t *testing.T) {
	c := front(t, &play{})
	for _, ch := range []messaging.Channel{messaging.Shell, messaging.Control} {
		reply := c.Ask(ch, messaging.TypeKernelInfoRequest, struct{}{})
		assert.Equal(t, messaging.KernelInfoReply{
			Status:                messaging.StatusOK,
			ProtocolVersion:       messaging.ProtocolVersion,
			Implementation:        info.Implementation,
			ImplementationVersion: info.Version,
			LanguageInfo:          info.Language,
			Banner:                info.Banner,
			HelpLinks:             info.HelpLinks,
			SupportedFeatures:     []string{},
		}, kerneltest.Content[messaging.KernelInfoReply](t, reply))
		assert.Equal(t, messaging.ProtocolVersion, reply.Header.Version)
	}
}

func TestConnect(t *testing.T) {
	r := start(t, messaging.ZMQ(nil), &play{})
	c := r.dial(t)
	reply := kerneltest.Content[messaging.ConnectReply](t, c.Ask(messaging.Shell, messaging.TypeConnectRequest, struct{}{}))
	want := r.server.Connection()
	assert.Equal(t, messaging.ConnectReply{Status: messaging.StatusOK, ShellPort: want.ShellPort, ControlPort: want.ControlPort,
		StdinPort: want.StdinPort, IOPubPort: want.IOPubPort, HeartbeatPort: want.HeartbeatPort}, reply)
}

func TestTwoKernelsInOneProcess(t *testing.T) {
	transport := messaging.ZMQ(nil)
	say := func(name string) *play {
		return &play{execute: func(_ context.Context, _ interpreter.Cell, out interpreter.Output) *interpreter.Error {
			out.Stream("stdout", name)
			return nil
		}}
	}
	var running sync.WaitGroup
	for _, name := range []string{"one", "two"} {
		c := start(t, transport, say(name)).dial(t)
		running.Go(func() {
			for count := 1; count <= 50; count++ {
				id := c.Execute("say")
				c.RecvBusy(id)
				c.RecvInput(id, "say", count)
				c.RecvStream(id, "stdout", name)
				c.RecvIdle(id)
				c.RecvExecuteReply(id, messaging.StatusOK, count)
			}
		})
	}
	running.Wait()
}

func TestTwoFrontEndsSeeEverything(t *testing.T) {
	r := start(t, messaging.ZMQ(nil), &play{})
	one, two := r.dial(t), r.dial(t)
	id := two.Execute("x")
	two.RecvBusy(id)
	two.RecvInput(id, "x", 1)
	two.RecvIdle(id)
	two.RecvExecuteReply(id, messaging.StatusOK, 1)

	var seen []messaging.Type
	for len(seen) < 3 {
		if m := one.NextOfOthers(); m.ParentID() == id {
			seen = append(seen, m.Header.Type)
		}
	}
	assert.Equal(t, []messaging.Type{messaging.TypeStatus, messaging.TypeExecuteInput, messaging.TypeStatus}, seen)
}

// TestServeLeavesNothingBehind compares the goroutines before and after.
func TestServeLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	for _, transport := range []messaging.Transport{messaging.NewMemory(), messaging.ZMQ(nil)} {
		t.Run("", func(t *testing.T) {
			r := start(t, transport, &play{})
			c := r.dial(t)
			c.Run("x", 1)
			c.Ask(messaging.Shell, messaging.TypeCompleteRequest, messaging.CompleteRequest{})
			c.Beat()
		})
	}
	for deadline := time.Now().Add(kerneltest.Patience); runtime.NumGoroutine() > before; runtime.Gosched() {
		require.False(t, time.Now().After(deadline), "goroutines are left")
	}
}

func TestServeReturnsWhatCloseSays(t *testing.T) {
	broken := errors.New("the worker does not end")
	r := start(t, messaging.NewMemory(), &play{close: func(context.Context) error { return broken }})
	r.stop()
	require.ErrorIs(t, r.wait(t), broken)
}
