package doctor

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/install"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
)

func testContext(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// TestExamine looks at this machine, with a cache folder of its own, so that no workspace is made.
func TestExamine(t *testing.T) {
	if _, err := build.FindToolchain(testContext(t), ""); err != nil {
		t.Skip("no toolchain to report:", err)
	}
	cache := t.TempDir()
	r := Examine(testContext(t), Config{
		Version:   "1.2.3",
		Workspace: build.Config{Sources: fstest.MapFS{}, Version: "1.2.3", Dir: filepath.Join(cache, "made", "later")},
		Python:    locate.Options{Python: filepath.Join(cache, "no python")},
	})
	assert.True(t, r.Ready)
	checks := map[string]Check{}
	for _, c := range r.Checks {
		checks[c.Name] = c
	}
	assert.Equal(t, OK, checks["Go"].State)
	assert.Regexp(t, `^go1\.|^devel`, checks["Go"].Found)
	assert.Equal(t, OK, checks["C compiler"].State)
	assert.NotEmpty(t, checks["C compiler"].Found)
	assert.Equal(t, OK, checks["linker"].State)
	assert.Equal(t, OK, checks["cache"].State)
	assert.Equal(t, Note, checks["workspace"].State)
	assert.Equal(t, "gopy-kernel install", checks["workspace"].Remedy)
	assert.NotContains(t, checks, "cell", "there is no workspace to build it in")
	assert.Equal(t, Missing, checks["Python"].State)
	assert.Contains(t, text(t, r), "no python (option): there is no such file")

	entries, err := os.ReadDir(cache)
	require.NoError(t, err)
	assert.Empty(t, entries, "the doctor leaves nothing behind")
}

func TestReportAsJSON(t *testing.T) {
	r := &Report{Version: "1", Checks: []Check{{Name: "Go", State: Missing, Found: "nothing", Facts: []Fact{{"path", "/x"}}, Remedy: "install it", Needed: true}}}
	got, err := json.Marshal(r)
	require.NoError(t, err)
	assert.JSONEq(t, `{"version": "1", "ready": false, "checks": [{"name": "Go", "state": "missing", "found": "nothing",
		"facts": [{"name": "path", "text": "/x"}], "remedy": "install it", "needed": true}]}`, string(got))
}

func TestWrite(t *testing.T) {
	r := &Report{Version: "1", Checks: []Check{
		{Name: "Go", State: OK, Found: "go1.26.8", Facts: []Fact{{"path", "/go"}}, Needed: true},
		{Name: "true", State: Missing, Found: "none", Remedy: "install it", Needed: true},
		{Name: "Python", State: Missing, Found: "none"},
	}}
	assert.Equal(t, `gopy-kernel 1

ok       Go          go1.26.8
                     path: /go
missing  true        none
                     to mend it: install it
missing  Python      none

Cells cannot run: see true.
`, text(t, r))
	r.Ready = true
	assert.True(t, strings.HasSuffix(text(t, r), "\nGo cells can run.\n"))
}

func TestReady(t *testing.T) {
	tests := map[string]struct {
		check Check
		want  bool
	}{
		"needed and there":      {Check{Needed: true, State: OK}, true},
		"needed and noted":      {Check{Needed: true, State: Note}, true},
		"needed and missing":    {Check{Needed: true, State: Missing}, false},
		"missing and no matter": {Check{State: Missing}, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.want, ready([]Check{{State: OK, Needed: true}, test.check}))
		})
	}
}

