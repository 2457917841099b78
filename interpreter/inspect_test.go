package interpreter_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// inspect inspects what is at the |, and returns it as text and as Markdown; empty if nothing is known.
func (s *session) inspect(t *testing.T, marked string, detail int) (text, markdown string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	code, cursor := cut(t, marked)
	bundle, found, err := s.interpreter.Inspect(ctx, code, cursor, detail)
	require.NoError(t, err)
	if !found {
		require.Empty(t, bundle.Data)
		return "", ""
	}
	require.Len(t, bundle.Data, 2)
	text, markdown = bundle.Data["text/plain"].(string), bundle.Data["text/markdown"].(string)
	require.NotEmpty(t, text)
	require.NotContains(t, text+markdown, "ǃ")
	return text, markdown
}

func TestInspect(t *testing.T) {
	s := newEditorSession(t)
	const (
		split = "func Split(s, sep string) []string\n\nSplit slices s into all substrings"
		add   = "func add(a, b int) int\n\nadd returns the sum of two numbers.\n\ndeclared in In[1]"
		total = "var total int\n\ntotal is what was counted so far.\n\ndeclared in In[2]"
	)
	tests := []struct {
		name, code string
		detail     int
		want       string   // all of it; nothing is written as -
		has        []string // parts of it, in their order
		lacks      string
	}{
		{name: "place: in a name", code: "strings.Sp|lit", has: []string{split, "package strings"}},
		{name: "place: before a name", code: "strings.|Split", has: []string{split}},
		{name: "place: after a name", code: "strings.Split|", has: []string{split}},
		{name: "place: after a name, before a bracket", code: "strings.Split|(a, b)", has: []string{split}},
		{name: "place: first argument", code: "strings.Split(|", has: []string{split}},
		{name: "place: in the arguments", code: "strings.Split(\"a\", |)", has: []string{split}},
		{name: "place: in a string among the arguments", code: "strings.Split(\"a,|b\", \",\")", has: []string{split}},
		{name: "place: argument that is no name", code: "strings.Split(1|", has: []string{split}},
		{name: "place: argument that is not known", code: "strings.Split(nowhere|", has: []string{split}},
		{name: "place: argument that is known", code: "strings.Split(total|", want: total},
		{name: "place: behind an inner call", code: "strings.Split(fmt.Sprint(1), |", has: []string{split}},
		{name: "place: inner call", code: "strings.Split(add(1, |", want: add},
		{name: "place: in brackets among the arguments", code: "strings.Split((|", has: []string{split}},
		{name: "place: index among the arguments", code: "strings.Split(names[|", has: []string{split}},
		{name: "place: type arguments", code: "mapAll[int, string](|", has: []string{"func mapAll[T, U any](list []T, f func(T) U) []U"}},
		{name: "place: method of a result", code: "time.Now().Format(|", has: []string{"func (t time.Time) Format(layout string) string", "Format returns a textual representation"}},
		{name: "place: no call", code: "if (|", want: "-"},
		{name: "place: in a function among the arguments", code: "strings.Map(func(r rune) rune { |", want: "-"},
		{name: "place: after the call", code: "strings.Split(a, b) |", want: "-"},
		{name: "place: comment", code: "// strings.Sp|lit", want: "-"},
		{name: "place: comment among the arguments", code: "strings.Split(/* a| */", want: "-"},
		{name: "place: shell", code: "!ad|d", want: "-"},
		{name: "place: nothing", code: "|", want: "-"},
		{name: "place: behind astral letters", code: "s := \"😀😀\" + strings.Sp|lit", has: []string{split}},
		{name: "place: several lines", code: "strings.Split(\n\t\"a\",\n\t|\n)", has: []string{split}},

		{name: "session: function", code: "add|", want: add},
		{name: "session: function with its source", code: "add|", detail: 1, has: []string{"add returns", "func add(a, b int) int {\n\treturn a + b\n}", "In[1]"}},
		{name: "session: function as an argument", code: "mapAll(names, ad|d)", want: add},
		{name: "session: type", code: "point|{}", has: []string{"type point struct {\n\t// x counts to the right.\n\tx, y int\n\tnext *point // in the chain\n}", "point is a place", "func (p *point) move(dx, dy int)\nfunc (p point) sum() int", "In[1]"}, lacks: "p.x += dx"},
		{name: "session: type with its source", code: "point|{}", detail: 1, has: []string{"func (p *point) move(dx, dy int) { p.x += dx; p.y += dy }"}},
		{name: "session: generic type", code: "Stack|[int]{}", has: []string{"type Stack[T any] struct", "func (s *Stack[T]) Push(x T)"}},
		{name: "session: interface", code: "var s shape|", has: []string{"type shape interface", "area() float64"}},
		{name: "session: constant", code: "twoWheels|", has: []string{"const twoWheels = 2", "Numbers of wheels."}},
		{name: "session: constant with a comment of its own", code: "oneWheel|", has: []string{"const oneWheel = 1", "unicycle"}},
		{name: "session: constants with their source", code: "oneWheel|", detail: 1, has: []string{"const (\n\toneWheel = iota + 1 // unicycle\n\ttwoWheels\n)"}},
		{name: "session: variable", code: "tot|al++", want: total},
		{name: "session: variable with its source", code: "tot|al++", detail: 1, has: []string{"total := 0"}},
		{name: "session: variable of a group", code: "inGroup|", has: []string{"var inGroup string", "inGroup has a comment.", "In[5]"}},
		{name: "session: method", code: "origin.mo|ve(1, 2)", want: "func (p *point) move(dx, dy int)\n\nmove shifts the point.\n\ndeclared in In[1]"},
		{name: "session: method with its source", code: "origin.mo|ve(1, 2)", detail: 1, has: []string{"p.x += dx; p.y += dy"}},
		{name: "session: method of an instance", code: "ada.Pu|sh", has: []string{"func (s *Stack[string]) Push(x string)"}},
		{name: "session: method of an interface", code: "func f(s shape) { s.ar|ea() }", has: []string{"func (shape) area() float64", "In[3]"}},
		{name: "session: method of an interface without a name", code: "func f(s interface{ area() int }) { s.ar|ea() }", has: []string{"func area() int"}},
		{name: "session: field", code: "origin.x|", has: []string{"field x int", "x counts to the right.", "In[1]"}},
		{name: "session: field with a comment behind it", code: "origin.next.nex|t", has: []string{"field next *point", "in the chain"}},
		{name: "session: promoted field", code: "ada.point.y|", has: []string{"field y int"}},
		{name: "session: key of a literal", code: "point{|x: 1}", has: []string{"field x int", "x counts"}},
		{name: "session: variable of another cell with the same name as here", code: "total := \"a\"\n_ = tota|l", has: []string{"var total string", "this cell"}},

		{name: "here: function", code: "// g does nothing.\nfunc g() {}\ng|()", want: "func g()\n\ng does nothing.\n\ndeclared in this cell"},
		{name: "here: function, at its declaration", code: "// g does nothing.\nfunc |g() {}", has: []string{"g does nothing"}},
		{name: "here: variable", code: "// w is wide.\nw := 3.5\nw|", has: []string{"var w float64", "w is wide.", "this cell"}},
		{name: "here: variable, at its declaration", code: "w| := names", has: []string{"var w []string"}},
		{name: "here: local", code: "func f(list []point) {\n\tfor i, p := range list {\n\t\tp|\n\t}\n}", has: []string{"var p point", "this cell"}},
		{name: "here: parameter", code: "func f(list []point) { list|", has: []string{"var list []point"}},
		{name: "here: result", code: "func f() (n int, err error) { er|r", has: []string{"var err error"}},
		{name: "here: local type", code: "func f() {\n\ttype inner struct{ a int }\n\tinner|{}\n}", has: []string{"type inner struct{ a int }"}},
		{name: "here: constant", code: "const k time.Duration = 5\nk|", has: []string{"const k time.Duration = 5"}},
		{name: "here: type parameter", code: "func f[E any](e E) { var x E| }", has: []string{"type E any"}},
		{name: "here: label", code: "again:\ngoto aga|in", has: []string{"label again"}},
		{name: "here: in a switch on a type", code: "var v any\nswitch w := v.(type) {\ncase point:\n\tw|\n}", has: []string{"var w point"}},
		{name: "here: code that does not parse", code: "x y z\nfunc f(q []string {\n\tstrings.Spl|it(q[0]", has: []string{split[:3]}, lacks: "func f"},

		{name: "packages: name", code: "stri|ngs.Split", want: "package strings // import \"strings\"\n\nPackage strings implements simple functions to manipulate UTF-8 encoded strings."},
		{name: "packages: name alone", code: "strings|", has: []string{"package strings", "Package strings implements"}},
		{name: "packages: other name", code: "str|.Fields", has: []string{"package strings", "Package strings implements"}},
		{name: "packages: path", code: "import \"encoding/js|on\"", has: []string{"package json // import \"encoding/json\"", "Package json implements"}},
		{name: "packages: path that is none", code: "import \"encoding/jso|\"", want: "-"},
		{name: "packages: first paragraph", code: "templ|ate.New", want: "package template // import \"text/template\"\n\nPackage template implements data-driven templates for generating textual output."},
		{name: "packages: whole documentation", code: "import \"text/templat|e\"", detail: 1, has: []string{"Package template", "Actions"}},
		{name: "packages: our own", code: "disp|lay.HTML", has: []string{"package display // import \"github.com/gopy-kernel/gopy-kernel/display\""}},
		{name: "packages: function of our own", code: "display.HT|ML", has: []string{"func HTML(s string) display.Bundle", "package github.com/gopy-kernel/gopy-kernel/display"}},
		{name: "packages: function with its source", code: "strings.Cut|", detail: 1, has: []string{"func Cut(s, sep string) (before, after string, found bool)", "Cut slices s around", "func Cut(s, sep string) (before, after string, found bool) {\n", "return"}},
		{name: "packages: type", code: "var b strings.Buil|der", has: []string{"type Builder struct {", "contains filtered or unexported fields", "A Builder is used", "func (b *strings.Builder) WriteString(s string) (int, error)"}, lacks: "buf "},
		{name: "packages: interface", code: "var r io.Rea|der", has: []string{"type Reader interface {\n\tRead(p []byte) (n int, err error)\n}", "Reader is the interface"}},
		{name: "packages: interface with methods that are not exported", code: "var r reflect.Typ|e", has: []string{"NumMethod() int"}, lacks: "common()"},
		{name: "packages: method", code: "var b strings.Builder\nb.Gro|w(1)", has: []string{"func (b *strings.Builder) Grow(n int)", "Grow grows b's capacity"}},
		{name: "packages: promoted method", code: "bufio.ReadWriter{}.Read|Line", has: []string{"func (b *bufio.Reader) ReadLine() (line []byte, isPrefix bool, err error)", "ReadLine is a low-level"}},
		{name: "packages: method of an interface", code: "var r io.Reader\nr.Rea|d(nil)", has: []string{"func (io.Reader) Read(p []byte) (n int, err error)"}},
		{name: "packages: field", code: "http.DefaultClient.Timeo|ut", has: []string{"field Timeout time.Duration", "Timeout specifies a time limit"}},
		{name: "packages: variable", code: "os.Args|", has: []string{"var Args []string", "Args hold the command-line arguments"}},
		{name: "packages: constant", code: "math.P|i", has: []string{"const Pi = 3.14159"}},
		{name: "packages: constant of a type", code: "time.Secon|d", has: []string{"const Second time.Duration = 1000000000"}},
		{name: "packages: generic function", code: "slices.SortFun|c", has: []string{"func SortFunc[S ~[]E, E any](x S, cmp func(a E, b E) int)"}},
		{name: "packages: with a dot", code: "Sqr|t(2)", has: []string{"func Sqrt(x float64) float64", "Sqrt returns the square root"}},
		{name: "packages: no such member", code: "strings.Nop|e", want: "-"},
		{name: "packages: no such package", code: "nowher|e.x", want: "-"},

		{name: "predeclared: function", code: "appen|d(names)", has: []string{"func append(slice []Type, elems ...Type) []Type", "The append built-in function", "predeclared"}},
		{name: "predeclared: type", code: "var x flo|at64", has: []string{"type float64", "float64 is the set of all IEEE 754"}},
		{name: "predeclared: error", code: "var x erro|r", has: []string{"type error interface", "Error() string"}},
		{name: "predeclared: method of error", code: "var err error\nerr.Err|or()", has: []string{"func (error) Error() string"}},
		{name: "predeclared: constant", code: "x := tru|e", has: []string{"const true = true"}},
		{name: "predeclared: nil", code: "x = ni|l", has: []string{"nil"}},
		{name: "predeclared: any", code: "var x an|y", has: []string{"type any = interface{}"}},
		{name: "keyword", code: "for i := rang|e 3 {}", has: []string{"range goes over a slice", "keyword"}},
	}
	s.must("// Numbers.\nvar (\n\t// inGroup has a comment.\n\tinGroup string\n\tother int\n)\n_ = inGroup")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, markdown := s.inspect(t, test.code, test.detail)
			if test.want != "" {
				require.Equal(t, strings.TrimPrefix(test.want, "-"), got)
			}
			rest := got
			for _, part := range test.has {
				_, after, found := strings.Cut(rest, part)
				require.True(t, found, "no %q in\n%s", part, rest)
				rest = after
			}
			if test.lacks != "" {
				require.NotContains(t, got, test.lacks)
			}
			require.Equal(t, got == "", markdown == "")
		})
	}
}

func TestInspectMarkdown(t *testing.T) {
	s := newSession(t)
	require.NoError(t, s.interpreter.Prepare(context.Background()))
	_, markdown := s.inspect(t, "strings.Spl|it", 0)
	require.True(t, strings.HasPrefix(markdown, "```go\nfunc Split(s, sep string) []string\n```\n\nSplit slices s"), markdown)
	require.Contains(t, markdown, "[SplitN](https://pkg.go.dev/strings#SplitN)")
	require.True(t, strings.HasSuffix(markdown, "\n\n*package strings*"), markdown)
}
