package display_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// A shown is one call of a sink.
type shown struct {
	text   string
	id     string
	update bool
}

// A recorder is a sink that remembers.
type recorder struct {
	mu      sync.Mutex
	calls   []shown
	cleared []bool
	err     error
}

func (r *recorder) Display(b display.Bundle, id string, update bool) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.calls = append(r.calls, shown{b.Data["text/plain"].(string), id, update})
	return r.err
}

func (r *recorder) Clear(wait bool) error {
	r.cleared = append(r.cleared, wait)
	return r.err
}

func record(t *testing.T) *recorder {
	r := &recorder{}
	display.SetSink(r)
	t.Cleanup(func() { display.SetSink(nil) })
	return r
}

func TestShow(t *testing.T) {
	r := record(t)
	require.NoError(t, display.Show())
	require.NoError(t, display.Show(1, nil, display.HTML("<b>x</b>")))
	assert.Equal(t, []shown{{"1", "", false}, {"nil", "", false}, {"x", "", false}}, r.calls)
}

func TestHandle(t *testing.T) {
	r := record(t)
	h := display.NewHandle("progress")
	assert.Equal(t, "progress", h.ID())
	require.NoError(t, h.Show("a"))
	require.NoError(t, h.Update("b"))
	assert.Equal(t, []shown{{"a", "progress", false}, {"b", "progress", true}}, r.calls)

	assert.NotEmpty(t, display.NewHandle("").ID())
	assert.NotEqual(t, display.NewHandle("").ID(), display.NewHandle("").ID())
}

func TestClear(t *testing.T) {
	r := record(t)
	require.NoError(t, display.Clear(true))
	require.NoError(t, display.Clear(false))
	assert.Equal(t, []bool{true, false}, r.cleared)
}

func TestSinkErrorsReachTheCaller(t *testing.T) {
	gone := errors.New("notebook is gone")
	r := record(t)
	r.err = gone
	h := display.NewHandle("")
	for name, call := range map[string]func() error{
		"Show":        func() error { return display.Show(1) },
		"Handle.Show": func() error { return h.Show(1) },
		"Update":      func() error { return h.Update(1) },
		"Clear":       func() error { return display.Clear(true) },
	} {
		t.Run(name, func(t *testing.T) { assert.ErrorIs(t, call(), gone) })
	}
}

func TestShowFromManyGoroutines(t *testing.T) {
	r := record(t)
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() { assert.NoError(t, display.Show(1)) })
	}
	all.Wait()
	assert.Len(t, r.calls, 50)
}
