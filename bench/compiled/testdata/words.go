package main

import (
	"fmt"
	"strings"
)

func count(text string) map[string]int {
	counts := map[string]int{}
	for _, word := range strings.Fields(text) {
		counts[strings.ToLower(word)]++
	}
	return counts
}

func work() any {
	var b strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&b, "Word%d and the other ", i*i%5000)
	}
	return len(count(b.String()))
}
