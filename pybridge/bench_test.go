package pybridge_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// What calls, values and arrays cost is measured in bench/pybridge, beside CPython.

// BenchmarkInterrupt measures from the interrupt of a loop to the error in Go.
func BenchmarkInterrupt(b *testing.B) {
	var start time.Time
	require.NoError(b, rt.Set("ready", func() {
		go func() {
			start = time.Now()
			rt.Interrupt()
		}()
	}))
	total := time.Duration(0)
	for b.Loop() {
		onMain(b, func() error {
			if err := rt.Exec("ready()\nwhile True: pass"); err == nil {
				b.Error("not interrupted")
			}
			total += time.Since(start)
			return nil
		})
	}
	b.ReportMetric(float64(total.Microseconds())/float64(b.N), "us/interrupt")
}
