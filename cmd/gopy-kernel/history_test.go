package main

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHistoryFile(t *testing.T) {
	relative, err := filepath.Abs("cells.jsonl")
	require.NoError(t, err)
	tests := []struct{ name, named, state, home, want string }{
		{"in the home folder", "", "", "/home/ann", "/home/ann/.local/state/gopy-kernel/history.jsonl"},
		{"in the folder for state", "", "/state", "/home/ann", "/state/gopy-kernel/history.jsonl"},
		{"not in a relative one", "", "state", "/home/ann", "/home/ann/.local/state/gopy-kernel/history.jsonl"},
		{"where it is told to be", "/a/b.jsonl", "/state", "/home/ann", "/a/b.jsonl"},
		{"beside the notebook", "cells.jsonl", "", "", relative},
		{"nowhere", "off", "/state", "/home/ann", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("GOPY_HISTORY", tt.named)
			t.Setenv("XDG_STATE_HOME", tt.state)
			t.Setenv("HOME", tt.home)
			got, err := historyFile()
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
	t.Run("without a home", func(t *testing.T) {
		t.Setenv("GOPY_HISTORY", "")
		t.Setenv("XDG_STATE_HOME", "")
		t.Setenv("HOME", "")
		_, err := historyFile()
		require.ErrorContains(t, err, "HOME")
	})
}
