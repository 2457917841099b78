package interpreter_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// With it the workers of the tests are programs for another kind of processor than the one that the tests run
// on: `make test-arm64`.
var emulator = flag.String("emulator", "", "a command that runs programs for linux/arm64; cells are compiled for it, and C code with aarch64-linux-gnu-gcc")

// target fills in what a workspace is made for: this machine, or what the emulator is.
func target(t testing.TB, ctx context.Context, c build.Config) build.Config {
	t.Helper()
	if *emulator == "" {
		return c
	}
	tools, err := build.FindToolchain(ctx, "")
	require.NoError(t, err)
	c.Toolchain = tools.For("arm64", "aarch64-linux-gnu-gcc")
	c.Emulator = strings.Fields(*emulator)
	return c
}

// program is the path of a program that is the worker.
func program(t testing.TB, ws *build.Workspace) string {
	t.Helper()
	if *emulator == "" {
		return ws.Worker()
	}
	script := filepath.Join(t.TempDir(), "worker")
	text := fmt.Sprintf("#!/bin/sh\nexec %s %s \"$@\"\n", *emulator, ws.Worker())
	require.NoError(t, os.WriteFile(script, []byte(text), 0o755))
	return script
}
