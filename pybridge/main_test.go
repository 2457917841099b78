package pybridge_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

// The main goroutine stays on the main thread, as in the worker: Python's main thread is that one.
func init() { runtime.LockOSThread() }

// rt is the Python that all tests of the package share: a process has one.
var rt *pybridge.Runtime

func TestMain(m *testing.M) {
	var err error
	rt, err = pybridge.Open(context.Background(), pybridge.Config{MainThread: true})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
