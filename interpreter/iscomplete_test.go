package interpreter_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

func TestIsComplete(t *testing.T) {
	tests := []struct {
		name, code, status, indent string
	}{
		{"nothing", "", "complete", ""},
		{"spaces", " \n\t\n", "complete", ""},
		{"comment", "// to do", "complete", ""},
		{"definition", "x := 1", "complete", ""},
		{"function", "func f() int { return 1 }", "complete", ""},
		{"block", "if true { println(1) }", "complete", ""},
		{"expression", "1 + 2", "complete", ""},
		{"quiet", "f();", "complete", ""},
		{"several", "x := 1\ny := 2\nfunc f() {}\n", "complete", ""},
		{"undefined names", "nowhere(to.be.seen)", "complete", ""},
		{"program", "package main\n\nfunc main() {}\n", "complete", ""},
		{"line magic", "%pip list", "complete", ""},
		{"question", "strings.Split?", "complete", ""},
		{"question at the begin", "?strings", "complete", ""},
		{"question in the middle", "x := 1\nx?\nfunc f() {", "incomplete", "\t"},
		{"no question", "x ? 1 : 2", "invalid", ""},
		{"cell magic", "%%bash\nif true; then", "complete", ""},
		{"shell", "!ls -l (", "complete", ""},
		{"spaces before a magic", "  %time f()", "complete", ""},
		{"magic in the middle", "x := 1\n%pip list 'x\ny := 2", "complete", ""},
		{"label", "L:", "complete", ""},

		{"function body", "func f() {", "incomplete", "\t"},
		{"function literal", "f := func(x int) int {", "incomplete", "\t"},
		{"composite literal", "x := []int{1,", "incomplete", "\t"},
		{"loop", "for i := 0; i < 3; i++ {", "incomplete", "\t"},
		{"nested", "func f() {\n\tif x {", "incomplete", "\t\t"},
		{"brackets of one line", "f(g([]int{", "incomplete", "\t"},
		{"call with a function", "f(func() {", "incomplete", "\t"},
		{"body with lines", "func f() {\n\tx := 1\n\ty := []int{1}", "incomplete", "\t"},
		{"raw string", "var s = `abc", "incomplete", ""},
		{"raw string in a block", "func f() {\n\ts := `abc\n\tdef", "incomplete", ""},
		{"operator", "a +", "incomplete", "\t"},
		{"operator in a block", "func f() {\n\tx := a &&", "incomplete", "\t\t"},
		{"operator in a call", "f(a +", "incomplete", "\t"},
		{"operator before a comment", "a + // and", "incomplete", "\t"},
		{"comma", "x, y := 1,", "incomplete", ""},
		{"dot", "x.", "incomplete", "\t"},
		{"comment that is open", "/* open", "incomplete", ""},
		{"definition without value", "x :=", "incomplete", "\t"},
		{"declaration without value", "var x =", "incomplete", "\t"},
		{"keyword", "func", "incomplete", ""},
		{"struct", "type T struct", "incomplete", ""},
		{"struct body", "type T struct {", "incomplete", "\t"},
		{"else", "if x {\n} else", "incomplete", ""},
		{"imports", "import (\n\t\"fmt\"", "incomplete", "\t"},
		{"case", "switch x {\ncase 1:", "incomplete", "\t"},

		{"behind a magic", "%time\nfunc f() {", "incomplete", "\t"},
		{"remainder", "x := 5\nx %", "incomplete", "\t"},
		{"remainder on the next line", "x +\n%3", "invalid", ""},
		{"negation in brackets", "f(\n!ok,", "incomplete", "\t"},

		{"stray bracket", "x := )", "invalid", ""},
		{"keywords", "func func", "invalid", ""},
		{"closing braces", "}}", "invalid", ""},
		{"wrong bracket", "f(a]", "invalid", ""},
		{"string", "x := \"abc", "invalid", ""},
		{"rune", "x := 'ab", "invalid", ""},
		{"illegal character", "x # y", "invalid", ""},
		{"two operands", "x y", "invalid", ""},
		{"no brace on the line", "if x", "invalid", ""},
		{"no type", "var x", "invalid", ""},
		{"wrong in the middle", "x := := 1\nfunc f() {}", "invalid", ""},
		{"wrong before an operator", "x y\na +", "invalid", ""},
		{"no utf-8", "x := \xff", "invalid", ""},
	}
	i := &interpreter.Interpreter{}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := i.IsComplete(context.Background(), test.code)
			require.Equal(t, interpreter.Completeness{Status: test.status, Indent: test.indent}, got, "of %q", test.code)
		})
	}
}
