package interpreter_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// long is a cell of 500 functions that call each other.
func long() string {
	b := new(strings.Builder)
	b.WriteString("func long0(x int) int { return x }\n")
	for n := 1; n < 500; n++ {
		fmt.Fprintf(b, "// long%d adds.\nfunc long%[1]d(x int, names ...string) (sum int) {\n\tfor i, n := range names {\n\t\tif strings.Contains(n, \"x\") {\n\t\t\tsum += i\n\t\t}\n\t}\n\treturn long%d(x) + len(fmt.Sprint(sum))\n}\n", n, n-1)
	}
	return b.String()
}

// BenchmarkComplete reports the median and the 99th percentile of warm completions.
func BenchmarkComplete(b *testing.B) {
	small := newEditorSession(b)
	large := newEditorSession(b)
	large.must(long())
	body := "func g(list []point) {\n" + strings.Repeat("\tfor i, p := range list {\n\t\tif p.sum() > i {\n\t\t\tfmt.Println(strings.Repeat(\"x\", p.x))\n\t\t}\n\t}\n", 20)
	many := ""
	for n := range 10 {
		many += strings.Replace(body, "func g(", fmt.Sprintf("func g%d(", n), 1) + "}\n"
	}
	for _, test := range []struct {
		name    string
		session *session
		code    string
	}{
		{"package", small, "strings.|"},
		{"package with a prefix", small, "fmt.Pri|"},
		{"large package", small, "syscall.|"},
		{"session variable", small, "origin.|"},
		{"everything", small, "|"},
		{"in a function of 100 lines", small, body + "\tlist[0].|\n}"},
		{"in a cell of 1000 lines", small, many + body + "\tlist[0].|\n}\n"},
		{"code that does not parse", small, "x y\nz z\norigin.|"},
		{"500 declarations: a package", large, "strings.|"},
		{"500 declarations: a name", large, "long4|"},
		{"500 declarations: everything", large, "|"},
		{"500 declarations: a call of the last", large, "x := long499(1)\norig|"},
	} {
		b.Run(test.name, func(b *testing.B) {
			code, cursor := cut(b, test.code)
			complete := func() time.Duration {
				start := time.Now()
				found, err := test.session.interpreter.Complete(context.Background(), code, cursor)
				took := time.Since(start)
				require.NoError(b, err)
				require.NotEmpty(b, found.Items)
				return took
			}
			complete()
			var took []time.Duration
			for b.Loop() {
				took = append(took, complete())
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)/2].Microseconds()), "p50-µs")
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds()), "p99-µs")
		})
	}
}
