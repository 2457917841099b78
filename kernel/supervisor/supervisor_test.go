package supervisor_test

import (
	"context"
	"fmt"
	"log"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/kernel/supervisor"
)

// What cells do to a worker is tested in package interpreter, with cells.

func workspace(ctx context.Context) (*build.Workspace, error) {
	return build.Open(ctx, build.Config{
		Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test",
	})
}

func newSupervisor(t *testing.T) (*supervisor.Supervisor, context.Context) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	t.Cleanup(cancel)
	ws, err := workspace(ctx)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, ws.Close()) })
	s, err := supervisor.New(supervisor.Config{Program: func(context.Context) (string, error) { return ws.Worker(), nil }})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close(ctx)) })
	return s, ctx
}

func TestWithoutProgram(t *testing.T) {
	_, err := supervisor.New(supervisor.Config{})
	require.ErrorContains(t, err, "no worker program")
}

func TestProgramThatIsNotThere(t *testing.T) {
	s, err := supervisor.New(supervisor.Config{Program: func(context.Context) (string, error) { return t.TempDir() + "/none", nil }})
	require.NoError(t, err)
	require.ErrorContains(t, s.Start(t.Context()), "no such file")
	require.Zero(t, s.PID())
}

func TestWorkerThatIsKilledBetweenCells(t *testing.T) {
	s, ctx := newSupervisor(t)
	require.NoError(t, s.Start(ctx))
	first := s.PID()
	require.NoError(t, syscall.Kill(first, syscall.SIGKILL))

	var crash *supervisor.Crash
	require.Eventually(t, func() bool { return s.Ended() != nil }, time.Minute, time.Millisecond)
	require.NoError(t, s.Ended(), "it is said once")
	require.NoError(t, s.Start(ctx))
	require.NotEqual(t, first, s.PID())

	require.NoError(t, syscall.Kill(s.PID(), syscall.SIGKILL))
	_, err := s.Run(ctx, link.Run{ID: 1}, nil)
	require.ErrorAs(t, err, &crash)
	require.Contains(t, crash.Cause, "SIGKILL")
}

func TestRestart(t *testing.T) {
	s, ctx := newSupervisor(t)
	require.NoError(t, s.Start(ctx))
	first := s.PID()
	require.NoError(t, s.Restart(ctx))
	require.NoError(t, s.Ended(), "a restart that was asked for is no crash")
	require.NoError(t, s.Start(ctx))
	require.NotEqual(t, first, s.PID())
}

func Example() {
	ctx := context.Background()
	ws, err := workspace(ctx)
	if err != nil {
		log.Fatal(err)
	}
	defer ws.Close()
	s, err := supervisor.New(supervisor.Config{Program: func(context.Context) (string, error) { return ws.Worker(), nil }})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close(ctx)
	if err := s.Start(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println("a worker is running:", s.PID() > 0)
	// Output: a worker is running: true
}
