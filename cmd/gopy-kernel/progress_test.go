package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var steps = []string{"writing the worker's source", "compiling the standard library (once for this version of Go)", "runtime", "net/http", "linking the worker"}

func TestProgressInALog(t *testing.T) {
	var b bytes.Buffer
	p := newProgress(&b)
	for _, s := range steps {
		p.step(s)
	}
	p.end()
	assert.Equal(t, "writing the worker's source\ncompiling the standard library (once for this version of Go)\nlinking the worker\n", b.String())
}

func TestProgressOnATerminal(t *testing.T) {
	var b bytes.Buffer
	p := &progress{w: &b, terminal: true, start: time.Now()}
	for _, s := range append(steps, strings.Repeat("ä", 200)) {
		p.step(s)
	}
	p.end()
	assert.NotContains(t, b.String(), "\n", "it stays on one line")
	shown := strings.Split(b.String(), "\r\x1b[K")
	require.Len(t, shown, 1+6+1)
	assert.Empty(t, shown[7], "the line is taken away")
	assert.Regexp(t, `^ +\d+ s  compiling the standard library: net/http$`, shown[4])
	assert.Regexp(t, `^ +\d+ s  linking the worker$`, shown[5])
	for _, line := range shown {
		assert.Less(t, utf8.RuneCountInString(line), width)
	}
}

func TestIsTerminal(t *testing.T) {
	file, err := os.Create(t.TempDir() + "/log")
	require.NoError(t, err)
	defer file.Close()
	assert.False(t, isTerminal(file))
	assert.False(t, isTerminal(new(bytes.Buffer)))
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	require.NoError(t, err)
	defer null.Close()
	t.Setenv("TERM", "xterm")
	assert.True(t, isTerminal(null), "it stands for a terminal, which tests may not have")
	t.Setenv("TERM", "dumb")
	assert.False(t, isTerminal(null))
}
