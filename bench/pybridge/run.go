package main

import (
	"context"
	_ "embed"
	"fmt"
	"math"
	"runtime"
	"strings"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

//go:embed loop.py
var loopSource string

// A row is what one measure gave, in nanoseconds for one turn of the loop: the least of all rounds,
// because what else the machine does can only add to it.
type row struct {
	name                   string
	python, released, held float64
	pyo3, pyo3Held, jep    float64
	allocs                 float64
}

// A runner has the loops of one measure.
type runner struct {
	row    *row
	python *pybridge.Object
	loop   func(n int) error
	turns  int
}

func measureAll(ctx context.Context, rt *pybridge.Runtime, o options) ([]*row, error) {
	runners, err := prepare(rt, o)
	if err != nil {
		return nil, err
	}
	for range o.rounds {
		for _, r := range runners {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			if err := r.round(rt); err != nil {
				return nil, fmt.Errorf("%s: %w", r.row.name, err)
			}
		}
	}
	rows := make([]*row, len(runners))
	for i, r := range runners {
		rows[i] = r.row
	}
	return rows, nil
}

func prepare(rt *pybridge.Runtime, o options) ([]*runner, error) {
	if err := rt.Exec(loopSource); err != nil {
		return nil, err
	}
	loop, err := rt.Get("loop")
	if err != nil {
		return nil, err
	}
	var runners []*runner
	for _, m := range measures() {
		if !strings.Contains(m.name, o.only) {
			continue
		}
		if m.numpy {
			if _, err := rt.Import("numpy"); err != nil {
				continue // the table says what it has
			}
		}
		r, err := m.runner(rt, loop, o.chunk)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.name, err)
		}
		runners = append(runners, r)
	}
	return runners, nil
}

func (m measure) runner(rt *pybridge.Runtime, loop *pybridge.Object, chunk time.Duration) (*runner, error) {
	python, err := loop.Call(m.setup, m.statement)
	if err != nil {
		return nil, err
	}
	turn, err := m.prepare(rt)
	if err != nil {
		return nil, err
	}
	worst := math.Inf(1)
	r := &runner{row: &row{name: m.name, python: worst, released: worst, held: worst}, python: python, loop: turn, turns: 1}
	if err := r.calibrate(chunk); err != nil {
		return nil, err
	}
	r.row.allocs, err = r.allocations()
	return r, err
}

// calibrate finds how many turns take as long as one measure shall. Each number is tried a few times,
// because one that is interrupted looks slow.
func (r *runner) calibrate(chunk time.Duration) error {
	for {
		took := math.Inf(1)
		for range 3 {
			if err := r.time(&took); err != nil {
				return err
			}
		}
		took *= float64(r.turns)
		if took > float64(chunk)/4 || r.turns > 1e9 {
			r.turns = max(1, int(float64(r.turns)*float64(chunk)/took))
			return nil
		}
		r.turns *= 4
	}
}

// allocations returns how often a turn allocates memory of Go.
func (r *runner) allocations() (float64, error) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	err := r.loop(r.turns)
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / float64(r.turns), err
}

// round measures all sides once, one right after the other.
func (r *runner) round(rt *pybridge.Runtime) error {
	seconds, err := pybridge.CallAs[float64](r.python, r.turns)
	if err != nil {
		return err
	}
	r.row.python = min(r.row.python, seconds*1e9/float64(r.turns))
	if err := r.time(&r.row.released); err != nil {
		return err
	}
	return rt.Hold(func() error { return r.time(&r.row.held) })
}

func (r *runner) time(least *float64) error {
	start := time.Now()
	err := r.loop(r.turns)
	*least = min(*least, float64(time.Since(start).Nanoseconds())/float64(r.turns))
	return err
}
