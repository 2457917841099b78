package main

// The worst that a loop can be for looks at an interrupt: what is in it takes a third of a nanosecond.

func add(a, b int) int { return a + b*b }

func work() any {
	total := 0
	for i := range 200_000_000 {
		total = add(total, i)
	}
	return total
}
