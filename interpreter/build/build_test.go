package build_test

import (
	"context"
	"crypto/rand"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	gopykernel "github.com/gopy-kernel/gopy-kernel"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

func TestOpen(t *testing.T) {
	ws, err := build.Open(context.Background(), build.Config{Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test", Dir: "/tmp/lab/ws", Progress: func(s string) { t.Log(s) }})
	require.NoError(t, err)
	text, err := os.ReadFile("/tmp/lab/cell1.go")
	require.NoError(t, err)
	o, err := ws.Build(context.Background(), build.Unit{Files: []build.File{{Name: "c.go", Text: string(text)}}, Imports: []string{"fmt", gopykernel.Module + "/worker/cell"}, Types: map[string]string{"Point": "p1", "T·1": "x", "T·2": "y", "U·3": "u", "shape": "s1", "square": "q", "List": "l"}})
	require.NoError(t, err)
	t.Log(o)
}

func BenchmarkBuild(b *testing.B) {
	ws, err := build.Open(context.Background(), build.Config{Sources: gopykernel.WorkerSources(), Module: gopykernel.Module, WorkerPackage: gopykernel.WorkerPackage,
		Offered: gopykernel.Offered, Version: "test", Dir: "/tmp/lab/ws"})
	require.NoError(b, err)
	text, err := os.ReadFile("/tmp/lab/cell1.go")
	require.NoError(b, err)
	for b.Loop() {
		_, err := ws.Build(context.Background(), build.Unit{Files: []build.File{{Name: "c.go", Text: string(text)+"\n//"+rand.Text()}}, Imports: []string{"fmt", gopykernel.Module + "/worker/cell"}, Types: map[string]string{"Point": "p1", "T·1": "x", "T·2": "y", "U·3": "u", "shape": "s1", "square": "q", "List": "l"}})
		require.NoError(b, err)
	}
}
