package worker

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"
)

func typed(lines ...string) *lineReader {
	return &lineReader{ask: func(context.Context, string, bool) (string, error) {
		if len(lines) == 0 {
			return "", io.EOF
		}
		line := lines[0]
		lines = lines[1:]
		return line, nil
	}}
}

func TestLineReader(t *testing.T) {
	require.NoError(t, iotest.TestReader(typed("one", "", "three words here"), []byte("one\n\nthree words here\n")))
}

func TestLineReaderForgetsTheRestOfALine(t *testing.T) {
	r := typed("1 2 3", "4")
	var n int
	_, err := fmt.Fscan(r, &n)
	require.NoError(t, err)
	r.reset()
	line, err := bufio.NewReader(r).ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "4\n", line)
}

func TestLineReaderFails(t *testing.T) {
	r := &lineReader{ask: func(context.Context, string, bool) (string, error) { return "", errors.New("no input here") }}
	_, err := r.Read(make([]byte, 1))
	require.EqualError(t, err, "no input here")
	n, err := r.Read(nil)
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestLineReaderInterrupted(t *testing.T) {
	interrupted := false
	r := &lineReader{
		ask:       func(context.Context, string, bool) (string, error) { return "", context.Canceled },
		interrupt: func() { interrupted = true },
	}
	ended := make(chan bool)
	go func() {
		defer close(ended)
		r.Read(make([]byte, 1))
		t.Error("the goroutine goes on")
	}()
	<-ended
	require.True(t, interrupted)
}
