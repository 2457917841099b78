package interpreter_test

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what the cells show into the files in testdata/cells")

// TestCells runs the files in testdata/cells, each a session: after a cell stands what it shows, and
// how it fails. `go test -run TestCells -update` writes what they show now.
func TestCells(t *testing.T) {
	files, err := filepath.Glob("testdata/cells/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files, "no cells to run")
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			want, err := txtar.ParseFile(file)
			require.NoError(t, err)
			got := runCells(t, want)
			if *update {
				require.NoError(t, os.WriteFile(file, txtar.Format(got), 0o644))
				return
			}
			require.Equal(t, string(txtar.Format(want)), string(txtar.Format(got)))
		})
	}
}

func runCells(t *testing.T, archive *txtar.Archive) *txtar.Archive {
	s := newSession(t)
	got := &txtar.Archive{Comment: archive.Comment}
	cells := 0
	for _, f := range archive.Files {
		if f.Name != "cell" {
			continue
		}
		cells++
		got.Files = append(got.Files, f)
		shown, failed := s.run(strings.TrimSuffix(string(f.Data), "\n"))
		if shown != "" {
			got.Files = append(got.Files, txtar.File{Name: "shows", Data: []byte(line(shown))})
		}
		if failed != nil {
			got.Files = append(got.Files, txtar.File{Name: "fails", Data: []byte(line(withoutColours(strings.Join(failed.Traceback, "\n"))))})
		}
	}
	require.NotZero(t, cells, "a session without cells")
	return got
}

func line(text string) string { return strings.TrimSuffix(text, "\n") + "\n" }

var (
	colours = regexp.MustCompile("\x1b\\[[0-9;]*m")
	goroot  = regexp.MustCompile(`[^ \n]*/src/([a-z/]+/[a-z_0-9]+\.go):\d+`)
)

func withoutColours(text string) string {
	return goroot.ReplaceAllString(colours.ReplaceAllString(text, ""), "$$GOROOT/$1:N")
}
