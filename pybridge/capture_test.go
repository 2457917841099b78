package pybridge_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func capture(t *testing.T, source string) pybridge.Output {
	t.Helper()
	out, err := rt.Capture(func() error { return rt.Exec(source) })
	require.NoError(t, err)
	return out
}

func TestCapture(t *testing.T) {
	for _, test := range []struct{ name, source, stdout, stderr string }{
		{"print", "print('hello', 'world')", "hello world\n", ""},
		{"without a line end", "print('a', end='')", "a", ""},
		{"write", "import sys; sys.stdout.write('testing')", "testing", ""},
		{"errors", "import sys; print('oh', file=sys.stderr)", "", "oh\n"},
		{"both", "import sys\nprint(1)\nsys.stderr.write('2')\nsys.stdout.writelines(['3', '4'])", "1\n34", "2"},
		{"bytes", "import sys; sys.stdout.buffer.write('ü'.encode()); sys.stdout.buffer.flush()", "ü", ""},
		{"warnings", "import warnings\nwith warnings.catch_warnings():\n    warnings.simplefilter('always')\n    warnings.warn('careful')", "", "UserWarning: careful"},
		{"nothing", "1", "", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			out := capture(t, test.source)
			assert.Equal(t, test.stdout, out.Stdout)
			assert.Contains(t, out.Stderr, test.stderr)
		})
	}
}

func TestCapturesNest(t *testing.T) {
	var inner pybridge.Output
	outer, err := rt.Capture(func() error {
		if err := rt.Exec("print('before')"); err != nil {
			return err
		}
		inner = capture(t, "print('inside')")
		return rt.Exec("print('after')")
	})
	require.NoError(t, err)
	assert.Equal(t, "before\nafter\n", outer.Stdout)
	assert.Equal(t, "inside\n", inner.Stdout)
}

func TestCapturesOfManyGoroutines(t *testing.T) {
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			for j := range 50 {
				text := fmt.Sprintf("%d of %d", j, i)
				out, err := rt.Capture(func() error { return rt.Exec("print(" + fmt.Sprintf("%q", text) + ")") })
				assert.NoError(t, err)
				assert.Equal(t, text+"\n", out.Stdout)
			}
		})
	}
	wg.Wait()
}

func TestCaptureOfThreads(t *testing.T) {
	out := capture(t, `
import threading
def work(n):
    inner = threading.Thread(target=lambda: print(f'{n} inner'))
    inner.start()
    inner.join()
threads = [threading.Thread(target=work, args=(n,)) for n in range(10)]
for t in threads: t.start()
for t in threads: t.join()
`)
	assert.Len(t, lines(out.Stdout), 10)
	assert.Contains(t, out.Stdout, "7 inner\n")
}

func TestLargeCaptures(t *testing.T) {
	out := capture(t, "import sys\nfor i in range(1000): print('x' * 10_000)\nfor i in range(1000): sys.stderr.write('y' * 1000)")
	assert.Equal(t, 10_001_000, len(out.Stdout))
	assert.Equal(t, 1_000_000, len(out.Stderr))
	assert.Equal(t, 10_000_000, strings.Count(out.Stdout, "x"))
	assert.Equal(t, 1_000_000, strings.Count(out.Stderr, "y"))
}

func TestCaptureOfWhatFails(t *testing.T) {
	lost := errors.New("lost")
	out, err := rt.Capture(func() error {
		if err := rt.Exec("print('so far')"); err != nil {
			return err
		}
		return lost
	})
	assert.Equal(t, lost, err)
	assert.Equal(t, "so far\n", out.Stdout)
	assert.PanicsWithValue(t, "oops", func() { _, _ = rt.Capture(func() error { panic("oops") }) })
	_, err = rt.Capture(func() error { return rt.Exec("import sys\nsys.stdout.write(1)") })
	assert.ErrorIs(t, err, pybridge.TypeError)
	clean := as[bool](t, "not __import__('gopy_kernel.capture').capture.originals")
	assert.True(t, clean, "nothing is captured any more")
}

// A callback in a capture prints into it, whichever way it came.
func TestCaptureOfCallbacks(t *testing.T) {
	out, err := rt.Capture(func() error {
		_, err := eval(t, "lambda f: f()").Call(func() error { return rt.Exec("print('from a callback')") })
		return err
	})
	require.NoError(t, err)
	assert.Equal(t, "from a callback\n", out.Stdout)
}
