package messaging

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func frames(texts ...string) [][]byte {
	out := make([][]byte, len(texts))
	for i, text := range texts {
		out[i] = []byte(text)
	}
	return out
}

func TestSplit(t *testing.T) {
	tests := []struct {
		name       string
		in         [][]byte
		identities [][]byte
		buffers    [][]byte
	}{
		{"no identity", frames("<IDS|MSG>", "s", "h", "p", "m", "c"), frames(), frames()},
		{"one identity", frames("a", "<IDS|MSG>", "s", "h", "p", "m", "c"), frames("a"), frames()},
		{"three identities, one empty", frames("a", "", "\x00b", "<IDS|MSG>", "s", "h", "p", "m", "c"), frames("a", "", "\x00b"), frames()},
		{"buffers", frames("a", "<IDS|MSG>", "s", "h", "p", "m", "c", "x", "", "y"), frames("a"), frames("x", "", "y")},
		{"delimiter again in a buffer", frames("<IDS|MSG>", "s", "h", "p", "m", "c", "<IDS|MSG>"), frames(), frames("<IDS|MSG>")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := split(tt.in)
			require.NoError(t, err)
			assert.Equal(t, tt.identities, got.identities)
			assert.Equal(t, tt.buffers, got.buffers)
			assert.Equal(t, "shpmc", string(got.signature)+string(got.header)+string(got.parent)+string(got.metadata)+string(got.content))
			assert.Equal(t, tt.in, got.join())
		})
	}
}

func TestSplitRefuses(t *testing.T) {
	tests := []struct {
		name string
		in   [][]byte
		want string
	}{
		{"nothing", nil, "no <IDS|MSG>"},
		{"no delimiter", frames("a", "s", "h", "p", "m", "c"), "no <IDS|MSG>"},
		{"delimiter alone", frames("<IDS|MSG>"), "cut short: 0 frames"},
		{"no content", frames("a", "<IDS|MSG>", "s", "h", "p", "m"), "cut short: 4 frames"},
		{"endless identities", append(make([][]byte, maxIdentities+1), frames("<IDS|MSG>", "s", "h", "p", "m", "c")...), "no <IDS|MSG>"},
		{"endless buffers", append(frames("<IDS|MSG>", "s", "h", "p", "m", "c"), make([][]byte, maxBuffers+1)...), "4097 buffers"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := split(tt.in)
			assert.ErrorContains(t, err, tt.want)
		})
	}
}

// unpack makes frames of the fuzzer's bytes: two bytes of length, then the frame, and so on.
func unpack(data []byte) [][]byte {
	var out [][]byte
	for len(data) >= 2 {
		n := int(binary.BigEndian.Uint16(data))
		data = data[2:]
		n = min(n, len(data))
		out = append(out, data[:n:n])
		data = data[n:]
	}
	return out
}

// FuzzParse wants that no message does harm, and that what can be split joins to the same frames.
func FuzzParse(f *testing.F) {
	f.Fuzz(func(t *testing.T, data []byte) {
		in := unpack(data)
		if p, err := split(in); err == nil {
			assert.Equal(t, in, p.join())
		}
		m, err := NewSession("", "fuzz").Parse(Shell, in)
		if err != nil || m.Malformed != nil {
			return
		}
		_, _ = Decode[ExecuteRequest](m)
		_, _ = Decode[HistoryRequest](m)
		_, _ = Decode[Comm](m)
		m.ParentID()
	})
}

// seeds is how many inputs are committed for FuzzParse.
const seeds = 12

func TestFuzzSeedsAreThere(t *testing.T) {
	found, err := filepath.Glob("testdata/fuzz/FuzzParse/*")
	require.NoError(t, err)
	assert.GreaterOrEqual(t, len(found), seeds)
	for _, path := range found {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.True(t, bytes.HasPrefix(text, []byte("go test fuzz v1\n[]byte(")), path)
	}
}
