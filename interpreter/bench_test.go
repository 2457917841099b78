package interpreter_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkCell tells where the time of a cell goes that was never run before: medians of checking
// and generating, of building, and of loading and running.
func BenchmarkCell(b *testing.B) {
	for _, c := range []struct{ name, before, source string }{
		{"expression", ``, `len(%q)`},
		{"fmt", ``, `fmt.Sprint(%q)`},
		{"five packages", ``, `strings.ToUpper(%q); b, err := json.Marshal(time.Now()); fmt.Sprint(string(b), err, sync.Mutex{}, reflect.TypeOf(b))`},
		{"function", ``, `func f(x string) string { return x + %q }`},
		{"python", `np := py.Import("math")`, `np.Method("sqrt", len(%q))`},
	} {
		b.Run(c.name, func(b *testing.B) {
			times := &times{}
			s := newSessionLog(b, slog.New(times))
			if c.before != "" {
				s.must(c.before)
			}
			for b.Loop() {
				s.must(fmt.Sprintf(c.source, rand.Text()))
			}
			for _, part := range []string{"checked", "built", "ran"} {
				b.ReportMetric(times.median(part).Seconds()*1e3, part+"-ms")
			}
		})
	}
}

// times collects the durations that the interpreter logs.
type times struct{ parts map[string][]time.Duration }

func (t *times) Enabled(context.Context, slog.Level) bool { return true }
func (t *times) WithAttrs([]slog.Attr) slog.Handler       { return t }
func (t *times) WithGroup(string) slog.Handler            { return t }

func (t *times) Handle(_ context.Context, r slog.Record) error {
	if t.parts == nil {
		t.parts = map[string][]time.Duration{}
	}
	r.Attrs(func(a slog.Attr) bool {
		if a.Value.Kind() == slog.KindDuration {
			t.parts[r.Message] = append(t.parts[r.Message], a.Value.Duration())
		}
		return true
	})
	return nil
}

func (t *times) median(part string) time.Duration {
	all := slices.Clone(t.parts[part])
	slices.Sort(all)
	return all[len(all)/2]
}

// TestLog shows what a cell's way is told as.
func TestLog(t *testing.T) {
	times := &times{}
	s := newSessionLog(t, slog.New(times))
	s.must(`1`)
	require.Len(t, times.parts["built"], 1)
	require.Len(t, times.parts["checked"], 1)
	require.Len(t, times.parts["ran"], 1)
}
