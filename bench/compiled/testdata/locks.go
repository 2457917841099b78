package main

import "sync"

type shard struct {
	sync.Mutex
	counts map[int]int
}

type table struct {
	shards [8]shard
	total  int
	mu     sync.RWMutex
}

func (t *table) add(n int) {
	s := &t.shards[n%len(t.shards)]
	s.Lock()
	defer s.Unlock()
	if s.counts == nil {
		s.counts = map[int]int{}
	}
	s.counts[n]++
}

func (t *table) flush(n int) {
	t.mu.Lock()
	t.total += n
	t.mu.Unlock()
}

func (t *table) over() bool {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.total < 0
}

func work() any {
	var t table
	for range 20 {
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := range 10_000 {
					if t.over() {
						return
					}
					t.add((i*7919 + w) % 1000)
				}
				t.flush(10_000)
			})
		}
		wg.Wait()
	}
	sum := t.total
	for i := range t.shards {
		for n, count := range t.shards[i].counts {
			sum += n * count
		}
	}
	return sum
}
