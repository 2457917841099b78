package worker

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestStopChildren(t *testing.T) {
	if _, err := os.Stat("/proc/thread-self/children"); err != nil {
		t.Skipf("this system does not list the children of a process: %v", err)
	}
	earlier := exec.Command("sleep", "1000")
	require.NoError(t, earlier.Start())
	defer func() { earlier.Process.Kill(); earlier.Wait() }()
	time.Sleep(50 * time.Millisecond) // starts are counted in hundredths of a second
	began := time.Now()
	time.Sleep(20 * time.Millisecond)
	later := exec.Command("sleep", "1000")
	require.NoError(t, later.Start())
	require.Subset(t, children(), []int{earlier.Process.Pid, later.Process.Pid})

	stopChildren(began, syscall.SIGINT)
	var ended *exec.ExitError
	require.ErrorAs(t, later.Wait(), &ended)
	require.Equal(t, syscall.SIGINT, ended.Sys().(syscall.WaitStatus).Signal())
	require.NoError(t, earlier.Process.Signal(syscall.Signal(0)), "the other goes on")
	require.NotContains(t, children(), later.Process.Pid)
}

func TestStartTime(t *testing.T) {
	started, err := startTime(os.Getpid())
	require.NoError(t, err)
	require.Greater(t, started, time.Duration(0))
	require.LessOrEqual(t, started, bootTime()+time.Second)
	_, err = startTime(-1)
	require.Error(t, err)
}
