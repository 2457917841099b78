package interpreter_test

import (
	"flag"
	"fmt"
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
			runFile(t, file)
		})
	}
}

// runFile runs the session in a file.
func runFile(t *testing.T, file string) {
	t.Helper()
	want, err := txtar.ParseFile(file)
	require.NoError(t, err)
	needModules(t, string(want.Comment))
	got := runCells(t, want)
	if *update {
		require.NoError(t, os.WriteFile(file, txtar.Format(got), 0o644))
		return
	}
	require.Equal(t, string(txtar.Format(want)), string(txtar.Format(got)))
}

var needs = regexp.MustCompile(`(?m)^needs (\S+)$`)

// needModules skips a session whose comment has lines like "needs numpy" for modules that the Python
// of this machine has not.
func needModules(t *testing.T, comment string) {
	var s *session
	for _, module := range needs.FindAllStringSubmatch(comment, -1) {
		if s == nil {
			s = newSession(t)
		}
		if _, failed := s.run(fmt.Sprintf("py.Import(%q);", module[1])); failed != nil {
			t.Skipf("these cells need Python's %s: %s: %s", module[1], failed.Name, failed.Value)
		}
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
	// Where in a line of Python the error is says CPython from 3.11 on, each in another way.
	carets = regexp.MustCompile(`(?m)^ +[~^]+\n`)
	goroot = regexp.MustCompile(`[^ \n]*/src/([a-z/]+/[a-z_0-9]+\.go):\d+`)
)

func withoutColours(text string) string {
	text = carets.ReplaceAllString(colours.ReplaceAllString(text, ""), "")
	return goroot.ReplaceAllString(text, "$$GOROOT/$1:N")
}
