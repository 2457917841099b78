package conformance_test

import (
	"context"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/test/conformance"
)

var (
	all  = flag.Bool("all", false, "run all programs in all modes, and write RESULTS.md")
	only = flag.String("only", "", "with -all: only the programs whose names match this regular expression; RESULTS.md stays")
	// The programs that the go command makes for comparison are this machine's.
	emulator = flag.String("emulator", "", "with -all: a command that runs programs for linux/arm64; cells are compiled for it, and RESULTS.md stays")
	modes    = flag.String("modes", "", "with -all: only these modes, separated by commas; RESULTS.md stays")
)

// The shares of the programs that have to pass, in percent.
var targets = map[conformance.Mode]float64{conformance.Whole: 99, conformance.Split: 97, conformance.Statements: 95}

// A fixture is what tests with real programs need.
type fixture struct {
	suite      *conformance.Suite
	toolchain  *build.Toolchain
	found      int                   // programs of the distribution
	programs   []conformance.Program // without the excluded ones
	exclusions []conformance.Exclusion
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	toolchain, err := build.FindToolchain(ctx, "")
	require.NoError(t, err)
	programs, err := conformance.ReadCorpus(toolchain.GOROOT)
	require.NoError(t, err)
	f := &fixture{toolchain: toolchain, found: len(programs), suite: newSuite(ctx, t, toolchain)}
	f.exclusions, err = conformance.ReadExclusions(os.DirFS("."), "exclusions.txt")
	require.NoError(t, err)
	f.programs, err = conformance.Exclude(programs, f.exclusions)
	require.NoError(t, err)
	return f
}

func newSuite(ctx context.Context, t *testing.T, toolchain *build.Toolchain) *conformance.Suite {
	t.Helper()
	target, words := toolchain, strings.Fields(*emulator)
	if len(words) > 0 {
		target = toolchain.For("arm64", "aarch64-linux-gnu-gcc")
	}
	ws, err := build.Open(ctx, build.Config{
		Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test", Toolchain: target, Emulator: words,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, ws.Close()) })
	project, err := filepath.Abs("../..")
	require.NoError(t, err)
	suite, err := conformance.New(conformance.Config{GOROOT: toolchain.GOROOT, Toolchain: toolchain, Workspace: ws, Emulator: words, Keep: conformance.KeepIn(project)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, suite.Close()) })
	return suite
}

// run runs programs in one mode, and writes what went wrong into a folder of the project's builds.
func (f *fixture) run(ctx context.Context, t *testing.T, programs []conformance.Program, m conformance.Mode) []conformance.Result {
	t.Helper()
	dir := filepath.Join("..", "..", "build", "conformance", string(m))
	require.NoError(t, os.MkdirAll(dir, 0o755))
	done := 0
	began := time.Now()
	results, err := f.suite.Run(ctx, programs, m, func(r conformance.Result) {
		done++
		file := filepath.Join(dir, strings.ReplaceAll(r.Program, "/", "_")+".json")
		if r.Wrong == "" {
			_ = os.Remove(file) // of an earlier run
			return
		}
		data, err := json.MarshalIndent(r, "", "\t")
		assert.NoError(t, err)
		assert.NoError(t, os.WriteFile(file, data, 0o644))
		t.Logf("%d/%d %s, %s: %s", done, len(programs), m, r.Program, r.Wrong)
	})
	require.NoError(t, err)
	c := conformance.Count(results)
	t.Logf("%s: %d programs, %d passed, %d failed, %d excluded, %.1f %%; %d cells, %v; %v",
		m, c.Programs, c.Passed, c.Failed(), len(f.exclusions), c.Share(), c.Cells, c.Links, time.Since(began).Round(time.Second))
	require.Zero(t, c.Links.Fallback, "cells that were not linked as they should have been")
	return results
}

// TestSample runs what sample.txt and mended.txt name.
func TestSample(t *testing.T) {
	if *all {
		t.Skip("all programs are run")
	}
	f := newFixture(t)
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Minute)
	defer cancel()
	var sample []conformance.Entry
	for _, list := range []string{"sample.txt", "mended.txt"} {
		entries, err := conformance.ReadSample(os.DirFS("."), list)
		require.NoError(t, err)
		sample = append(sample, entries...)
	}
	for _, m := range conformance.Modes() {
		programs, err := conformance.Choose(f.programs, sample, m)
		require.NoError(t, err)
		for _, r := range f.run(ctx, t, programs, m) {
			assert.Empty(t, r.Wrong, "%s, %s", r.Program, m)
		}
	}
}

// TestAll runs all programs in all modes.
func TestAll(t *testing.T) {
	if !*all {
		t.Skip("it takes half an hour, and longer the first time: run with -all")
	}
	f := newFixture(t)
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Hour)
	defer cancel()
	programs, complete := f.programs, *only == "" && *modes == "" && *emulator == ""
	if *only != "" {
		programs = matching(t, programs, *only)
	}
	table := conformance.Table{Go: f.toolchain.Version, Programs: f.found, Exclusions: f.exclusions, Results: map[conformance.Mode][]conformance.Result{}}
	for _, m := range conformance.Modes() {
		if *modes == "" || strings.Contains(","+*modes+",", ","+string(m)+",") {
			table.Results[m] = f.run(ctx, t, programs, m)
			if complete {
				assert.GreaterOrEqual(t, conformance.Count(table.Results[m]).Share(), targets[m], m)
			}
		}
	}
	if complete {
		require.NoError(t, os.WriteFile("RESULTS.md", []byte(table.Markdown()), 0o644))
	}
}

func matching(t *testing.T, programs []conformance.Program, pattern string) []conformance.Program {
	t.Helper()
	p := regexp.MustCompile(pattern)
	var kept []conformance.Program
	for _, program := range programs {
		if p.MatchString(program.Name) {
			kept = append(kept, program)
		}
	}
	require.NotEmpty(t, kept, "no program matches")
	return kept
}
