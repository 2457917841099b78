package main

import "sync"

func work() any {
	jobs, results := make(chan int, 64), make(chan int, 64)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for n := range jobs {
				steps := 0
				for ; n != 1; steps++ {
					if n%2 == 0 {
						n /= 2
					} else {
						n = 3*n + 1
					}
				}
				results <- steps
			}
		})
	}
	go func() {
		for n := range 300_000 {
			jobs <- n + 1
		}
		close(jobs)
		wg.Wait()
		close(results)
	}()
	longest := 0
	for r := range results {
		longest = max(longest, r)
	}
	return longest
}
