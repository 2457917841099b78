package pygen_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/internal/kerneltest"
	"github.com/gopy-kernel/gopy-kernel/interpreter/pygen"
)

// A shelf is a store with modules of its own.
type shelf struct {
	t      *testing.T
	folder string
	store  *pygen.Store
}

func newShelf(t *testing.T) *shelf {
	t.Helper()
	python := kerneltest.Python(t)
	s := &shelf{t: t, folder: t.TempDir()}
	var err error
	s.store, err = pygen.NewStore(pygen.StoreConfig{
		Dir: filepath.Join(t.TempDir(), "python"), Folder: s.folder,
		Python: func(context.Context) (string, error) { return python, nil },
	})
	require.NoError(t, err)
	return s
}

// get returns the package of a module, and reports whether Python was asked.
func (s *shelf) get(module string) (p *pygen.Package, read bool) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	p, err := s.store.Package(ctx, module, func() { read = true })
	require.NoError(s.t, err)
	return p, read
}

func TestStore(t *testing.T) {
	s := newShelf(t)
	write(t, s.folder, "things/__init__.py", "from .parts import part\n")
	write(t, s.folder, "things/parts.py", "def part(): pass\n")
	first, read := s.get("things")
	assert.True(t, read)
	assert.Equal(t, "things", first.Name)
	text, err := os.ReadFile(first.File)
	require.NoError(t, err)
	assert.Contains(t, string(text), "func Part(")

	again, read := s.get("things")
	assert.False(t, read, "what is there is not asked for again")
	assert.Equal(t, first, again)

	write(t, s.folder, "things/parts.py", "def part(number): pass\n")
	changed, read := s.get("things")
	assert.True(t, read, "one of the module's files has changed")
	assert.NotEqual(t, first.ID, changed.ID)

	require.NoError(t, os.RemoveAll(changed.Dir))
	lost, read := s.get("things")
	assert.True(t, read, "the source was removed")
	assert.Equal(t, changed, lost)
}

// TestStoreShadow puts a module of the same name into the notebook's folder.
func TestStoreShadow(t *testing.T) {
	s := newShelf(t)
	first, _ := s.get("colorsys")
	write(t, s.folder, "colorsys.py", "def shadow(): pass\n")
	second, read := s.get("colorsys")
	assert.True(t, read)
	assert.NotEqual(t, first.ID, second.ID)
	require.NoError(t, os.Remove(filepath.Join(s.folder, "colorsys.py")))
	third, read := s.get("colorsys")
	assert.False(t, read)
	assert.Equal(t, first, third)
}

func TestStoreModules(t *testing.T) {
	s := newShelf(t)
	write(t, s.folder, "things/__init__.py", "1 / 0 # nobody imports it\n")
	write(t, s.folder, "things/parts.py", "")
	write(t, s.folder, "things/_hidden.py", "")
	write(t, s.folder, "things/small/__init__.py", "")
	write(t, s.folder, "things/small/screws.py", "")
	tests := map[string]struct {
		in  string
		has []string
	}{
		"alone":     {"", []string{"things", "json", "math", "sys"}},
		"a package": {"things", []string{"parts", "small"}},
		"below":     {"things.small", []string{"screws"}},
		"of std":    {"json", []string{"decoder"}},
		"a module":  {"things.parts", nil},
		"nothing":   {"nosuchmodule", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			names, err := s.store.Modules(t.Context(), test.in)
			require.NoError(t, err)
			assert.Subset(t, names, test.has)
			assert.NotContains(t, names, "_hidden")
			if len(test.has) == 0 {
				assert.Empty(t, names)
			}
		})
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := s.store.Modules(cancelled, "things")
	require.NoError(t, err, "what was said is known")
	_, err = s.store.Modules(cancelled, "re")
	require.ErrorIs(t, err, context.Canceled)
}

func TestStoreErrors(t *testing.T) {
	_, err := pygen.NewStore(pygen.StoreConfig{Dir: t.TempDir()})
	require.Error(t, err)

	none := errors.New("no Python")
	store, err := pygen.NewStore(pygen.StoreConfig{Dir: t.TempDir(), Folder: ".", Python: func(context.Context) (string, error) { return "", none }})
	require.NoError(t, err)
	_, err = store.Package(t.Context(), "math", func() {})
	require.ErrorIs(t, err, none)

	s := newShelf(t)
	_, err = s.store.Package(t.Context(), "nosuchmodule", func() {})
	var absent *pygen.ImportError
	require.ErrorAs(t, err, &absent)
	assert.True(t, absent.Absent)
}
