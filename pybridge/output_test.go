package pybridge_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What Python prints and what Go writes come out in the order of the program.
func TestOutputIsInOrder(t *testing.T) {
	out, errs, code := scenario(t, "order")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{
		"go 1", "python 1", "part then go", "go in a callback", "end of line", "python 2",
		"written", "bytes é", "after the child: child", "surrogate \\ud800", "last part",
	}, lines(out))
	assert.Equal(t, "error text\n", errs)
}

func orderScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	callback := func() { fmt.Println("then go\ngo in a callback") }
	if err := r.Set("callback", callback); err != nil {
		return err
	}
	fmt.Println("go 1")
	return r.Exec(`
import sys, os, subprocess
print("python 1")
print("part ", end="")
callback()
print("end of", end=" ")
print("line")
print("python", 2)
sys.stdout.writelines(["writ", "ten\n"])
sys.stdout.buffer.write("bytes é\n".encode())
sys.stderr.write("error text\n")
print("after the child: ", end="", flush=True)
subprocess.run([sys.executable, "-c", "print('child')"])
print("surrogate \ud800")
print("last part", end="")
`)
}

// A piece without an end of line does not wait for one.
func TestPartialLinesArriveWhilePythonRuns(t *testing.T) {
	out, errs, code := scenario(t, "partial")
	require.Zero(t, code, errs)
	assert.Equal(t, "dot read back: '.'\n", out[len(out)-len("dot read back: '.'\n"):])
}

func partialScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	return r.Exec(`
import os, sys, select
read, write = os.pipe()
keep = os.dup(1)
os.dup2(write, 1)
sys.stdout.write(".")
ready, _, _ = select.select([read], [], [], 10)  # nobody writes or flushes meanwhile
text = os.read(read, 10).decode() if ready else ""
os.dup2(keep, 1)
print(f"dot read back: {text!r}")
`)
}

func TestMillionLinesAreWhole(t *testing.T) {
	out, errs, code := scenario(t, "lines")
	require.Zero(t, code, errs)
	assert.Len(t, lines(out), 100_000)
	assert.True(t, strings.HasPrefix(out, "line 0\nline 1\n"))
	assert.True(t, strings.HasSuffix(out, "line 99999\n"))
}

func linesScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	return r.Exec("for i in range(100000): print('line', i)")
}

func TestOutputMayGoToAWriter(t *testing.T) {
	out, errs, code := scenario(t, "writer")
	require.Zero(t, code, errs)
	assert.Equal(t, `"to out\nraw\n" "to err\n"`+"\n", out)
	assert.Empty(t, errs)
}

func writerScenario() error {
	var out, errs bytes.Buffer
	r, err := pybridge.Open(context.Background(), pybridge.Config{MainThread: true, Stdout: &out, Stderr: &errs})
	if err != nil {
		return err
	}
	err = r.Exec("import sys\nprint('to out')\nprint('to err', file=sys.stderr)\nsys.stdout.buffer.write(b'raw\\n')")
	fmt.Printf("%q %q\n", out.String(), errs.String())
	return err
}

func TestStandardStreamsLookLikeStreams(t *testing.T) {
	assert.Equal(t, "utf-8", as[string](t, "__import__('sys').stdout.encoding"))
	assert.Equal(t, 1, as[int](t, "__import__('sys').stdout.fileno()"))
	assert.Equal(t, 2, as[int](t, "__import__('sys').stderr.fileno()"))
	assert.False(t, as[bool](t, "__import__('sys').stdout.isatty()"))
	assert.True(t, as[bool](t, "__import__('sys').stdout.writable()"))
	execute(t, "import sys; sys.stdout.reconfigure(line_buffering=True)")
	assert.ErrorIs(t, rt.Exec("import sys; sys.stdout.write(b'x')"), &pybridge.Error{Type: "TypeError"})
}

func TestInputAsksTheUser(t *testing.T) {
	shown.take()
	answers <- "Ann"
	answers <- "secret"
	answers <- "line"
	assert.Equal(t, "Ann", as[string](t, "input('Name? ')"))
	assert.Equal(t, "secret", as[string](t, "__import__('getpass').getpass('Word? ')"))
	assert.Equal(t, "line\n", as[string](t, "__import__('sys').stdin.readline()"))
	events := shown.take()
	require.Len(t, events, 3)
	assert.Equal(t, event{prompt: "Name? "}, events[0])
	assert.Equal(t, event{prompt: "Word? ", password: true}, events[1])
	assert.Equal(t, event{}, events[2])
}

func TestTheEndRunsWhatWasRegistered(t *testing.T) {
	out, errs, code := scenario(t, "end")
	require.Zero(t, code, errs)
	assert.Equal(t, []string{"thread done", "at exit", "go still runs"}, lines(out))
}

func endScenario() error {
	r, err := open()
	if err != nil {
		return err
	}
	err = r.Exec(`
import atexit, threading, time
atexit.register(print, "at exit")
def work():
    time.sleep(0.05)
    print("thread done")
threading.Thread(target=work).start()
`)
	if err != nil {
		return err
	}
	if err := r.Close(); err != nil {
		return err
	}
	fmt.Fprintln(os.Stdout, "go still runs")
	return r.Close()
}
