package cell

import (
	"fmt"
	"os"
	"runtime/metrics"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A usage is what the process has used up to a moment.
type usage struct {
	wall           time.Time
	cpu            time.Duration
	bytes, objects uint64 // allocated
}

// StartTimer begins to measure: what %time stands before, or all of a cell with %%time.
func (r *Run) StartTimer() {
	u := used()
	r.timed = &u
}

// StopTimer prints what was used since StartTimer, if that has not been done.
func (r *Run) StopTimer() {
	if r.timed == nil {
		return
	}
	now, since := used(), r.timed
	r.timed = nil
	fmt.Fprintf(os.Stdout, "wall %s, CPU %s, allocated %s in %d\n",
		rounded(now.wall.Sub(since.wall)), rounded(now.cpu-since.cpu), size(now.bytes-since.bytes), now.objects-since.objects)
}

// used reads the clocks last, and what was allocated without stopping the world.
func used() usage {
	allocated := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}, {Name: "/gc/heap/allocs:objects"}}
	metrics.Read(allocated)
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails for arguments that are not these
	return usage{
		cpu:   time.Duration(u.Utime.Nano() + u.Stime.Nano()),
		bytes: allocated[0].Value.Uint64(), objects: allocated[1].Value.Uint64(),
		wall: time.Now(),
	}
}

// rounded keeps three digits, more than a measurement is worth.
func rounded(d time.Duration) time.Duration {
	unit := time.Duration(1)
	for d/unit >= 1000 {
		unit *= 10
	}
	return d.Round(unit)
}

// size is a number of bytes as people read it.
func size(bytes uint64) string {
	const step = 1000
	if bytes < step {
		return fmt.Sprintf("%d B", bytes)
	}
	value, unit := float64(bytes), -1
	for ; value >= step; unit++ {
		value /= step
	}
	return fmt.Sprintf("%.3g %cB", value, "kMGTPE"[unit])
}

// Timeit measures what %timeit stands before, as go test measures a benchmark, and prints the result as
// that does.
func Timeit(benchmark func(*testing.B)) {
	r := testing.Benchmark(benchmark)
	Check()
	fmt.Fprintln(os.Stdout, strings.TrimSpace(r.String())+"\t"+r.MemString())
}
