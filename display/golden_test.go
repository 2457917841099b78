package display_test

import (
	"errors"
	"flag"
	"fmt"
	"image"
	"io"
	"math"
	"math/big"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/display"
)

var update = flag.Bool("update", false, "write the golden files anew")

type person struct {
	Name string
	Age  int
	paid float64
}

type job struct {
	name    string
	took    time.Duration
	started time.Time
	mu      sync.Mutex
	done    atomic.Int64
	cost    big.Int
	after   *job
	err     error
	any     any
}

type celsius float64

type weekday int

func (d weekday) String() string { return [...]string{"Monday", "Tuesday"}[d] }

type node struct {
	Value int
	Next  *node
}

type wide struct {
	Alpha, Beta, Gamma, Delta, Epsilon, Zeta string
	Inner                                    person
}

type pair[K comparable, V any] struct {
	Key K
	Val V
}

type secret struct{ word string }

func (s *secret) String() string { return "secret of " + s.word }

func people(n int) []person {
	names := []string{"Ann", "Bob", "Cid", "Dora"}
	list := make([]person, n)
	for i := range list {
		list[i] = person{names[i%len(names)], 20 + i, 100.5 * float64(i)}
	}
	return list
}

func numbers(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func matrix(rows, columns int) [][]float64 {
	m := make([][]float64, rows)
	for i := range m {
		m[i] = make([]float64, columns)
		for j := range m[i] {
			m[i][j] = float64(i) + float64(j)/8
		}
	}
	return m
}

func ring() *node {
	n := &node{Value: 1, Next: &node{Value: 2}}
	n.Next.Next = n
	return n
}

func ptr[T any](v T) *T { return &v }

func aJob() *job {
	j := &job{
		name: "build", took: 1500 * time.Millisecond,
		started: time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC),
		after:   &job{name: "fetch"}, err: io.EOF, any: celsius(21),
	}
	j.done.Store(7)
	j.cost.SetInt64(99)
	j.mu.Lock()
	return j
}

