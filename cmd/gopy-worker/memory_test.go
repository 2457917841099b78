package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestParseBytes(t *testing.T) {
	for text, want := range map[string]uint64{"1": 1, "512MiB": 512 << 20, "4GiB": 4 << 30, "4 GiB": 4 << 30} {
		got, err := parseBytes(text)
		require.NoError(t, err, text)
		require.Equal(t, want, got, text)
	}
	for _, text := range []string{"", "0", "-1", "4GB", "many", "99999999999999TiB"} {
		_, err := parseBytes(text)
		require.Error(t, err, text)
	}
	require.ErrorContains(t, limitMemory("4GB"), "GOPY_MEMORY")
	require.NoError(t, limitMemory(""))
}
