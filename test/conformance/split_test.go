package conformance

import (
	"go/importer"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const program = `// run

package main

import "fmt"

func main() {
	fmt.Println(total)
}

var total = count(shapes)

// shapes is what is counted.
var shapes = []shape{square{2}}

func count(of []shape) int { return len(of) }

func (s square) area() int { return s.side * s.side }

type square struct{ side int }

type shape interface{ area() int }

func init() { total++ }

func even(n int) bool { return n == 0 || odd(n-1) }

func odd(n int) bool { return n != 0 && even(n-1) }
`

func TestCellsOfAProgram(t *testing.T) {
	p := Program{Name: "p.go", Files: []File{{Name: "p.go", Text: program}}}
	declarations := []string{
		`import "fmt"`,
		"type square struct{ side int }\nfunc (s square) area() int { return s.side * s.side }",
		"type shape interface{ area() int }",
		"func count(of []shape) int { return len(of) }",
		"func even(n int) bool { return n == 0 || odd(n-1) }\n\nfunc odd(n int) bool { return n != 0 && even(n-1) }",
		"// shapes is what is counted.\nvar shapes = []shape{square{2}}",
		"var total = count(shapes)",
	}
	for _, test := range []struct {
		mode Mode
		want []string
	}{
		{Whole, []string{strings.TrimSpace(program)}},
		{Split, append(declarations[:7:7], "func main() {\n\tfmt.Println(total)\n}", "func init() { total++ }", "main()")},
		{Statements, append(declarations[:7:7], "func init() { total++ }", "fmt.Println(total)")},
	} {
		t.Run(string(test.mode), func(t *testing.T) {
			cells, err := test.mode.cells(p, importer.Default())
			require.NoError(t, err)
			for i := range cells {
				cells[i] = strings.TrimSpace(cells[i])
			}
			assert.Equal(t, test.want, cells)
		})
	}
}

func TestCellsKeepTheirLines(t *testing.T) {
	p := Program{Name: "p.go", Files: []File{{Name: "p.go", Text: program}}}
	cells, err := Split.cells(p, importer.Default())
	require.NoError(t, err)
	lines := strings.Split(program, "\n")
	i := slices.IndexFunc(cells, func(cell string) bool { return strings.Contains(cell, "func count") })
	require.GreaterOrEqual(t, i, 0)
	cell := strings.Split(cells[i], "\n")
	assert.Equal(t, lines[len(cell)-1], cell[len(cell)-1])
}