// goldens are values whose text and HTML are kept under testdata/golden.
var goldens = []struct {
	name string
	v    any
}{
	{"nil", nil},
	{"bool", true},
	{"int", 42},
	{"uint8", uint8(7)},
	{"uintptr", uintptr(255)},
	{"float", 0.1 + 0.2},
	{"float whole", 2.0},
	{"float large", 1e6},
	{"float nan", math.NaN()},
	{"float inf", math.Inf(-1)},
	{"complex", complex(1, -2)},
	{"named number", celsius(36.6)},
	{"string", strings.ToUpper("a")},
	{"string empty", ""},
	{"string blank", " \n"},
	{"string lines", "first\nsecond\tx"},
	{"string quotes", `say "hi" <b>`},
	{"string colours", "\x1b[31mred\x1b[0m"},
	{"string control", "a\x00b"},
	{"string invalid", "a\xffb"},
	{"error", fmt.Errorf("open: %w", io.EOF)},
	{"errors joined", errors.Join(io.EOF, io.ErrShortWrite)},
	{"stringer", weekday(1)},
	{"stringer panics", weekday(9)},
	{"stringer nil pointer", (*secret)(nil)},
	{"stringer pointer", &secret{"ours"}},
	{"time", time.Date(2026, 3, 1, 12, 30, 0, 0, time.UTC)},
	{"duration", 90 * time.Second},
	{"big int", new(big.Int).Exp(big.NewInt(2), big.NewInt(100), nil)},
	{"big rat", big.NewRat(1, 3)},
	{"address", netip.MustParseAddr("10.0.0.1")},
	{"func", strings.ToUpper},
	{"func nil", (func(int) error)(nil)},
	{"chan", make(chan int, 3)},
	{"chan nil", (<-chan int)(nil)},
	{"pointer to int", ptr(3)},
	{"pointer to int8", ptr(int8(3))},
	{"pointer to string", ptr("x")},
	{"pointer to pointer", ptr(&person{"Ann", 30, 0})},
	{"pointer nil", (*person)(nil)},
	{"slice nil", []int(nil)},
	{"slice empty", []int{}},
	{"slice ints", []int{1, 2, 3}},
	{"slice strings", []string{"a", "b c", ""}},
	{"slice floats", []float64{1, 2.5, math.Inf(1)}},
	{"slice any", []any{1, int8(1), 1.0, "a", nil, 'a', []int{1}, celsius(3), person{}, (*person)(nil), true}},
	{"slice long", numbers(1000)},
	{"slice filled", numbers(60)},
	{"slice durations", []time.Duration{1, time.Second}},
	{"slice errors", []error{io.EOF, nil, errors.New("two\nlines")}},
	{"slice bytes text", []byte("hello")},
	{"slice bytes binary", []byte{0x89, 'P', 'N', 'G', 0}},
	{"slice bytes long", make([]byte, 1000)},
	{"array", [3]bool{true, false, true}},
	{"array bytes", [4]byte{1, 2, 3, 255}},
	{"array of arrays", [2][2]int{{1, 2}, {3, 4}}},
	{"struct", person{"Ann", 30, 12.5}},
	{"struct pointer", &person{"Ann", 30, 12.5}},
	{"struct empty", struct{}{}},
	{"struct anonymous", struct{ X, Y int }{1, 2}},
	{"struct generic", pair[string, person]{"k", person{"Ann", 30, 1}}},
	{"struct wide", wide{"a", "bb", "ccc", "dddd", "eeeee", "ffffff", person{"Ann", 30, 12.5}}},
	{"struct unexported", aJob()},
	{"struct of std", &sync.Mutex{}},
	{"cycle", ring()},
	{"shared", []*person{people(1)[0:1:1][0].self(), nil}},
	{"slice of structs", people(3)},
	{"slice of structs long", people(1000)},
	{"slice of pointers", []*person{{"Ann", 30, 1}, nil, {"Bob", 31, 2.25}}},
	{"slice of interfaces", []any{person{"Ann", 30, 1}, person{"Bob", 31, 2}}},
	{"slice of stringers", []*secret{{"a"}, {"b"}}},
	{"slice of maps", []map[string]any{{"name": "Ann", "age": 30}, {"name": "Bob", "paid": 1.5, "note": nil}}},
	{"map", map[string]int{"b": 2, "a": 1, "c": 3}},
	{"map nan", map[float64]string{math.NaN(): "x", 1: "y", -1: "z"}},
	{"map any keys", map[any]any{1: "a", "k": 2, [2]int{1, 2}: 3.0}},
	{"map of structs", map[string]person{"x": {"Ann", 30, 1}, "y": {"Bob", 31, 2}}},
	{"map of slices", map[string][]float64{"x": {1, 2}, "y": {3.25}}},
	{"map empty", map[string]int{}},
	{"map nil", map[string]int(nil)},
	{"map long", longMap(500)},
	{"matrix", matrix(3, 4)},
	{"matrix large", matrix(100, 50)},
	{"records", [][]string{{"name", "age"}, {"Ann", "30"}, {"Bob"}}},
	{"text needs escaping", []person{{"<script>alert('x & y')</script>", 1, 0}, {"two\nlines", 2, 0}}},
	{"floats small", []person{{"tiny", 1, 1e-9}, {"big", 2, 3}}},
	{"floats decimals", map[string]float64{"a": 1.0 / 3, "b": 1250000.5, "c": math.NaN()}},
	{"image", image.NewRGBA(image.Rect(5, 5, 8, 7))},
	{"image empty", image.NewGray(image.Rectangle{})},
	{"html", display.HTML("<h1>Title</h1><style>p{}</style><p>one &amp; two</p>")},
	{"html without text", display.HTML("<hr>")},
	{"markdown", display.Markdown("**bold**")},
	{"latex", display.Latex(`$\frac{1}{2}$`)},
	{"svg", display.SVG(`<svg xmlns="http://www.w3.org/2000/svg"/>`)},
	{"json", display.JSON(map[string]any{"a": []int{1, 2}, "b": "<>"})},
	{"json impossible", display.JSON(make(chan int))},
	{"javascript", display.JavaScript("alert(1)")},
	{"text", display.Text("")},
	{"png", display.PNG([]byte("not really"))},
	{"bundle empty", display.Bundle{}},
}

func (p person) self() *person { return &p }

func longMap(n int) map[int]string {
	m := map[int]string{}
	for i := range n {
		m[i] = fmt.Sprint("value ", i)
	}
	return m
}

func TestGolden(t *testing.T) {
	wanted := map[string]bool{}
	for _, g := range goldens {
		file := filepath.Join("testdata", "golden", strings.ReplaceAll(g.name, " ", "_")+".txt")
		require.False(t, wanted[file], "two cases named %s", g.name)
		wanted[file] = true
		t.Run(g.name, func(t *testing.T) {
			compareGolden(t, file, spell(display.Render(g.v)))
		})
	}
	files, err := filepath.Glob("testdata/golden/*.txt")
	require.NoError(t, err)
	require.Len(t, files, len(goldens), "golden files without a case")
}

func compareGolden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "run go test -update, then review the file")
	assert.Equal(t, string(want), got)
}

// spell writes a bundle so that a reviewer can read it.
func spell(b display.Bundle) string {
	var out strings.Builder
	for _, mime := range sortedKeys(b.Data) {
		switch data := b.Data[mime].(type) {
		case []byte:
			fmt.Fprintf(&out, "-- %s --\n%d bytes\n", mime, len(data))
		default:
			fmt.Fprintf(&out, "-- %s --\n%s\n", mime, data)
		}
	}
	for _, mime := range sortedKeys(b.Metadata) {
		fmt.Fprintf(&out, "-- metadata %s --\n%v\n", mime, b.Metadata[mime])
	}
	return out.String()
}
