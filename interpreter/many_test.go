package interpreter_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// hazardManyCells uses values, methods and closures of many cells together: stacks that lead through all of
// them grow, are collected and unwound by a panic. BenchmarkManyCells has a thousand.
func hazardManyCells(t *testing.T) {
	const cells = 25
	s := newSession(t)
	s.must(`type step interface{ take(n int, rest []step) int }
steps := []step{}
call := func(n int) int { return steps[0].take(n, steps[1:]) }`)
	for n := range cells {
		s.must(fmt.Sprintf(`type t%[1]d struct{ p *int }
func (t t%[1]d) take(n int, rest []step) int {
	var pad [64]int
	pad[n%%64] = *t.p
	switch {
	case len(rest) > 0:
		return rest[0].take(n, rest[1:]) + pad[n%%64]
	case n > 0:
		return call(n-1) + pad[n%%64]
	}
	runtime.GC()
	panic("bottom")
}
one%[1]d := 1
steps = append(steps, t%[1]d{&one%[1]d})`, n))
	}
	s.must(`func recovered(n int) (v any) {
	defer func() { v = recover() }()
	return call(n)
}`)
	require.Equal(t, "[bottom]\n", s.must(`func() any {
	done := make(chan any)
	go func() { done <- recovered(200) }()
	return <-done
}()`))
	_, failed := s.run(`call(3)`)
	require.Equal(t, "panic", failed.Name)
	require.Equal(t, "[true]\n", s.must(`one0 == 1 && *steps[7].(t7).p == 1`))
}
