package build

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// TestTrialOfAnUnfitWorker shows what is said where the worker cannot load what is built for it.
func TestTrialOfAnUnfitWorker(t *testing.T) {
	for _, test := range []struct{ name, worker, want string }{
		{"fault", "echo 'fatal error: unexpected signal'; echo more; exit 2", "exit status 2: fatal error: unexpected signal"},
		{"nothing ran", "exit 0", "it was not run"},
	} {
		t.Run(test.name, func(t *testing.T) {
			m := &maker{Workspace: &Workspace{dir: t.TempDir(), toolchain: &Toolchain{Version: "go1.26.99"}}}
			require.NoError(t, os.WriteFile(m.Worker(), []byte("#!/bin/sh\n"+test.worker+"\n"), 0o755))
			err := m.unfit(m.runTrial(t.Context(), "an image"))
			var unfit *UnfitError
			require.ErrorAs(t, err, &unfit)
			require.ErrorContains(t, err, test.want)
			require.ErrorContains(t, err, "go1.26.99")
		})
	}
}

// TestToolchainThatIsReplaced shows that an error of the compiler is not taken for the user's where Go was
// updated under a running kernel.
func TestToolchainThatIsReplaced(t *testing.T) {
	w := *open(t)
	tools := t.TempDir()
	compile := "#!/bin/sh\n[ \"$1\" = -V ] && echo compile version go1.99 || { echo 'could not import fmt'; exit 2; }\n"
	require.NoError(t, os.WriteFile(filepath.Join(tools, "compile"), []byte(compile), 0o755))
	other := *w.toolchain
	other.ToolDir = tools
	w.toolchain = &other
	_, err := w.Build(t.Context(), unit("var replaced = 1"))
	require.EqualError(t, err, "the toolchain was "+w.toolchain.Version+" when the kernel started and is go1.99 now: restart the kernel")
}

// TestUnfitIsKept shows what can be said of a Go that does not fit, before and after a workspace was to be made.
func TestUnfitIsKept(t *testing.T) {
	goroot := t.TempDir()
	known, err := FindToolchain(t.Context(), "")
	require.NoError(t, err)
	require.NoError(t, known.Fits())
	for _, i := range insertions {
		text, err := os.ReadFile(filepath.Join(known.GOROOT, "src", i.file))
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(goroot, "src", i.file)), 0o755))
		text = bytes.ReplaceAll(text, []byte("func gopark("), []byte("func park("))
		require.NoError(t, os.WriteFile(filepath.Join(goroot, "src", i.file), text, 0o644))
	}
	other := *known
	other.GOROOT, other.Version = goroot, "go1.26.99"
	const why = `cells cannot be built with go1.26.99, which differs from what this version of gopy-kernel knows: ` +
		`the sources of this version of Go are not known: runtime/proc.go has no "func gopark(" any more; ` +
		`install another version of Go 1.26, or a newer gopy-kernel`
	require.EqualError(t, other.Fits(), why)

	c := Config{Sources: fstest.MapFS{}, Module: "example.com/m", Version: "test", Dir: t.TempDir(), Toolchain: &other}
	state, err := Look(c)
	require.NoError(t, err)
	require.Nil(t, state.Unfit)
	_, err = Open(t.Context(), c)
	require.ErrorContains(t, err, why)
	state, err = Look(c)
	require.NoError(t, err)
	require.EqualError(t, state.Unfit, why)
}
