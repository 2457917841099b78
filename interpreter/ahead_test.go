package interpreter_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// logged keeps what the interpreter logs.
type logged struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *logged) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// cached tells, for each cell that ran, whether it was built before.
func (l *logged) cached(t *testing.T) (cached []bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for d := json.NewDecoder(bytes.NewReader(l.buf.Bytes())); d.More(); {
		var line struct {
			Message string `json:"msg"`
			Cached  bool
		}
		require.NoError(t, d.Decode(&line))
		if line.Message == "built" {
			cached = append(cached, line.Cached)
		}
	}
	return cached
}

// TestAhead runs cells that were compiled while the first of them ran.
func TestAhead(t *testing.T) {
	for _, c := range []struct {
		name   string
		cells  []string // %s is a text that no cell had before
		cached []bool
	}{
		{"what the one before declares", []string{`type T struct{ s string }; v := T{%q}; time.Sleep(time.Second)`, `v.s == %q`, `func (t T) upper() string { return strings.ToUpper(t.s + %[1]q[:0]) }`, `v.upper() == %q`}, []bool{false, true, true, true}},
		{"a cell that does not compile ends it", []string{`time.Sleep(time.Second); _ = %q`, `undefined(%q)`, `fmt.Print(); _ = %q`}, []bool{false, false}},
		{"a command ends it", []string{`time.Sleep(time.Second); _ = %q`, "%%vars\n_ = %q", `fmt.Print(); _ = %q`}, []bool{false, false, false}},
		{"a panic leaves variables out", []string{`time.Sleep(time.Second); a := %q; panic(1); b := a`, `_ = %q`, `c := %q`}, []bool{false, true, true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := &logged{}
			s := newSessionLog(t, slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})))
			cells := make([]interpreter.Cell, len(c.cells))
			for n, source := range c.cells {
				cells[n] = interpreter.Cell{Source: fmt.Sprintf(source, rand.Text()), Count: n + 1}
			}
			for n, cell := range cells {
				cell.Next = func(most int) []interpreter.Cell { return cells[n+1 : min(n+1+most, len(cells))] }
				ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
				s.interpreter.Execute(ctx, cell, &output{})
				cancel()
			}
			require.Equal(t, c.cached, log.cached(t))
		})
	}
}
