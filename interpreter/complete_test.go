package interpreter_test

import (
	"context"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// cut finds the cursor in a text, where it is written as |. It is given in code points.
func cut(t testing.TB, marked string) (code string, cursor int) {
	t.Helper()
	before, after, found := strings.Cut(marked, "|")
	require.True(t, found, "no cursor in %q", marked)
	return before + after, utf8.RuneCountInString(before)
}

// complete completes what stands before the |, and checks that it is what would be replaced.
func (s *session) complete(t *testing.T, marked string) interpreter.Completion {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	code, cursor := cut(t, marked)
	found, err := s.interpreter.Complete(ctx, code, cursor)
	require.NoError(t, err)
	require.Equal(t, cursor, found.End)
	replaced := string([]rune(code)[found.Start:found.End])
	for _, item := range found.Items {
		require.Contains(t, strings.ToLower(item.Text), strings.ToLower(replaced))
		require.NotEmpty(t, item.Kind, "of %s", item.Text)
		require.NotContains(t, item.Signature+item.Text, "ǃ")
	}
	return found
}

func texts(c interpreter.Completion) []string {
	list := []string{}
	for _, item := range c.Items {
		list = append(list, item.Text)
	}
	return list
}

// setUp are the cells that the tests of completion and inspection start with.
var setUp = []string{`
// point is a place in the plane.
type point struct {
	// x counts to the right.
	x, y int
	next *point // in the chain
}

// sum adds the coordinates.
func (p point) sum() int { return p.x + p.y }

// move shifts the point.
func (p *point) move(dx, dy int) { p.x += dx; p.y += dy }

// add returns the sum of two numbers.
func add(a, b int) int {
	return a + b
}

// Numbers of wheels.
const (
	oneWheel = iota + 1 // unicycle
	twoWheels
)
`, `
origin := point{}
// total is what was counted so far.
total := 0
names := []string{"ada", "grace"}
start := time.Now()
`, `
type base struct {
	ID      int
	hidden_ string
}
func (b *base) Touch() {}
func (b base) Name() string { return "" }
type Stack[T any] struct{ items []T }
func (s *Stack[T]) Push(x T) { s.items = append(s.items, x) }
func (s Stack[T]) Top() (x T) { return s.items[len(s.items)-1] }
type user struct {
	base
	*point
	Email string
	Stack[string]
}
type shape interface{ area() float64; perimeter() float64 }
func mapAll[T, U any](list []T, f func(T) U) []U { return nil }
ada := user{}
`, `
import str "strings"
import . "math"
rest := str.Fields("a b")
_ = Pi
`}

func newEditorSession(t testing.TB) *session {
	t.Helper()
	s := newSession(t)
	for _, cell := range setUp {
		s.must(cell)
	}
	return s
}

func TestComplete(t *testing.T) {
	s := newEditorSession(t)
	tests := []struct {
		name, code string
		want       string // all of them, where not empty; nothing is written as -
		has, lacks string // some of them
	}{
		{name: "packages: member", code: "strings.TrimPre|", want: "TrimPrefix"},
		{name: "packages: all members", code: "strings.|", has: "Split Builder NewReader", lacks: "explode asciiSpace len for"},
		{name: "packages: constants and variables", code: "os.Std|", want: "Stderr Stdin Stdout"},
		{name: "packages: other case", code: "strings.trimpre|", want: "TrimPrefix"},
		{name: "packages: nothing like it", code: "strings.Nope|", want: "-"},
		{name: "packages: no such package", code: "nowhere.|", want: "-"},
		{name: "packages: name", code: "string|", has: "string strings"},
		{name: "packages: name that is not imported", code: "x := bufi|", want: "bufio"},
		{name: "packages: one name for two", code: "rand.Int|", has: "Int IntN Intn"},
		{name: "packages: of two, the one with the other members", code: "k := rand.Text()\nrand.|", has: "Reader Text", lacks: "Intn"},
		{name: "packages: of two, the one that is imported", code: "import \"crypto/rand\"\nrand.|", has: "Reader Text", lacks: "Intn"},
		{name: "packages: imported under another name here", code: "import enc \"encoding/json\"\nenc.Mar|", want: "Marshal MarshalIndent Marshaler MarshalerError"},
		{name: "packages: imported under another name earlier", code: "str.TrimPre|", want: "TrimPrefix"},
		{name: "packages: with a dot", code: "import . \"strings\"\nTrimPre|", want: "TrimPrefix"},
		{name: "packages: with a dot earlier", code: "Sqr|", has: "Sqrt", lacks: "sqrt"},
		{name: "packages: shadowed by a local", code: "func f(strings []int) {\n\tstrings.|\n}", want: "-"},
		{name: "packages: in the middle of a name", code: "strings.Trim|Prefix(a, b)", has: "Trim TrimPrefix TrimSpace"},
		{name: "packages: before a name", code: "strings.|TrimPrefix(a, b)", has: "Split TrimSpace"},

		{name: "imports: path", code: "import \"encoding/x|\"", want: "encoding/xml"},
		{name: "imports: path without end", code: "import \"encoding/x|\nx := 1", want: "encoding/xml"},
		{name: "imports: in a group", code: "import (\n\t\"fmt\"\n\tj \"encoding/x|\"\n)", want: "encoding/xml"},
		{name: "imports: in a group without end", code: "import (\n\t\"fmt\"\n\t\"net/htt|", has: "net/http net/http/httptest"},
		{name: "imports: all", code: "import \"|\"", has: "fmt net/http github.com/gopy-kernel/gopy-kernel/display", lacks: "internal/abi runtime/race"},
		{name: "imports: last element", code: "import \"scann|\"", want: "go/scanner text/scanner"},
		{name: "imports: name", code: "import s|", want: "-"},
		{name: "imports: no import", code: "x := \"encoding/j|\"", want: "-"},

		{name: "session: variable", code: "origi|", want: "origin"},
		{name: "session: function", code: "y := ad|", want: "ada add adler32"},
		{name: "session: constants", code: "twoW|", want: "twoWheels"},
		{name: "session: type", code: "var p poi|", want: "point"},
		{name: "session: all kinds", code: "|", has: "origin add point oneWheel user shape mapAll"},
		{name: "session: members of a variable", code: "origin.|", want: "move next sum x y"},
		{name: "session: members of members", code: "origin.next.next.|", want: "move next sum x y"},
		{name: "session: members of a result", code: "mapAll(names, strings.NewReader)[0].Read|", has: "Read ReadByte ReadRune"},
		{name: "session: methods of a pointer", code: "(&origin).mo|", want: "move"},
		{name: "session: no pointer methods of what has no address", code: "point{}.|", want: "next sum x y"},
		{name: "session: methods of a type", code: "point.|", want: "sum"},
		{name: "session: methods of a pointer type", code: "(*point).|", want: "move sum"},
		{name: "session: promoted", code: "ada.|", has: "ID Name Touch hidden_ x y sum move Email Push Top items base point Stack"},
		{name: "session: promoted through two packages", code: "struct{*http.Request}{}.URL.Hos|", want: "Host Hostname"},
		{name: "session: not exported", code: "http.DefaultClient.|", has: "Get Do Timeout", lacks: "deadline do"},
		{name: "session: interface", code: "func f(s shape) { s.| }", want: "area perimeter"},
		{name: "session: error", code: "var err error\nerr.|", want: "Error"},
		{name: "session: generic type", code: "ada.Stack.Top().|", want: "-"},
		{name: "session: instance", code: "(&Stack[point]{}).Top().s|", want: "sum"},
		{name: "session: method of a type of an earlier cell", code: "func (p *point) late() { p.|", want: "late move next sum x y"},
		{name: "session: type that is declared anew", code: "type point struct{ z int }\nvar p point\np.|", want: "z"},
		{name: "session: function that is declared anew", code: "func add() time.Time { return time.Now() }\nadd().Ye|", want: "Year YearDay"},
		{name: "session: redeclared in the cell", code: "origin := \"text\"\norigin.|", want: "-"},
		{name: "session: before it is redeclared in the cell", code: "start.Ye|\nstart := \"text\"", want: "Year YearDay"},

		{name: "cell: variable", code: "width := 3\nwid|", want: "width"},
		{name: "cell: variable of a call", code: "q, r := divide(1)\nbuilder := &strings.Builder{}\nbuilder.Gr|", want: "Grow"},
		{name: "cell: not yet declared", code: "wid|\nwidth := 3", want: "-"},
		{name: "cell: not in its own declaration", code: "width := wid|", want: "-"},
		{name: "cell: in a function, what comes later", code: "func f() { wid| }\nwidth := 3", want: "width"},
		{name: "cell: version before the cursor", code: "v := 1\nv := \"a\"\nv := time.Now()\nv.Ye|\nv := 2", want: "Year YearDay"},
		{name: "cell: function", code: "func widen() {}\nwid|", want: "widen"},
		{name: "cell: function declared later", code: "wid|\nfunc widen() {}", want: "widen"},
		{name: "cell: type declared later", code: "var x wid|\ntype width int", want: "width"},
		{name: "cell: methods declared later", code: "type T struct{ a int }\nt := T{}\nt.|\nfunc (t T) late() {}\nfunc (t *T) later() {}", want: "a late later"},
		{name: "cell: type with a method declared later", code: "t.|\nvar t T\ntype T struct{ a int }\nfunc (t T) late() {}", want: "a late"},
		{name: "cell: program", code: "package main\n\nimport \"fmt\"\n\nfunc main() {\n\tfmt.Printl|\n}", want: "Println"},

		{name: "locals: parameters and variables", code: "func f(alpha int) {\n\talps := 1\n\tal|\n}", want: "alpha alps"},
		{name: "locals: results", code: "func f() (amount int) {\n\tamo|\n\treturn\n}", want: "amount"},
		{name: "locals: receiver", code: "type T struct{ abc int }\nfunc (self *T) f() { self.a| }", want: "abc"},
		{name: "locals: not of other functions", code: "func f(alpha int) {}\nfunc g() { alp| }", want: "-"},
		{name: "locals: not yet declared", code: "func f() {\n\talp|\n\talpha := 1\n}", want: "-"},
		{name: "locals: innermost first", code: "func f() {\n\tab1 := 1\n\t{\n\t\tab2 := 2\n\t\tab|\n\t}\n}", want: "ab2 ab1"},
		{name: "locals: not of a block that ended", code: "func f() {\n\t{\n\t\tabc := 1\n\t}\n\tab|\n}", want: "Abs"},
		{name: "locals: shadowing", code: "func f(v int) {\n\tif v := time.Now(); true {\n\t\tv.Yea|\n\t}\n}", want: "Year YearDay"},
		{name: "locals: shadow of a session variable", code: "func f(origin time.Time) { origin.Yea| }", want: "Year YearDay"},
		{name: "locals: for", code: "for index := 0; index < 3; ind|", want: "index"},
		{name: "locals: range", code: "for _, place := range []point{} {\n\tplace.su|\n}", want: "sum"},
		{name: "locals: range over a session variable", code: "for _, name := range names {\n\tnam|\n}", want: "name names"},
		{name: "locals: switch on a type", code: "var v any\nswitch w := v.(type) {\ncase point:\n\tw.su|\ncase string:\n}", want: "sum"},
		{name: "locals: select", code: "c := make(chan point)\nselect {\ncase got := <-c:\n\tgot.su|\n}", want: "sum"},
		{name: "locals: closure", code: "outer := 1\nf := func(inner point) int {\n\tinnermost := inner\n\tinn|\n}", want: "inner innermost"},
		{name: "locals: around a closure", code: "func g(outer point) {\n\tf := func() {\n\t\touter.su|\n\t}\n}", want: "sum"},
		{name: "locals: closure as an argument", code: "slices.SortFunc(names, func(left, right string) int { return cmp.Compare(lef|", want: "left"},
		{name: "locals: closure of a method chain", code: "http.HandleFunc(\"/\", func(w http.ResponseWriter, r *http.Request) {\n\tr.URL.Pat|\n})", want: "Path"},
		{name: "locals: type parameters", code: "func f[Elem any](list []Elem) { var x El| }", want: "Elem"},
		{name: "locals: of a constraint", code: "func f[E interface{ Area() int }](e E) { e.| }", want: "Area"},
		{name: "locals: types", code: "func f() {\n\ttype inside struct{ abc int }\n\tvar i inside\n\ti.|\n}", want: "abc"},
		{name: "locals: constants", code: "func f() {\n\tconst answer = 42\n\tans|\n}", want: "answer"},

		{name: "fields: all", code: "p := point{|}", has: "x y next origin"},
		{name: "fields: first is first", code: "http.Cookie{MaxA|}", want: "MaxAge"},
		{name: "fields: not given yet", code: "point{x: 1, |}", want: "y next"},
		{name: "fields: between others", code: "point{x: 1, |, y: 2}", want: "next"},
		{name: "fields: before others", code: "point{|, y: 2}", want: "x next"},
		{name: "fields: key of one that is there", code: "point{x|: 1}", want: "x"},
		{name: "fields: without end", code: "p := point{x: 1, n|", want: "next"},
		{name: "fields: over several lines", code: "p := point{\n\tx: 1,\n\t|\n}", want: "y next"},
		{name: "fields: over several lines without end", code: "p := &point{\n\tx: 1,\n\tne|\nz := 1", want: "next"},
		{name: "fields: by position", code: "point{1, na|}", want: "names"},
		{name: "fields: value", code: "point{x: orig|}", want: "origin"},
		{name: "fields: not exported", code: "http.Client{|", has: "Timeout Jar", lacks: "deadline"},
		{name: "fields: not exported, from elsewhere", code: "strings.Builder{bu|", lacks: "buf"},
		{name: "fields: embedded", code: "user{|Email: \"\"}", has: "base point Stack"},
		{name: "fields: element of a slice", code: "[]point{{x: 1}, {ne|}}", has: "next new"},
		{name: "fields: element of a slice of pointers", code: "[]*point{{x: 1, n|}}", want: "next"},
		{name: "fields: element of a map", code: "map[string]point{\"a\": {x: 1, n|}}", want: "next"},
		{name: "fields: anonymous struct", code: "struct{ alpha, beta int }{alpha: 1, |}", want: "beta"},
		{name: "fields: nested", code: "point{next: &point{x: 1, n|}}", want: "next"},
		{name: "fields: key of a map", code: "map[string]int{nam|: 1}", want: "names"},
		{name: "fields: argument", code: "fmt.Println(point{x: 1, n|", want: "next"},

		{name: "types: parameter", code: "func f(a poi|", want: "point"},
		{name: "types: no values", code: "func f(a |) {}", has: "point int error strings map", lacks: "origin add nil append for"},
		{name: "types: result", code: "func f() (poi|", want: "point"},
		{name: "types: after var", code: "var total2 in|", has: "int int64 interface"},
		{name: "types: field", code: "type T struct {\n\ta poi|\n}", want: "point"},
		{name: "types: of a package", code: "var b strings.Bui|", want: "Builder"},
		{name: "types: element", code: "x := []poi|", want: "point"},
		{name: "types: pointer", code: "var x *poi|", want: "point"},
		{name: "types: pointer in an expression", code: "x := *orig|", want: "origin"},
		{name: "types: map", code: "var m map[string]poi|", want: "point"},
		{name: "types: assertion", code: "var v any\nw := v.(poi|", want: "point"},
		{name: "types: make", code: "make(map|", want: "map maphash maps"},
		{name: "types: case", code: "var v any\nswitch v.(type) {\ncase poi|", want: "point"},
		{name: "types: argument", code: "mapAll[poi|", want: "point"},

		{name: "labels: goto", code: "again:\nx := 1\ngoto aga|", want: "again"},
		{name: "labels: break", code: "outer:\nfor {\n\tfor {\n\t\tbreak o|\n\t}\n}\nother:\n", want: "outer"},
		{name: "labels: continue in a function", code: "func f() {\nouter:\n\tfor {\n\t\tcontinue |\n\t}\n}", want: "outer"},
		{name: "labels: not of another function", code: "func f() {\nouter:\n\tfor {\n\t}\n}\nfunc g() { goto ou| }", want: "-"},

		{name: "keywords: statement", code: "func f() {\n\tret|\n}", want: "return"},
		{name: "keywords: top", code: "impo|", want: "import importer"},
		{name: "keywords: not in a function", code: "func f() {\n\timpo|\n}", want: "importer"},
		{name: "keywords: not in an expression", code: "x := ret|", want: "-"},
		{name: "keywords: in an expression", code: "x := fun|", want: "func"},
		{name: "keywords: whole", code: "for|", has: "for"},
		{name: "keywords: range", code: "for i, x := ran|", has: "range"},
		{name: "keywords: range alone", code: "for ran|", has: "range"},
		{name: "keywords: no range", code: "x := rang|", want: "-"},
		{name: "keywords: break and continue", code: "for {\n\tif true {\n\t\t|\n\t}\n}", has: "break continue", lacks: "fallthrough case"},
		{name: "keywords: no break", code: "if true {\n\tbrea|\n}", want: "-"},
		{name: "keywords: first case", code: "switch origin.x {\n\t|\n}", want: "case default"},
		{name: "keywords: first case, in part", code: "select {\nca|\n}", want: "case"},
		{name: "keywords: next case", code: "switch 1 {\ncase 1:\n\tadd(1, 2)\n\tca|\n}", has: "case"},
		{name: "keywords: fallthrough", code: "switch 1 {\ncase 1:\n\tfall|\n}", want: "fallthrough"},
		{name: "keywords: else", code: "if true {\n} el|", want: "else"},
		{name: "keywords: else, all", code: "if true {\n} |", want: "else"},
		{name: "predeclared: functions", code: "appe|", want: "append"},
		{name: "predeclared: constants", code: "x := tru|", want: "true"},

		{name: "statements: go", code: "go orig|", want: "origin"},
		{name: "statements: go with a method", code: "go origin.mo|", want: "move"},
		{name: "statements: defer", code: "func f() {\n\tdefer origin.mo|\n}", want: "move"},
		{name: "statements: defer with a call", code: "defer origin.mo|(1, 2)", want: "move"},
		{name: "statements: send", code: "c := make(chan int)\nc <- origin.su|", want: "sum"},
		{name: "statements: index", code: "names[origin.su|", want: "sum"},
		{name: "statements: slice", code: "names[1:origin.su|]", want: "sum"},
		{name: "statements: defined again", code: "func f() {\n\terr, alpha := g()\n\tbeta, al| := g()\n}", want: "alpha"},
		{name: "statements: new name", code: "func orig|", want: "-"},
		{name: "statements: new name of a variable", code: "var orig| int", want: "-"},

		{name: "broken: unclosed call", code: "fmt.Println(origin.su|\ny := 2", want: "sum"},
		{name: "broken: unclosed call in a function", code: "func f() {\n\tg(origin.su|\n\ty := 2\n}\nfunc g() {}", want: "sum"},
		{name: "broken: later declarations are known", code: "func f() {\n\tif true {\n\t\twid|\n\nfunc widen() {}", want: "widen"},
		{name: "broken: if", code: "if origin.su|", want: "sum"},
		{name: "broken: if with statements after it", code: "if origin.su|\nx := 1\n", want: "sum"},
		{name: "broken: for", code: "for i := 0; i < origin.su|", want: "sum"},
		{name: "broken: range", code: "for _, x := range origin.ne|\nx := 1\n", want: "next"},
		{name: "broken: switch", code: "switch origin.|", has: "sum"},
		{name: "broken: case", code: "switch 1 {\ncase origin.su|", want: "sum"},
		{name: "broken: return", code: "func f() int { return origin.su|", want: "sum"},
		{name: "broken: string in another line", code: "x := \"abc\norigin.su|", want: "sum"},
		{name: "broken: rune in another line", code: "x := 'abc\norigin.su|", want: "sum"},
		{name: "broken: number in another line", code: "x := 0x\norigin.su|", want: "sum"},
		{name: "broken: character in another line", code: "x := #!?$\norigin.su|", want: "sum"},
		{name: "broken: comment without end", code: "origin.su| /* to do", want: "sum"},
		{name: "broken: raw string without end", code: "origin.su|\nx := `abc", want: "sum"},
		{name: "broken: closing brackets", code: "}})]\norigin.su|", want: "sum"},
		{name: "broken: wrong brackets", code: "f(a]\ng{x)\norigin.su|", want: "sum"},
		{name: "broken: selector in another line", code: "x := origin.\nfunc f() {}\nnames2 := origin.su|", want: "sum"},
		{name: "broken: statement in another line", code: "x y z\nif x y\nlocal := origin\nlocal.su|", want: "sum"},
		{name: "broken: prose", code: strings.Repeat("this is not Go, is it?\n", 20) + "local := origin\nlocal.su|", want: "sum"},
		{name: "broken: prose after it", code: "local := origin\nlocal.su|\n" + strings.Repeat("this is not Go, is it?\n", 20), want: "sum"},
		{name: "broken: else without if", code: "else { origin.su| }", want: "sum"},
		{name: "broken: argument of an unknown function", code: "nowhere(origin.su|", want: "sum"},
		{name: "broken: too many arguments", code: "add(1, 2, 3, origin.su|)", want: "sum"},
		{name: "broken: undefined operand", code: "x := nowhere + origin.su|", want: "sum"},
		{name: "broken: types that do not fit", code: "var s string = origin.su|", want: "sum"},
		{name: "broken: directive", code: "//line x:0\norigin.su|", want: "sum"},
		{name: "broken: brackets without end", code: strings.Repeat("(", 2000) + "origin.su|", want: "sum"},
		{name: "broken: not utf-8", code: "s := \"\xff\"\norigin.su|", want: "sum"},
		{name: "broken: line ends of another system", code: "local := origin\r\nlocal.su|\r\nx := `a\r\nb`", want: "sum"},
		{name: "broken: operator at the end of the line before", code: "x := 1 +\norigin.su|", want: "sum"},
		{name: "broken: selected over lines", code: "x := origin.\n\tnext.\n\tsu|", want: "sum"},
		{name: "broken: two operands", code: "origin ori|", want: "origin"},

		{name: "elsewhere: comment", code: "// orig|", want: "-"},
		{name: "elsewhere: comment with an end", code: "/* orig| */", want: "-"},
		{name: "elsewhere: after a comment", code: "/* x */orig|", want: "origin"},
		{name: "elsewhere: string", code: "x := \"orig|\"", want: "-"},
		{name: "elsewhere: string without end", code: "x := \"a\\\"orig|", want: "-"},
		{name: "elsewhere: raw string", code: "x := `\norig|\n`", want: "-"},
		{name: "elsewhere: after a string", code: "x := \"a\"+orig|", want: "origin"},
		{name: "elsewhere: rune", code: "x := 'o|'", want: "-"},
		{name: "elsewhere: number", code: "x := 1.|", want: "-"},
		{name: "elsewhere: after an operand", code: "x := origin |", want: "-"},
		{name: "elsewhere: magic", code: "%cd orig|", want: "-"},
		{name: "magic", code: "%ti|", want: "%time %timeit"},
		{name: "magic on a later line", code: "x := 1\n  %rest|", want: "%restart"},
		{name: "in a question", code: "?strings.SplitA|", has: "SplitAfter SplitAfterN"},
		{name: "before a question mark", code: "strings.SplitA|?", has: "SplitAfter SplitAfterN"},
		{name: "sign of a magic", code: "x := 10\n%|", has: "%bench %who", lacks: "x %main"},
		{name: "cell magic", code: "%%pyt|", want: "%%python"},
		{name: "no cell magic later", code: "x := 1\n%%pyt|", want: "-"},
		{name: "behind a magic", code: "%time orig|", want: "origin"},
		{name: "elsewhere: shell", code: "!ls orig|", want: "-"},
		{name: "elsewhere: cell magic", code: "%%bash\norig|", want: "-"},
		{name: "elsewhere: after a magic", code: "%pip install 'x\n!echo \"\norig|", want: "origin"},
		{name: "elsewhere: among shell lines", code: "!echo '\n" + "origin.su|\n!echo \"\n", want: "sum"},
		{name: "elsewhere: remainder", code: "x := 5 %\norig|", want: "origin"},

		{name: "offsets: astral plane", code: "s := \"😀😀\" // 𝔊𝔬\norigin.su|", want: "sum"},
		{name: "offsets: astral letters in names", code: "𝔊𝔬𝔭 := origin\n𝔊𝔬𝔭.su|", want: "sum"},
		{name: "offsets: name with astral letters", code: "𝔊𝔬𝔭 := origin\n/* 😀 */ 𝔊𝔬|", want: "𝔊𝔬𝔭"},
		{name: "offsets: path", code: "/* 😀 */ import \"encoding/x|\"", want: "encoding/xml"},
		{name: "offsets: nothing", code: "|", has: "origin"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := texts(s.complete(t, test.code))
			if test.want != "" {
				require.Equal(t, strings.Fields(strings.TrimPrefix(test.want, "-")), got)
			}
			for _, text := range strings.Fields(test.has) {
				require.Contains(t, got, text)
			}
			for _, text := range strings.Fields(test.lacks) {
				require.NotContains(t, got, text)
			}
		})
	}
}

