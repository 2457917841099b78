package interpreter

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMend mends texts that no parser could make sense of. The identifier that is looked for is at.
func TestMend(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"whole", "f(at)", "f(at)"},
		{"call", "f(g(at", "f(g(at))"},
		{"call, with a line after it", "f(at\ny := 2", "f(at)\ny := 2"},
		{"literal", "x := []T{{at", "x := []T{{at}}"},
		{"literal over lines", "x := T{\n\ta: 1,\n\tat\n", "x := T{\n\ta: 1,\n\tat}\n"},
		{"block", "func f() {\n\tat", "func f() {\n\tat}"},
		{"block before a function", "func f() {\n\tat\n\nfunc g() {}", "func f() {\n\tat}\n\nfunc g() {}"},
		{"block before a method", "func f() {\n\tat\n\nfunc (g T) h() {}", "func f() {\n\tat}\n\nfunc (g T) h() {}"},
		{"block before a function literal", "func f() {\n\tat\n\nfunc() {}()", "func f() {\n\tat\n\nfunc() {}()}"},
		{"block before an import", "if x {\n\tat\nimport \"fmt\"", "if x {\n\tat}\nimport \"fmt\""},
		{"function in a call", "f(func() { at )", "f(func() { at} )"},
		{"index in a block", "if x {\n\ta[at\n}", "if x {\n\ta[at]\n}"},
		{"group", "import (\n\t\"fmt\"\n)\nat", "import (\n\t\"fmt\"\n)\nat"},
		{"group without end", "var (\n\ta = 1\n\tat", "var (\n\ta = 1\n\tat)"},
		{"closing brackets without opening", "a)\n}\nat", "a \n \nat"},
		{"wrong bracket", "f(a]\nat", "f(a )\nat"},
		{"if", "if at", "if at {}"},
		{"if with a line after it", "if at\nf()", "if at {}\nf()"},
		{"if in a block", "func f() { if at }", "func f() { if at {} }"},
		{"for", "for i := 0; i < at", "for i := 0; i < at {}"},
		{"range over a literal", "for range []int{at} {", "for range []int{at} {}"},
		{"switch over two lines", "switch a &&\n\tat", "switch a &&\n\tat {}"},
		{"block before a function with a comment", "func f() {\n\tat\n\n// g\nfunc g() {}", "func f() {\n\tat}\n\n// g\nfunc g() {}"},
		{"bracket behind a comment", "f(func() { at // x\n)", "f(func() { at} // x\n)"},
		{"comment at the end", "f(at // x", "f(at) // x"},
		{"comment without end", "f(at /* x", "f(at)  "},
		{"string without end", "x := \"a\nat", "x := \"\"\nat"},
		{"raw string without end", "at\nx := `a\nb", "at\nx := \"\""},
		{"rune of several", "x := 'abc'\nat", "x := ' '\nat"},
		{"number", "x := 0b3\nat", "x := 0\nat"},
		{"no token", "a ? b\nat", "a   b\nat"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := mend(test.in, strings.Index(test.in, "at"))
			require.Equal(t, test.want, got.text)
			require.Equal(t, "at", got.ident())
			_, err := split(got.text)
			require.Nil(t, err)
		})
	}
}

// TestMendBriefly leaves out the bodies of functions where the identifier is not.
func TestMendBriefly(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"other functions", "func f() { g() }\nfunc g() int { return at }\nfunc h() { f() }", "func f() {}\nfunc g() int { return at }\nfunc h() {}"},
		{"method", "func (t T) f() { g() }\nat", "func (t T) f() {}\nat"},
		{"result with braces", "func f() struct{ x int } { return g() }\nat", "func f() struct{ x int } {}\nat"},
		{"generic", "func f[T interface{ m() }](x T) { x.m() }\nat", "func f[T interface{ m() }](x T) {}\nat"},
		{"comment behind it", "func f() { g() } // x\nat", "func f() {} // x\nat"},
		{"statements", "if x { f() }\nfunc() { g() }()\nat", "if x { f() }\nfunc() { g() }()\nat"},
		{"types", "type T struct { x int }\nat", "type T struct { x int }\nat"},
		{"without end", "at\nfunc f() { g(", "at\nfunc f() { g()}"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			m := newMender(test.in, strings.Index(test.in, "at"))
			m.brief = true
			got := m.mend()
			require.Equal(t, test.want, got.text)
			require.Equal(t, "at", got.ident())
		})
	}
}

// TestOutline sees to it that a cell is checked with little of a long session: with signatures, and
// with types and what they consist of.
func TestOutline(t *testing.T) {
	i := newEditor(t, `
type leaf struct{ n int }
func (l leaf) size() int { return inside(l.n) }
type tree struct{ leaf; next *tree }
func inside(n int) int { return deeper(n) }
func deeper(n int) int { return n }
func grow(t tree) int { return inside(t.size()) }
const one, two = 1, one + 1
`)
	for _, test := range []struct {
		name, code string
		want       []string
	}{
		{"function", "inside(", []string{"inside"}},
		{"function of types", "grow(", []string{"leaf", "size", "tree", "grow"}},
		{"type", "leaf{}.size(", []string{"leaf", "size"}},
		{"constants", "one + ", []string{"one"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			d, leave := i.desk(t.Context(), newPlace(test.code, len(test.code)))
			defer leave()
			v, _ := d.view(d.place.draft())
			require.NotNil(t, v)
			var names []string
			for _, declaration := range v.closure.declarations {
				names = append(names, declaration.names[0])
			}
			require.Equal(t, test.want, names)
		})
	}
}
