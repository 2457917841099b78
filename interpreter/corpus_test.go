package interpreter_test

import (
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/interpreter/modules"
)

var corpus = flag.Bool("corpus", false, "import the whole corpus of modules, and not a few")

// TestCorpus imports well-known modules, one a cell, in one session. By itself it takes a few; with
// -corpus, as `make corpus` calls it, all of them.
func TestCorpus(t *testing.T) {
	file := filepath.Join("testdata", "modules", "few.txt")
	if *corpus {
		file = filepath.Join("testdata", "modules", "corpus.txt")
	}
	want, err := txtar.ParseFile(file)
	require.NoError(t, err)
	needProxy(t)
	s := newModuleSession(t, t.TempDir())
	got := &txtar.Archive{Comment: want.Comment}
	cells := 0
	for _, f := range want.Files {
		if f.Name != "cell" {
			continue
		}
		cells++
		began := time.Now()
		out, failed := s.runLong(string(f.Data))
		first, _, _ := strings.Cut(string(f.Data), "\n")
		t.Logf("%6.2f s  %s", time.Since(began).Seconds(), first)
		require.Nil(t, failed, "%s\n%s", f.Data, out.said.String())
		got.Files = append(got.Files, f)
		if shown := out.String(); shown != "" {
			got.Files = append(got.Files, txtar.File{Name: "shows", Data: []byte(line(shown))})
		}
	}
	require.NotZero(t, cells)
	if *update {
		require.NoError(t, os.WriteFile(file, txtar.Format(got), 0o644))
		return
	}
	require.Equal(t, string(txtar.Format(want)), string(txtar.Format(got)))
}

// needProxy skips a test where no modules can be fetched, and says why.
func needProxy(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "github.com/google/uuid@v1.6.0")
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	if said, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("no modules can be fetched: %v: %s", err, said)
	}
}

// newModuleSession makes a session for a notebook in a folder, with settings for the go command.
func newModuleSession(t *testing.T, dir string, env ...string) *session {
	t.Helper()
	state := t.TempDir()
	return newSessionConfig(t, func(ws *build.Workspace) interpreter.Config {
		return interpreter.Config{Modules: func() (interpreter.Finder, error) {
			return modules.New(modules.Config{
				Go: ws.Toolchain().Go, Env: append(slices.Clone(ws.Toolchain().UserEnv), env...), Dir: dir, State: state,
				Flags: build.LibraryFlags(), Overlay: ws.Overlay(), Versions: filepath.Join(state, "versions.json"),
			})
		}}
	})
}

// A patientOutput keeps apart what a cell prints to standard error, where progress is told.
type patientOutput struct {
	output
	said   output
	answer string // to a question
	asked  string
}

func (o *patientOutput) Stream(name, text string) {
	if name == "stderr" {
		o.said.write(text)
		return
	}
	o.write(text)
}

func (o *patientOutput) Input(ctx context.Context, prompt string, password bool) (string, error) {
	o.asked = prompt
	if o.answer == "" {
		return o.output.Input(ctx, prompt, password)
	}
	return o.answer, nil
}

// runLong runs a cell that may take minutes, because it fetches modules.
func (s *session) runLong(source string) (*patientOutput, *interpreter.Error) {
	s.t.Helper()
	out := &patientOutput{}
	return out, s.executeInto(source, out)
}

func (s *session) executeInto(source string, out interpreter.Output) *interpreter.Error {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	s.count++
	return s.interpreter.Execute(ctx, interpreter.Cell{Source: strings.TrimSuffix(source, "\n"), Count: s.count}, out)
}
