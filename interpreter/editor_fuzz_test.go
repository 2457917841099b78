package interpreter

import (
	"context"
	"go/types"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// idle is a worker that is never asked for anything.
type idle struct{ Worker }

// newEditor returns an interpreter whose session has what the cells declare. They are not run.
func newEditor(t testing.TB, cells ...string) *Interpreter {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	ws, err := build.Open(ctx, build.Config{
		Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test",
	})
	require.NoError(t, err)
	t.Cleanup(func() { ws.Close() })
	i, err := New(Config{Open: func(context.Context, func(string)) (Workspace, error) { return ws, nil }, Worker: idle{}})
	require.NoError(t, err)
	require.NoError(t, i.Prepare(ctx))
	for n, cell := range cells {
		written := Cell{Source: cell, Count: n + 1}
		i.know(written)
		g, err := i.compile(written, nil)
		require.NoError(t, err)
		i.commit(g)
		var reached []string
		for _, v := range g.variables {
			reached = append(reached, v.key)
		}
		i.commitRun(g, reached)
	}
	return i
}

// TestEditorWhileCompiling asks while a cell is being compiled that does not end: the answer does
// without what the session knows.
func TestEditorWhileCompiling(t *testing.T) {
	i := newEditor(t, "width := 3")
	complete := func(code string) []CompletionItem {
		found, err := i.Complete(context.Background(), code, utf8.RuneCountInString(code))
		require.NoError(t, err)
		return found.Items
	}
	require.Len(t, complete("wid"), 1)
	i.mu.Lock()
	require.Empty(t, complete("wid"))
	require.NotEmpty(t, complete("retu"))
	require.NotEmpty(t, complete("func f(alpha int) { alp"))
	_, found, err := i.Inspect(context.Background(), "width", 1, 0)
	require.NoError(t, err)
	require.False(t, found)
	i.mu.Unlock()
	require.Len(t, complete("wid"), 1)
}

// panicking is an importer that panics, as go/types has done on code that no compiler would pass on.
type panicking struct{}

func (panicking) Import(path string) (*types.Package, error) { panic(path) }

// TestEditorPanic asks where a panic is met: nothing is known then, and nothing stays locked.
func TestEditorPanic(t *testing.T) {
	i := newEditor(t)
	whole := i.checker.importer
	i.checker.importer = panicking{}
	found, err := i.Complete(context.Background(), "strings.Tri", 11)
	require.NoError(t, err)
	require.Equal(t, Completion{Start: 8, End: 11}, found)
	_, known, err := i.Inspect(context.Background(), "strings.Trim", 11, 0)
	require.NoError(t, err)
	require.False(t, known)
	i.checker.importer = whole
	found, err = i.Complete(context.Background(), "strings.TrimPre", 15)
	require.NoError(t, err)
	require.Len(t, found.Items, 1)
}

const seeds = "testdata/fuzz/FuzzEditor"

// TestEditorSeeds sees to it that the fuzz test below has something to begin with.
func TestEditorSeeds(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(seeds, "*"))
	require.NoError(t, err)
	require.GreaterOrEqual(t, len(files), 30)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.True(t, strings.HasPrefix(string(text), "go test fuzz v1\n"), file)
	}
}

// FuzzEditor gives editor services any text: they do not panic, and what they say is within the code.
// What go/types makes of half code, Complete and Inspect catch; here it is not caught.
func FuzzEditor(f *testing.F) {
	i := newEditor(f, "type point struct { x, y int; next *point }\nfunc (p *point) sum() int { return p.x + p.y }\nfunc add[T any](a, b T) T { return a }\norigin := point{}\nnames := []string{\"a\"}")
	f.Fuzz(func(t *testing.T, code string, cursor int) {
		ctx := context.Background()
		found, err := i.Complete(ctx, code, cursor)
		require.NoError(t, err)
		length := utf8.RuneCountInString(code)
		require.Equal(t, max(0, min(cursor, length)), found.End)
		require.LessOrEqual(t, 0, found.Start)
		require.LessOrEqual(t, found.Start, found.End)
		for _, item := range found.Items {
			require.NotContains(t, item.Text+item.Signature, build.Marker)
		}
		_, _, err = i.Inspect(ctx, code, cursor, 1)
		require.NoError(t, err)
		require.Contains(t, []string{"complete", "incomplete", "invalid"}, i.IsComplete(ctx, code).Status)

		d, leave := i.desk(ctx, newPlace(code, cursor))
		defer leave()
		d.complete()
		d.about()
	})
}
