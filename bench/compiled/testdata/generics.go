package main

type number interface{ ~int | ~float64 }

type tree[K number, V any] struct {
	left, right *tree[K, V]
	key         K
	value       V
}

func (t *tree[K, V]) insert(key K, value V) *tree[K, V] {
	if t == nil {
		return &tree[K, V]{key: key, value: value}
	}
	switch {
	case key < t.key:
		t.left = t.left.insert(key, value)
	case key > t.key:
		t.right = t.right.insert(key, value)
	default:
		t.value = value
	}
	return t
}

func sum[T number](list []T, f func(T) T) (total T) {
	for _, v := range list {
		total += f(v)
	}
	return total
}

func work() any {
	var t *tree[int, string]
	seed := uint32(7)
	var keys []float64
	for range 200_000 {
		seed = seed*1664525 + 1013904223
		t = t.insert(int(seed>>12), "value")
		keys = append(keys, float64(seed))
	}
	total := 0.0
	for range 50 {
		total += sum(keys, func(v float64) float64 { return v / 2 })
	}
	return total
}
