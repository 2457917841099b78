package native_test

import (
	"cmp"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/worker/native"
)

func TestSymbol(t *testing.T) {
	library := filepath.Join(t.TempDir(), "part.so")
	source := filepath.Join(t.TempDir(), "part.c")
	require.NoError(t, os.WriteFile(source, []byte("int answer = 42;\n"), 0o644))
	out, err := exec.Command(cmp.Or(os.Getenv("CC"), "gcc"), "-shared", "-fPIC", "-o", library, source).CombinedOutput()
	require.NoError(t, err, string(out))

	address, err := native.Symbol(library, "answer")
	require.NoError(t, err)
	assert.EqualValues(t, 42, *(*int32)(address))
	again, err := native.Symbol(library, "answer")
	require.NoError(t, err)
	assert.Equal(t, address, again)

	_, err = native.Symbol(library, "question")
	require.ErrorContains(t, err, "finding question in C code: undefined symbol: question")
	_, err = native.Symbol(filepath.Join(t.TempDir(), "none.so"), "answer")
	require.ErrorContains(t, err, "opening C code: cannot open shared object file")
}