// TestCompletionItems looks at what a completion says of a match.
func TestCompletionItems(t *testing.T) {
	s := newEditorSession(t)
	tests := []struct{ name, code, text, kind, signature string }{
		{"package function", "strings.Cut|", "Cut", "function", "func Cut(s, sep string) (before, after string, found bool)"},
		{"generic function", "slices.Inde|", "Index", "function", "func Index[S ~[]E, E comparable](s S, v E) int"},
		{"package type", "strings.Buil|", "Builder", "type", "type Builder struct"},
		{"package variable", "os.Args|", "Args", "variable", "var Args []string"},
		{"package constant", "math.MaxInt8|", "MaxInt8", "constant", "const MaxInt8 = 127"},
		{"constant of a type", "time.Satur|", "Saturday", "constant", "const Saturday time.Weekday = 6"},
		{"method", "ada.Tou|", "Touch", "method", "func (b *base) Touch()"},
		{"method of an instance", "ada.Pus|", "Push", "method", "func (s *Stack[string]) Push(x string)"},
		{"field", "origin.ne|", "next", "field", "field next *point"},
		{"session function", "add|", "add", "function", "func add(a, b int) int"},
		{"generic session function", "mapA|", "mapAll", "function", "func mapAll[T, U any](list []T, f func(T) U) []U"},
		{"session variable", "names|", "names", "variable", "var names []string"},
		{"session type", "poin|", "point", "type", "type point struct"},
		{"generic session type", "Stac|", "Stack", "type", "type Stack[T any] struct"},
		{"session interface", "shap|", "shape", "type", "type shape interface"},
		{"session constant", "twoW|", "twoWheels", "constant", "const twoWheels = 2"},
		{"local", "func f(list map[string]*point) { lis|", "list", "variable", "var list map[string]*point"},
		{"function of the cell", "func wide(x ...int) error { return nil }\nwid|", "wide", "function", "func wide(x ...int) error"},
		{"package", "strings|", "strings", "module", `package strings ("strings")`},
		{"package that is imported", "str|", "str", "module", `package str ("strings")`},
		{"path", "import \"encoding/js|\"", "encoding/json", "module", `import "encoding/json"`},
		{"predeclared function", "appen|", "append", "function", "func append(slice []Type, elems ...Type) []Type"},
		{"predeclared type", "var x float6|", "float64", "type", "type float64"},
		{"predeclared constant", "x := tru|", "true", "constant", "const true = true"},
		{"nil", "x = ni|", "nil", "constant", "nil"},
		{"keyword", "fallt|", "", "", ""},
		{"keyword of a statement", "swit|", "switch", "keyword", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := s.complete(t, test.code)
			if test.text == "" {
				require.Empty(t, found.Items)
				return
			}
			require.NotEmpty(t, found.Items)
			require.Equal(t, interpreter.CompletionItem{Text: test.text, Kind: test.kind, Signature: test.signature}, found.Items[0])
		})
	}
}

// TestCompletionOrder lists what is nearest first.
func TestCompletionOrder(t *testing.T) {
	s := newEditorSession(t)
	s.must("so1 := 1\nimport so5 \"sort\"\n_ = so5.Ints")
	code := "func so2() {}\nfunc f(so4 int) {\n\tif so3 := 1; true {\n\t\tso|\n\t}\n}"
	require.Equal(t, []string{"so3", "so4", "so2", "so1", "so5", "sort"}, texts(s.complete(t, code)))
	code = "func f(g int) {\n\tg|\n}"
	require.Equal(t, []string{"g", "go", "goto", "gif", "gob", "gosym", "gzip"}, texts(s.complete(t, code)))
}
