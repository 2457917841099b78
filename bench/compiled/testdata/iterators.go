package main

import (
	"iter"
	"maps"
	"slices"
)

func count(n int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				return
			}
		}
	}
}

func filter[T any](s iter.Seq[T], keep func(T) bool) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range s {
			if keep(v) && !yield(v) {
				return
			}
		}
	}
}

func apply[T, U any](s iter.Seq[T], f func(T) U) iter.Seq[U] {
	return func(yield func(U) bool) {
		for v := range s {
			if !yield(f(v)) {
				return
			}
		}
	}
}

func pairs[T any](a, b iter.Seq[T]) iter.Seq2[T, T] {
	return func(yield func(T, T) bool) {
		next, stop := iter.Pull(b)
		defer stop()
		for x := range a {
			y, ok := next()
			if !ok || !yield(x, y) {
				return
			}
		}
	}
}

func work() any {
	sum := 0
	odd := filter(count(4_000_000), func(n int) bool { return n&1 == 1 })
	for v := range apply(odd, func(n int) int { return n * n % 1009 }) {
		sum += v
	}
	for x, y := range pairs(count(100_000), odd) {
		sum += x ^ y
	}
	seen := maps.Collect(slices.All(slices.Collect(count(200_000))))
	for _, k := range slices.Sorted(maps.Keys(seen)) {
		sum += seen[k] % 7
	}
	return sum
}
