package build

import (
	"go/parser"
	"go/token"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestInsertion(t *testing.T) {
	const text = "package p\n\nfunc f() {\n\ta()\n}\n\nfunc g() {\n\ta()\n\tb() // why\n\tc()\n}\n"
	for _, c := range []struct {
		name      string
		insertion insertion
		want      string // empty for an error
	}{
		{"at the beginning", insertion{"p.go", "func g() {\n", "", "\tx()\n"}, "package p\n\nfunc f() {\n\ta()\n}\n\nfunc g() {\n\tx()\n\ta()\n\tb() // why\n\tc()\n}\n"},
		{"behind a line", insertion{"p.go", "func f(", "\ta()\n", "\tx()\n"}, "package p\n\nfunc f() {\n\ta()\n\tx()\n}\n\nfunc g() {\n\ta()\n\tb() // why\n\tc()\n}\n"},
		{"behind the beginning of a line", insertion{"p.go", "func g(", "\tb()", "\tx()\n"}, "package p\n\nfunc f() {\n\ta()\n}\n\nfunc g() {\n\ta()\n\tb() // why\n\tx()\n\tc()\n}\n"},
		{"no declaration", insertion{"p.go", "func h(", "\ta()\n", "\tx()\n"}, ""},
		{"line of another declaration", insertion{"p.go", "func f(", "\tc()\n", "\tx()\n"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.insertion.apply(text)
			if c.want == "" {
				require.ErrorContains(t, err, "p.go")
				return
			}
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
}

// TestOverlayOfThisGo is about the Go that runs the test: does it have what the insertions look for?
func TestOverlayOfThisGo(t *testing.T) {
	tools, err := FindToolchain(t.Context(), "")
	require.NoError(t, err)
	texts, err := overlayTexts(tools.GOROOT)
	require.NoError(t, err)
	require.Len(t, texts, 19)
	for name, text := range texts {
		_, err := parser.ParseFile(token.NewFileSet(), name, text, parser.SkipObjectResolution)
		require.NoError(t, err)
	}
	for _, i := range insertions {
		require.Contains(t, texts[i.file], i.lines)
	}
}

func TestOverlayOfNoGo(t *testing.T) {
	err := writeOverlay(t.TempDir(), filepath.Join(t.TempDir(), "overlay.json"))
	require.ErrorContains(t, err, "reading Go's sources")
}