func TestMissingTools(t *testing.T) {
	missing := func(tool string) error {
		return &build.MissingToolError{Tool: tool, Looked: []string{"here", "there"}, Advice: "install " + tool}
	}
	compiler := filepath.Join(t.TempDir(), "cc")
	require.NoError(t, os.WriteFile(compiler, []byte("#!/bin/sh\necho nowhere/ld\n"), 0o755))
	tests := map[string]struct {
		toolchain build.Toolchain
		err       error
		want      []string // the checks that are missing, with what they say
	}{
		"everything": {build.Toolchain{}, errors.Join(missing("the go command"), missing("a C compiler"), missing("the program true")), []string{
			"Go: the go command was not found, looked for here, there; install the go command",
			"C compiler: a C compiler was not found, looked for here, there; install a C compiler",
			"true: the program true was not found, looked for here, there; install the program true",
		}},
		"no linker": {build.Toolchain{CC: compiler}, nil, []string{
			"linker: the linker ld was not found, looked for nowhere/ld, which " + compiler + " calls; install it, on Debian and Ubuntu with: sudo apt install binutils",
		}},
		"an old Go":       {build.Toolchain{Go: "/go", Version: "go1.19"}, errors.Join(missing("Go 1.26 or newer")), []string{"Go: Go 1.26 or newer was not found, looked for here, there; install Go 1.26 or newer"}},
		"a Go that fails": {build.Toolchain{Go: "/go"}, errors.Join(errors.New("asking /go: exit status 1")), []string{"Go: asking /go: exit status 1; "}},
		"a Go that is not known": {build.Toolchain{Go: "/go", Version: "go1.26.99", Arch: "amd64"}, nil, []string{"Go: cells cannot be built with go1.26.99, which differs from what this version of gopy-kernel knows: " +
			"the sources of this version of Go are not known: runtime/runtime2.go has no \"type g struct {\\n\" any more; install another version of Go 1.26, or a newer gopy-kernel"}},
		"another processor": {build.Toolchain{Go: "/go", Version: "go1.26.8", Arch: "riscv64"}, nil, []string{"Go: cells cannot be linked for riscv64 so far, only for amd64 and arm64; "}},
		"Go without source": {build.Toolchain{Go: "/go", GOROOT: t.TempDir(), Version: "go1.26"}, nil, []string{"Go: the source of the standard library is missing, and the worker is compiled from it; install Go from https://go.dev/dl, or the package of your system that has its source, such as golang-src"}},
	}
	unknown := t.TempDir()
	require.NoError(t, os.MkdirAll(filepath.Join(unknown, "src", "runtime"), 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(unknown, "src", "runtime", "runtime2.go"), []byte("package runtime\n"), 0o644))
	for _, name := range []string{"a Go that is not known", "another processor"} {
		one := tests[name]
		one.toolchain.GOROOT = unknown
		tests[name] = one
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, c := range checkTools(testContext(t), &test.toolchain, test.err) {
				assert.True(t, c.Needed)
				if c.State == Missing {
					got = append(got, c.Name+": "+c.Found+"; "+c.Remedy)
				}
			}
			assert.Equal(t, test.want, got)
		})
	}
}

// TestRealMissingTools holds the texts of the test above against those that build has.
func TestRealMissingTools(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("GOROOT", "")
	t.Setenv("GOPY_GO", filepath.Join(t.TempDir(), "go"))
	toolchain, err := build.FindToolchain(testContext(t), "")
	if err == nil {
		t.Skip("this system has all tools in folders that are looked at without a PATH")
	}
	for _, e := range parts(err) {
		var named int
		for _, tool := range []string{"C compiler", "program true"} {
			if toolError(errors.Join(e), tool) != nil {
				named++
			}
		}
		if goError(errors.Join(e)) != nil {
			named++
		}
		assert.Equal(t, 1, named, "%v", e)
	}
	assert.NotNil(t, toolchain)
}

func TestWorkspaceStates(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	tests := map[string]struct {
		config           build.Config
		cache, workspace State
		says             string
	}{
		"no toolchain":   {build.Config{Dir: dir}, OK, Missing, "it depends on the version of Go"},
		"not made":       {build.Config{Dir: dir, Sources: fstest.MapFS{}, Toolchain: &build.Toolchain{Version: "go1.26.8"}}, OK, Note, "not made yet"},
		"not writable":   {build.Config{Dir: filepath.Join(file, "below")}, Missing, Missing, "below cannot be written"},
		"no such device": {build.Config{Dir: "/proc/no/such"}, Missing, Missing, "/proc/no/such cannot be written"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if strings.HasPrefix(test.config.Dir, "/proc") {
				if _, err := os.Stat("/proc/self"); err != nil {
					t.Skip("no /proc here")
				}
			}
			cache, workspace := checkWorkspace(test.config)
			assert.Equal(t, test.cache, cache.State, cache.Found)
			assert.Equal(t, test.workspace, workspace.State, workspace.Found)
			assert.Contains(t, cache.Found+workspace.Found, test.says)
			assert.Equal(t, cache.State == Missing, cache.Remedy != "")
		})
	}
}

