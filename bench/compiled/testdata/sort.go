package main

import (
	"slices"
	"sort"
)

type person struct {
	name string
	age  int
}

func work() any {
	people := make([]person, 300_000)
	seed := uint32(1)
	for i := range people {
		seed = seed*1664525 + 1013904223
		people[i] = person{string(rune('a' + seed>>27)), int(seed >> 8 % 1000)}
	}
	again := slices.Clone(people)
	sort.Slice(people, func(i, j int) bool { return people[i].age < people[j].age })
	slices.SortFunc(again, func(a, b person) int { return a.age - b.age })
	return people[0].age + again[1000].age
}
