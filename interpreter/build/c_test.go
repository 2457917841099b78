package build

import (
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestCPartsAreKept makes the C part of a cell, finds it again, and makes it anew when a header has changed.
func TestCPartsAreKept(t *testing.T) {
	w := open(t)
	dir := t.TempDir()
	header := filepath.Join(dir, "twice.h")
	require.NoError(t, os.WriteFile(header, []byte("#define TWO 2\n"), 0o644))
	preamble := fmt.Sprintf("#include \"twice.h\"\n// %s\nstatic int twice(int x) { return TWO * x; }\n", rand.Text())
	source := CSource{Text: "package main\n\n/*\n" + preamble + "*/\nimport \"C\"\n\nfunc f() { _ = C.twice(1) }\n", Preamble: preamble, Dir: dir}
	first, err := w.C(t.Context(), source)
	require.NoError(t, err)
	require.FileExists(t, first.Library)

	again, err := w.C(t.Context(), source)
	require.NoError(t, err)
	require.Equal(t, first, again)

	require.NoError(t, os.WriteFile(header, []byte("#define TWO 2L\n"), 0o644))
	changed, err := w.C(t.Context(), source)
	require.NoError(t, err)
	require.NotEqual(t, first.Library, changed.Library)
}