func TestWorkspaceWithoutHome(t *testing.T) {
	t.Setenv("HOME", "")
	t.Setenv("XDG_CACHE_HOME", "")
	cache, workspace := checkWorkspace(build.Config{})
	if cache.State == OK {
		t.Skip("a cache folder is found without HOME")
	}
	assert.True(t, cache.Needed)
	assert.Contains(t, cache.Remedy, "XDG_CACHE_HOME")
	assert.Equal(t, Missing, workspace.State)
}

// TestCell builds in the workspace that the tests of the interpreter use. If it is not there it is made,
// which takes a minute.
func TestCell(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	toolchain, err := build.FindToolchain(ctx, "")
	if err != nil {
		t.Skip("no toolchain to build with:", err)
	}
	c := build.Config{Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test", Toolchain: toolchain}
	check := checkCell(ctx, c)
	assert.Equal(t, OK, check.State, check.Found)
	assert.Regexp(t, `^compiled and linked in \d+ ms$`, check.Found)
	_, workspace := checkWorkspace(c)
	assert.Equal(t, OK, workspace.State, workspace.Found)
	assert.Empty(t, workspace.Remedy)

	c.Toolchain = &build.Toolchain{Version: "go1.26", Arch: toolchain.Arch, Go: filepath.Join(t.TempDir(), "go")}
	c.Dir = t.TempDir()
	check = checkCell(ctx, c)
	assert.Equal(t, Missing, check.State)
	assert.Contains(t, check.Found, "making the workspace "+c.Dir)
	assert.Regexp(t, `^rm -r `+c.Dir+`/test-go1\.26-\w+ && gopy-kernel install$`, check.Remedy)
}

func TestJudge(t *testing.T) {
	dir := t.TempDir()
	program := filepath.Join(dir, "gopy-kernel")
	require.NoError(t, os.WriteFile(program, nil, 0o755))
	ours := func(change func(*install.Spec)) install.Installed {
		s := &install.Spec{Argv: []string{program, "kernel", "{connection_file}"}, Language: "go", Env: map[string]string{},
			Metadata: map[string]any{"gopy_kernel": map[string]any{"version": "1"}}}
		change(s)
		return install.Installed{Name: "gopy", Dir: dir, Spec: s}
	}
	tests := map[string]struct {
		in    install.Installed
		says  string
		works bool
	}{
		"all is there":          {ours(func(*install.Spec) {}), "it starts " + program, true},
		"written by another":    {ours(func(s *install.Spec) { s.Metadata = nil }), "it was written by version ", true},
		"Go is there":           {ours(func(s *install.Spec) { s.Env["GOPY_GO"] = program }), "GOPY_GO is " + program, true},
		"Go is gone":            {ours(func(s *install.Spec) { s.Env["GOPY_GO"] = dir + "/go" }), "its GOPY_GO is " + dir + "/go, which is not there", false},
		"Python is gone":        {ours(func(s *install.Spec) { s.Env["GOPY_PYTHON"] = dir + "/python" }), "its GOPY_PYTHON is", false},
		"the program is gone":   {ours(func(s *install.Spec) { s.Argv[0] = dir + "/gone" }), "it starts " + dir + "/gone, which is not there", false},
		"a folder for program":  {ours(func(s *install.Spec) { s.Argv[0] = dir }), "which is not there", false},
		"another kernel's":      {ours(func(s *install.Spec) { s.Argv[1] = "--kernel" }), "that of another kernel", false},
		"it could not be read":  {install.Installed{Name: "gopy", Err: errors.New("bad JSON")}, "bad JSON", false},
		"there is nothing said": {install.Installed{Name: "gopy", Spec: &install.Spec{}}, "that of another kernel", false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			text, works := judge(test.in, "1")
			assert.Equal(t, test.works, works)
			assert.Contains(t, text, test.says)
		})
	}
}

func text(t *testing.T, r *Report) string {
	t.Helper()
	var b strings.Builder
	require.NoError(t, r.Write(&b))
	return b.String()
}
