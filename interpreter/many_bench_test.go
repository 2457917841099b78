package interpreter_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// probes are what gets slower where the runtime has to look for the module of a function among many:
// a stack that grows, panics, a collection with a deep stack. Each is told in nanoseconds. The first cell
// of the session declares them, and the last runs their text anew, so both ends of the list are seen.
const probes = `
func deep(n int, at func()) int {
	var pad [8]int
	if n == 0 {
		at()
		return 0
	}
	pad[n%8] = deep(n-1, at)
	return pad[n%8] + 1
}

func timed(f func()) int64 {
	best := time.Duration(1 << 62)
	for range 5 {
		done := make(chan time.Duration)
		go func() {
			began := time.Now()
			f()
			done <- time.Since(began)
		}()
		best = min(best, <-done)
	}
	return int64(best)
}

func panics(n int) {
	for range n {
		func() {
			defer func() { recover() }()
			panic("x")
		}()
	}
}

func collect() { deep(50_000, runtime.GC) }

func probe() map[string]int64 {
	times := map[string]int64{}
	times["stack"] = timed(func() { deep(50_000, func() {}) })
	times["panic"] = timed(func() { panics(1000) })
	times["gc"] = timed(collect)
	return times
}
`

// BenchmarkManyCells runs a thousand distinct cells in one session, each with a type, methods, a function
// and a closure that stays, and tells how much the worker has grown by them and how much slower the
// probes are than before them: with code of the newest cell, and with code of the first.
func BenchmarkManyCells(b *testing.B) {
	const cells = 1000
	for b.Loop() {
		s := newSession(b)
		s.must(probes)
		s.must(`import "encoding/json"
first := probe
show := func(times map[string]int64) { text, _ := json.Marshal(times); fmt.Println(string(text)) }
var keep []func() int
pid := os.Getpid()`)
		pid := strings.Trim(strings.TrimSpace(s.must(`pid`)), "[]")
		before := read(b, s, `show(first())`)
		grown := -resident(b, pid)
		began := time.Now()
		for n := range cells {
			s.must(fmt.Sprintf(`
type t%[1]d struct { a, b int; c string }
func (t t%[1]d) sum() int { return t.a + t.b + f%[1]d(%[1]d) }
func (t *t%[1]d) String() string { return t.c }
func f%[1]d(x int) int { return x*%[1]d + 1 }
v%[1]d := &t%[1]d{%[1]d, 2, "x"}
keep = append(keep, v%[1]d.sum)
fmt.Sprint(v%[1]d, v%[1]d.sum())`, n))
		}
		b.ReportMetric(time.Since(began).Seconds()*1e3/cells, "ms/cell")
		s.must(`runtime.GC()`)
		grown += resident(b, pid)
		b.ReportMetric(float64(grown)/1e6, "MB-grown")
		newest := read(b, s, strings.ReplaceAll(probes, "func deep", "// of the last cell\nfunc deep")+"show(probe())")
		oldest := read(b, s, `show(first())`)
		for name := range before {
			b.ReportMetric(float64(newest[name])/float64(before[name]), name+"-newest")
			b.ReportMetric(float64(oldest[name])/float64(before[name]), name+"-oldest")
		}
	}
}

func read(b *testing.B, s *session, source string) map[string]int64 {
	var times map[string]int64
	require.NoError(b, json.Unmarshal([]byte(s.must(source)), &times))
	return times
}

// resident is the memory of a process that is its own, in bytes.
func resident(b *testing.B, pid string) int64 {
	status, err := os.ReadFile("/proc/" + pid + "/status")
	require.NoError(b, err)
	var kB int64
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			kB, err = strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			require.NoError(b, err)
		}
	}
	require.NotZero(b, kB)
	return kB << 10
}
