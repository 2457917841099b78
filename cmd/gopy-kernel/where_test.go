package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestIsTemporary(t *testing.T) {
	dir := t.TempDir()
	hash := strings.Repeat("0123456789abcdef", 4)
	tests := map[string]struct {
		path string
		want bool
	}{
		"in a temporary folder":  {dir + "/gopy-kernel", true},
		"in /tmp itself":         {"/tmp/gopy-kernel", true},
		"go run's build folder":  {"/scratch/go-build123/b001/exe/gopy-kernel", true},
		"go run's cache":         {"/home/u/.cache/go-build/ab/" + hash + "-d/gopy-kernel", true},
		"go install":             {"/home/u/go/bin/gopy-kernel", false},
		"beside /tmp":            {"/tmpfiles/gopy-kernel", false},
		"a folder called so":     {"/home/u/go-build/gopy-kernel", false},
		"a folder of the system": {"/usr/local/bin/gopy-kernel", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) { assert.Equal(t, test.want, isTemporary(test.path)) })
	}
}

func TestProgramPath(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	dir, err := os.MkdirTemp(".", "links-")
	require.NoError(t, err)
	defer os.RemoveAll(dir)
	cwd, err := os.Getwd()
	require.NoError(t, err)
	link := filepath.Join(cwd, dir, "gopy-kernel")
	require.NoError(t, os.Symlink(self, link))
	require.NoError(t, os.WriteFile(dir+"/other", []byte("#!/bin/sh\n"), 0o755))
	stays := link // a link is kept where it stays
	if isTemporary(link) {
		stays = self
	}
	tests := map[string]struct{ called, want string }{
		"by a link":               {link, stays},
		"by a relative link":      {"./" + dir + "/gopy-kernel", stays},
		"by another's name":       {dir + "/other", self},
		"by a name that is gone":  {dir + "/gone", self},
		"by a name not on a PATH": {"no-such-program", self},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := programPath(test.called)
			require.NoError(t, err)
			assert.Equal(t, test.want, got)
		})
	}
}
