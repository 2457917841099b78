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
func cut(t *testing.T, marked string) (code string, cursor int) {
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
		require.Equal(t, strings.ToLower(replaced), strings.ToLower(item.Text[:len(replaced)]), "%q does not begin with what it replaces", item.Text)
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

func newEditorSession(t *testing.T) *session {
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
		want       string // all of them
		has, lacks string // some of them
	}{
		{name: "member of a package", code: "strings.TrimPre|", want: "TrimPrefix"},
		{name: "member of a session variable", code: "origin.|", want: "next x y move sum"},
		{name: "locals", code: "func f(alpha int) {\n\talps := 1\n\tal|\n}", want: "alps alpha"},
		{name: "import path", code: "import \"encoding/js|\"", want: "encoding/json"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			start := time.Now()
			got := texts(s.complete(t, test.code))
			t.Log(time.Since(start), got)
			if test.want != "" {
				require.Equal(t, strings.Fields(test.want), got)
			}
		})
	}
}
