package main

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Every row is measured on both sides; how fast is not for a test to say.
func TestAllMeasures(t *testing.T) {
	rt, err := pybridge.Open(t.Context(), pybridge.Config{})
	require.NoError(t, err)
	o := options{rounds: 1, chunk: 100 * time.Microsecond}
	rows, err := measureAll(t.Context(), rt, o)
	require.NoError(t, err)
	require.NotEmpty(t, rows)
	var out bytes.Buffer
	require.NoError(t, writeTable(&out, rt, o, rows))
	for _, r := range rows {
		for _, ns := range []float64{r.python, r.released, r.held} {
			assert.Positive(t, ns, r.name)
			assert.False(t, math.IsInf(ns, 0), r.name)
		}
		assert.Contains(t, out.String(), r.name)
	}
}

func TestOptions(t *testing.T) {
	var errs bytes.Buffer
	o, err := parseOptions([]string{"-only", "str", "-rounds", "7"}, &errs)
	require.NoError(t, err)
	assert.Equal(t, "str", o.only)
	assert.Equal(t, 7, o.rounds)
	_, err = parseOptions([]string{"-rounds", "0"}, &errs)
	assert.EqualError(t, err, "rounds must be 1 or more, chunk above 0")
}

func TestEnterPyO3(t *testing.T) {
	rows := []*row{{name: "f()"}, {name: "exception"}}
	require.NoError(t, enterPyO3(rows, "f()\t50.5\t20\nnot measured here\t1\t2\n"))
	assert.Equal(t, &row{name: "f()", pyo3: 50.5, pyo3Held: 20}, rows[0])
	assert.Zero(t, rows[1].pyo3)
	assert.ErrorContains(t, enterPyO3(rows, "f()\tfast\n"), `reading what PyO3 says of "f()"`)
}
