package pybridge_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

func captureAll(t *testing.T, source string) pybridge.Output {
	t.Helper()
	out, err := rt.CaptureAll(func() error { return rt.Exec(source) })
	require.NoError(t, err)
	return out
}

// needWriters makes the ways to write that go past sys.stdout.
func needWriters(t *testing.T) {
	t.Helper()
	t.Cleanup(func() { require.NoError(t, rt.Reset()) })
	execute(t, `
import ctypes, os, subprocess, sys, threading
c = ctypes.CDLL(None)
def printf(text): c.printf(b"%s", text.encode())
def thread(f, *args):
    t = threading.Thread(target=f, args=args); t.start(); t.join()
`)
}

func TestCaptureAll(t *testing.T) {
	needWriters(t)
	for _, test := range []struct{ name, source, stdout, stderr string }{
		{"C", "printf('from C\\n')", "from C\n", ""},
		{"C without a line end", "printf('from C')", "from C", ""},
		{"a descriptor", "os.write(1, b'one'); os.write(2, b'two')", "one", "two"},
		{"a child", "os.system('echo child; echo error >&2')", "child\n", "error\n"},
		{"a subprocess", "subprocess.run([sys.executable, '-c', 'print(1)'], check=True) if sys.executable else print(1)", "1\n", ""},
		{"Python", "print('print'); sys.stderr.write('error')", "print\n", "error"},
		{"a thread", "thread(print, 'thread'); thread(printf, 'C')", "thread\nC", ""},
		{"bytes that are no text", "os.write(1, b'\\xff\\x00')", "\xff\x00", ""},
		{"nothing", "1", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := captureAll(t, test.source)
			assert.Equal(t, test.stdout, out.Stdout)
			assert.Equal(t, test.stderr, out.Stderr)
		})
	}
	t.Run("Go", func(t *testing.T) {
		out, err := rt.CaptureAll(func() error {
			fmt.Print("go")
			_, err := fmt.Fprint(os.Stderr, "error")
			return err
		})
		require.NoError(t, err)
		assert.Equal(t, pybridge.Output{Stdout: "go", Stderr: "error"}, out)
	})
}

// TestCaptureAllOfMuch captures more than any pipe holds, from C and from a child that nobody reads.
func TestCaptureAllOfMuch(t *testing.T) {
	needWriters(t)
	const n = 10 << 20
	out := captureAll(t, fmt.Sprintf("printf('x' * %d)\nsubprocess.run(['head', '-c', '%[1]d', '/dev/zero'], check=True)\nprint('y' * %[1]d, end='')", n))
	require.Len(t, out.Stdout, 3*n)
	assert.Equal(t, n, strings.Count(out.Stdout, "x"))
	assert.Equal(t, n, strings.Count(out.Stdout, "\x00"))
	assert.Equal(t, n, strings.Count(out.Stdout, "y"))
}

// TestCapturesAllNest nests captures of both kinds in each other.
func TestCapturesAllNest(t *testing.T) {
	needWriters(t)
	const source = "print('print'); printf('C\\n')"
	var inner, innermost pybridge.Output
	outer, err := rt.CaptureAll(func() error {
		execute(t, "printf('before\\n')")
		var err error
		inner, err = rt.Capture(func() error {
			execute(t, source) // C goes past this one
			innermost = captureAll(t, source)
			return rt.Exec("print('last')")
		})
		execute(t, "printf('after\\n')")
		return err
	})
	require.NoError(t, err)
	assert.Equal(t, "before\nC\nafter\n", outer.Stdout)
	assert.Equal(t, "print\nlast\n", inner.Stdout)
	assert.ElementsMatch(t, []string{"print", "C"}, lines(innermost.Stdout))
}

// TestCapturesAllEndInAnyOrder has two goroutines capture, of which the first ends first.
func TestCapturesAllEndInAnyOrder(t *testing.T) {
	begun, over := make(chan struct{}), make(chan struct{})
	var first, second pybridge.Output
	var wg sync.WaitGroup
	wg.Go(func() {
		first, _ = rt.CaptureAll(func() error {
			fmt.Print("1")
			close(begun)
			<-over
			return nil
		})
		fmt.Print("3") // the second is still there
	})
	<-begun
	second, err := rt.CaptureAll(func() error {
		fmt.Print("2")
		close(over)
		wg.Wait()
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, "1", first.Stdout)
	assert.Equal(t, "23", second.Stdout)
}

// TestCapturesAllEndWithWhatFails looks at what is shown after captures whose function did not return.
func TestCapturesAllEndWithWhatFails(t *testing.T) {
	needWriters(t)
	own := errors.New("own")
	outer, err := rt.CaptureAll(func() error {
		inner, err := rt.CaptureAll(func() error { fmt.Print("inner"); return own })
		assert.Equal(t, "inner", inner.Stdout)
		assert.ErrorIs(t, err, own)
		assert.PanicsWithValue(t, "mine", func() {
			_, _ = rt.CaptureAll(func() error { fmt.Print("lost"); panic("mine") })
		})
		_, err = rt.CaptureAll(func() error { return rt.Exec("raise KeyboardInterrupt") })
		assert.ErrorIs(t, err, pybridge.KeyboardInterrupt)
		return rt.Exec("printf('outer')")
	})
	require.NoError(t, err)
	assert.Equal(t, "outer", outer.Stdout)
}

func TestCapturesAllLeaveNothing(t *testing.T) {
	needWriters(t)
	count := func() int {
		entries, err := os.ReadDir("/proc/self/fd")
		require.NoError(t, err)
		return len(entries)
	}
	captureAll(t, "printf('once')")
	before := count()
	for range 100 {
		require.Equal(t, "hello", captureAll(t, "printf('hello')").Stdout)
	}
	assert.Equal(t, before, count())
}
