package interpreter

import (
	"go/importer"
	"go/token"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestChecks is about where code looks for an interrupt. A look that is not needed keeps small functions from
// being inlined, and one that is missing makes a cell that cannot be ended.
func TestChecks(t *testing.T) {
	for _, test := range []struct {
		name, source string
		want         []int // of each function
	}{
		{"a leaf", `func f(x int) int { return x * x }`, []int{0}},
		{"a leaf with built-in functions and conversions", `func f(x []int) float64 { return float64(len(append(x, cap(x)))) }`, []int{0}},
		{"calls that end", `func f(x int) int { return g(x) + g(x) }; func g(x int) int { return x }`, []int{0, 0}},
		{"a method that ends", `type T int; func (t T) m() int { return 1 }; func f(t T) int { return t.m() }`, []int{0, 0, 0}},
		{"loops", `func f(x int) { for range x { for x > 0 { x-- } }; for i := 0; i < x; i++ {} }`, []int{3}},
		{"goto", `func f() { a: goto a }`, []int{1}},
		{"recursion", `func f(x int) int { if x == 0 { return 1 }; return f(x - 1) }`, []int{1}},
		{"a ring", `func f(x int) { g(x) }; func g(x int) { h(x) }; func h(x int) { f(x) }; func i() { f(0) }`, []int{1, 1, 1, 0}},
		{"a ring of methods", `type T struct{}; func (t T) a() { t.b() }; func (t *T) b() { t.a() }`, []int{0, 1, 1}},
		{"a ring through a function literal", `func f(x int) { g := func() { f(x - 1) }; g() }`, []int{1}},
		{"a generic ring", `func f[T any](x T) { g[T](x) }; func g[T any](x T) { f(x) }`, []int{1, 1}},
		{"a value", `func f(g func() int) int { return g() }`, []int{1}},
		{"a value in a loop", `func f(g func()) { for range 3 { g() } }`, []int{1}},
		{"a value in the head of a loop", `func f(g func() bool) { for g() { } }`, []int{2}},
		{"a function literal that is called at once", `func f() int { return func() int { return 1 }() }`, []int{0}},
		{"a method of an interface", `type I interface{ m() }; func f(i I) { i.m() }`, []int{0, 1}},
		{"a method of a type parameter", `type I interface{ m() }; func f[T I](x T) { x.m() }`, []int{0, 1}},
		{"range over a function", `func f(seq func(func(int) bool)) { for range seq { } }`, []int{2}},
	} {
		t.Run(test.name, func(t *testing.T) {
			k := &checker{fset: token.NewFileSet(), importer: importer.Default(), packages: newPackages(nil)}
			c, err := parse(k.fset, test.source)
			require.NoError(t, err)
			cc := k.check(c, newNames(), leftOut{})
			require.Empty(t, cc.errs)
			var got []int
			for _, d := range cc.ownDeclarations(1).declarations {
				looks := 0
				for _, e := range d.edits {
					looks += strings.Count(e.text, ".Check();")
				}
				got = append(got, looks)
			}
			assert.Equal(t, test.want, got)
		})
	}
}
