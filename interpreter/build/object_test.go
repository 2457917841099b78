package build

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// compiled is the archive of a small unit.
func compiled(t testing.TB) []byte {
	w := open(t)
	u := unit("type T struct{ x int }\nfunc (t T) String() string { return fmt.Sprint(t.x) }\nfunc init() { fmt.Println(T{1}) }", "fmt")
	s := &step{Workspace: w, id: w.hash(u, nil), dir: t.TempDir()}
	archive, err := s.compile(t.Context(), u)
	require.NoError(t, err)
	return archive
}

func TestReadReferences(t *testing.T) {
	refs, err := readReferences(compiled(t))
	require.NoError(t, err)
	require.Contains(t, refs.defined, "type:main.T")
	require.Contains(t, refs.functions, "main.T.String")
	require.Contains(t, refs.undefined, reference{"fmt.Fprintln", true})
	require.Contains(t, refs.undefined, reference{"runtime.convT64", true}, "calls that the compiler makes are by name too")
	require.NotContains(t, refs.undefined, reference{"main.T.String", true})
}

func TestReadReferencesOfBrokenArchives(t *testing.T) {
	archive := compiled(t)
	for name, data := range map[string][]byte{
		"empty":             nil,
		"no archive":        []byte("something else"),
		"cut in the middle": archive[:len(archive)/2],
	} {
		_, err := readReferences(data)
		require.Error(t, err, name)
	}
}

// FuzzReadReferences feeds it object files that were damaged. The seeds are in testdata.
func FuzzReadReferences(f *testing.F) {
	seeds, err := filepath.Glob("testdata/fuzz/FuzzReadReferences/*")
	require.NoError(f, err)
	require.NotEmpty(f, seeds, "no seeds")
	f.Fuzz(func(t *testing.T, data []byte) {
		refs, err := readReferences(data)
		if err == nil {
			require.LessOrEqual(t, len(refs.functions), len(refs.defined))
		}
	})
}

func TestArchiveMember(t *testing.T) {
	archive := compiled(t)
	member, err := archiveMember(archive, "__.PKGDEF")
	require.NoError(t, err)
	require.Contains(t, string(member[:20]), "go object")
	_, err = archiveMember(archive, "nothing")
	require.ErrorContains(t, err, "nothing")
}

func TestKeepExport(t *testing.T) {
	from := filepath.Join(t.TempDir(), "from.a")
	require.NoError(t, os.WriteFile(from, compiled(t), 0o644))
	to := filepath.Join(t.TempDir(), "folder", "to.x")
	require.NoError(t, keepExport(from, to))
	data, err := os.ReadFile(to)
	require.NoError(t, err)
	_, err = archiveMember(data, "__.PKGDEF")
	require.NoError(t, err)
	_, err = archiveMember(data, "_go_.o")
	require.Error(t, err, "the code is left out")
}
