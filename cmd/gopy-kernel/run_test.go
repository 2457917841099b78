package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestExitCodes(t *testing.T) {
	t.Setenv("JUPYTER_DATA_DIR", t.TempDir())
	tests := map[string]struct {
		args []string
		want int
	}{
		"nothing":             {nil, 2},
		"no such command":     {[]string{"fly"}, 2},
		"no such flag":        {[]string{"install", "--fast"}, 2},
		"a bad name":          {[]string{"install", "--name", "a/b"}, 2},
		"two places":          {[]string{"uninstall", "--user", "--sys-prefix"}, 2},
		"too much":            {[]string{"version", "now"}, 2},
		"too little":          {[]string{"kernel"}, 2},
		"too much to explain": {[]string{"help", "install", "doctor"}, 2},
		"it fails":            {[]string{"uninstall"}, 1},
		"help":                {[]string{"help"}, 0},
		"help of a command":   {[]string{"help", "install"}, 0},
		"help by flag":        {[]string{"install", "--help"}, 0},
		"version":             {[]string{"version"}, 0},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			got := run(context.Background(), append([]string{"gopy-kernel"}, test.args...), &stdout, &stderr)
			assert.Equal(t, test.want, got, stderr.String())
			assert.Equal(t, test.want == 0, stderr.Len() == 0, "standard error is for errors: %s", stderr.String())
			assert.Equal(t, test.want == 0, stdout.Len() > 0, "standard output is for what was asked for: %s", stdout.String())
			assert.Equal(t, test.want == 2, strings.Contains(stderr.String(), "see: gopy-kernel help"))
		})
	}
}

func TestEveryCommandHasHelp(t *testing.T) {
	for _, c := range commands() {
		var stdout, stderr bytes.Buffer
		assert.Equal(t, 0, run(context.Background(), []string{"gopy-kernel", "help", c.name}, &stdout, &stderr))
		assert.Contains(t, stdout.String(), c.name+" ")
		assert.Empty(t, stderr.String())
	}
}

// TestUnwritableOutput has a reader that has gone, as with `gopy-kernel version | true`.
func TestUnwritableOutput(t *testing.T) {
	var stderr bytes.Buffer
	assert.Equal(t, 1, run(context.Background(), []string{"gopy-kernel", "version"}, gone{}, &stderr))
	assert.Contains(t, stderr.String(), "the reader has gone")
}

type gone struct{}

func (gone) Write([]byte) (int, error) { return 0, errors.New("the reader has gone") }
