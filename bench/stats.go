package main

import (
	"math"
	"slices"
)

// quantile gives the value below which a part q of the samples lies, by the nearest rank: one of
// the samples, not a mean of two that was never measured. It is NaN without samples.
func quantile(samples []float64, q float64) float64 {
	if len(samples) == 0 {
		return math.NaN()
	}
	sorted := slices.Sorted(slices.Values(samples))
	rank := int(math.Ceil(q * float64(len(sorted))))
	return sorted[min(max(rank, 1), len(sorted))-1]
}

func median(samples []float64) float64 { return quantile(samples, 0.5) }

// withoutFirst drops the first sample of a series, which pays for what the others find ready.
func withoutFirst(samples []float64) []float64 {
	if len(samples) == 0 {
		return nil
	}
	return samples[1:]
}

// ratio compares with the first kernel. It is NaN where there is nothing to compare.
func ratio(value, first float64) float64 {
	if first == 0 {
		return math.NaN()
	}
	return value / first
}
