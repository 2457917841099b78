package build

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
)

// open opens the workspace that all tests share: the user's own, for making one takes a minute.
func open(t testing.TB) *Workspace {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	w, err := Open(ctx, Config{
		Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test",
	})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, w.Close()) })
	return w
}

func unit(text string, imports ...string) Unit {
	source := "package main\n\n"
	for _, i := range append([]string{"_ runtime", "_ runtime/cgo"}, imports...) {
		var name, path string
		if _, err := fmt.Sscanf(i, "%s %s", &name, &path); err != nil {
			name, path = "", i
		}
		source += fmt.Sprintf("import %s %q\n", name, path)
	}
	return Unit{Files: []File{{Name: "unit.go", Text: source + text + "\nfunc main() {}\n"}}, Imports: imports}
}

func TestBuild(t *testing.T) {
	w := open(t)
	u := unit(fmt.Sprintf("const text = %q\nfunc init() { fmt.Println(text) }", rand.Text()), "fmt")
	built, err := w.Build(t.Context(), u)
	require.NoError(t, err)
	require.False(t, built.Cached)
	info, err := os.Stat(built.Path)
	require.NoError(t, err)
	require.Less(t, info.Size(), int64(100_000), "a unit has its own code only")

	again, err := w.Build(t.Context(), u)
	require.NoError(t, err)
	require.True(t, again.Cached)
	require.Equal(t, built.Path, again.Path)

}

// TestOpenForAnotherProcessor has one that cells are not linked for.
func TestOpenForAnotherProcessor(t *testing.T) {
	tools, err := FindToolchain(t.Context(), "")
	require.NoError(t, err)
	_, err = Open(t.Context(), Config{Toolchain: tools.For("riscv64", "gcc"), Dir: t.TempDir()})
	require.EqualError(t, err, "cells cannot be linked for riscv64 so far, only for amd64 and arm64")
}

func TestBuildRemovesItsFolder(t *testing.T) {
	w := *open(t)
	w.tmp = filepath.Join(w.tmp, rand.Text()) // other programs may be building in the workspace
	require.NoError(t, os.Mkdir(w.tmp, 0o755))
	defer os.Remove(w.tmp)
	_, err := w.Build(t.Context(), unit(fmt.Sprintf("const text = %q", rand.Text())))
	require.NoError(t, err)
	left, err := os.ReadDir(w.tmp)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestBuildErrors(t *testing.T) {
	w := open(t)
	_, err := w.Build(t.Context(), unit("func init() { undefined() }"))
	var compile *CompileError
	require.ErrorAs(t, err, &compile)
	require.Contains(t, compile.Output, "undefined: undefined")

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = w.Build(cancelled, unit("var x = "+fmt.Sprintf("%q", rand.Text())))
	require.ErrorIs(t, err, context.Canceled)
}

// TestBuildsAreOfTheirWorkspace shows that what decides how code is built is part of an object's name.
func TestBuildsAreOfTheirWorkspace(t *testing.T) {
	u := unit("var x = 1")
	one, other := &Workspace{id: "one"}, &Workspace{id: "other"}
	require.NotEqual(t, one.hash(u, nil), other.hash(u, nil))
	typed := u
	typed.Types = map[string]string{"T": "identity"}
	require.NotEqual(t, one.hash(u, nil), one.hash(typed, nil))
}

// BenchmarkBuild tells how long the parts of building a small unit take.
func BenchmarkBuild(b *testing.B) {
	w := open(b)
	var compile, link, finish time.Duration
	for b.Loop() {
		u := unit(fmt.Sprintf("const text = %q\nfunc init() { fmt.Println(text) }", rand.Text()), "fmt")
		s := &step{Workspace: w, id: w.hash(u, nil), dir: b.TempDir()}
		t0 := time.Now()
		archive, err := s.compile(b.Context(), u)
		require.NoError(b, err)
		refs, err := readReferences(archive)
		require.NoError(b, err)
		t1 := time.Now()
		require.NoError(b, s.link(b.Context(), u, archive, refs))
		t2 := time.Now()
		_, err = s.finish(u, refs)
		require.NoError(b, err)
		compile, link, finish = compile+t1.Sub(t0), link+t2.Sub(t1), finish+time.Since(t2)
	}
	n := float64(b.N) * 1e6
	b.ReportMetric(float64(compile)/n, "compile-ms/op")
	b.ReportMetric(float64(link)/n, "link-ms/op")
	b.ReportMetric(float64(finish)/n, "place-ms/op")
}

// BenchmarkStub tells how long it takes to make the stub of a unit with some hundred references.
func BenchmarkStub(b *testing.B) {
	w := open(b)
	u := unit("func init() { http.ListenAndServe(\"\", nil); json.Marshal(regexp.MustCompile(\"\")) }", "net/http", "encoding/json", "regexp")
	s := &step{Workspace: w, id: w.hash(u, nil), dir: b.TempDir()}
	archive, err := s.compile(b.Context(), u)
	require.NoError(b, err)
	refs, err := readReferences(archive)
	require.NoError(b, err)
	for b.Loop() {
		newStub(w.toolchain.machine(), s.holders(), refs.undefined, nil)
	}
}

func TestHashOfEmbeddedFiles(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a.txt")
	u := Unit{Embed: Embed{Patterns: map[string][]string{"a.txt": {"a.txt"}}, Files: map[string]string{"a.txt": file}}}
	w := &Workspace{id: "w"}
	require.NoError(t, os.WriteFile(file, []byte("one"), 0o644))
	before := w.hash(u, nil)
	require.Equal(t, before, w.hash(u, nil))
	require.NoError(t, os.WriteFile(file, []byte("two"), 0o644))
	require.NotEqual(t, before, w.hash(u, nil))
}
