package conformance_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/test/conformance"
)

var (
	all   = flag.Bool("all", false, "run all programs in all modes, and write RESULTS.md")
	only  = flag.String("only", "", "with -all: run only the programs whose names match this regular expression, and write no table")
	modes = flag.String("modes", "whole,split,statements", "with -all: the modes, separated by commas")
)

// fixture is what all tests of this package need.
type fixture struct {
	suite    *conformance.Suite
	programs []conformance.Program
	project  string
	goes     string // version of Go
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	project, err := filepath.Abs("../..")
	require.NoError(t, err)
	toolchain, err := build.FindToolchain(ctx, "")
	require.NoError(t, err)
	programs, err := conformance.ReadCorpus(toolchain.GOROOT)
	require.NoError(t, err)
	ws, err := build.Open(ctx, build.Config{
		Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test", Toolchain: toolchain,
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, ws.Close()) })
	suite, err := conformance.New(conformance.Config{GOROOT: toolchain.GOROOT, Toolchain: toolchain, Workspace: ws, Keep: conformance.KeepIn(project)})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, suite.Close()) })
	return &fixture{suite: suite, programs: programs, project: project, goes: toolchain.Version}
}

func TestAll(t *testing.T) {
	if !*all {
		t.Skip("it takes half an hour: run with -all")
	}
	f := newFixture(t)
	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Hour)
	defer cancel()
	programs := f.programs
	if *only != "" {
		pattern := regexp.MustCompile(*only)
		var kept []conformance.Program
		for _, p := range programs {
			if pattern.MatchString(p.Name) {
				kept = append(kept, p)
			}
		}
		programs = kept
	}
	for _, name := range strings.Split(*modes, ",") {
		m := conformance.Mode(name)
		began := time.Now()
		dir := filepath.Join(f.project, "build", "conformance", name)
		require.NoError(t, os.MkdirAll(dir, 0o755))
		done := 0
		results, err := f.suite.Run(ctx, programs, m, func(r conformance.Result) {
			done++
			file := filepath.Join(dir, strings.ReplaceAll(r.Program, "/", "_")+".json")
			if r.Wrong == "" {
				os.Remove(file)
			} else {
				data, _ := json.MarshalIndent(r, "", "\t")
				os.WriteFile(file, data, 0o644)
				fmt.Printf("%d %s %s (%.1f s): %s\n", done, m, r.Program, r.Got.Seconds, r.Wrong)
			}
		})
		if err != nil {
			t.Error(err)
		}
		passed, cells := 0, 0
		var links conformance.Links
		for _, r := range results {
			if r.Wrong == "" {
				passed++
			}
			cells += r.Cells
			links = links.Add(r.Links)
		}
		fmt.Printf("%s: %d of %d passed, %d cells, %v, %v\n", m, passed, len(results), cells, links, time.Since(began))
	}
}
