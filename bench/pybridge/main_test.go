package main

import (
	"bytes"
	"math"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/pybridge/locate"
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

func TestEnter(t *testing.T) {
	rows := []*row{{name: "f()"}, {name: "exception"}}
	p := pyo3(t.Context(), ".", locate.Candidate{Python: new(locate.Python)})
	require.NoError(t, p.enter(rows, "f()\t50.5\t20\nnot measured here\t1\t2\n"))
	assert.Equal(t, &row{name: "f()", pyo3: 50.5, pyo3Held: 20}, rows[0])
	assert.Zero(t, rows[1].pyo3)
	assert.ErrorContains(t, p.enter(rows, "f()\tfast\n"), `reading what PyO3 says of "f()"`)
}

// What the peers print has to have the names of the rows.
func TestPeersMeasureTheSame(t *testing.T) {
	names := map[string]bool{}
	for _, m := range measures() {
		names[m.name] = true
	}
	for file, pattern := range map[string]string{
		"../peers/pyo3/src/main.rs":  `name: "([^"]+)"`,
		"../peers/jep/Measures.java": `all\.put\("([^"]+)"`,
	} {
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		found := regexp.MustCompile(pattern).FindAllStringSubmatch(string(source), -1)
		require.NotEmpty(t, found, file)
		for _, m := range found {
			assert.True(t, names[m[1]], "%s measures %q, which is no row", file, m[1])
		}
	}
}
