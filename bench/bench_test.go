package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/bench/jupyter"
)

func TestQuantile(t *testing.T) {
	tests := []struct {
		name    string
		samples []float64
		q, want float64
	}{
		{"one", []float64{7}, 0.5, 7},
		{"odd", []float64{3, 1, 2}, 0.5, 2},
		{"even takes the lower", []float64{4, 1, 3, 2}, 0.5, 2},
		{"p99 of few is the largest", []float64{1, 2, 3}, 0.99, 3},
		{"p99 of 200", sequence(200), 0.99, 198},
		{"all", sequence(10), 1, 10},
		{"none of them", sequence(10), 0, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.Equal(t, tt.want, quantile(tt.samples, tt.q))
		})
	}
	assert.True(t, math.IsNaN(quantile(nil, 0.5)))
}

func sequence(n int) []float64 {
	s := make([]float64, n)
	for i := range s {
		s[i] = float64(i + 1)
	}
	return s
}

func TestWithoutFirst(t *testing.T) {
	assert.Equal(t, []float64{2, 3}, withoutFirst([]float64{9, 2, 3}))
	assert.Empty(t, withoutFirst([]float64{9}))
	assert.Empty(t, withoutFirst(nil))
}

func TestRatio(t *testing.T) {
	assert.Equal(t, 0.25, ratio(1, 4))
	assert.True(t, math.IsNaN(ratio(1, 0)))
	assert.Equal(t, "0.25x", formatRatio(0.25))
	assert.Empty(t, formatRatio(math.NaN()))
}

func TestWrongLines(t *testing.T) {
	tests := []struct {
		name, printed string
		want          int
	}{
		{"all", "line 0\nline 1\nline 2\n", 0},
		{"nothing", "", 3},
		{"one lost", "line 0\nline 2\n", 1},
		{"the last lost", "line 0\nline 1\n", 1},
		{"one twice", "line 0\nline 1\nline 1\nline 2\n", 1},
		{"two changed places", "line 1\nline 0\nline 2\n", 2},
		{"too many", "line 0\nline 1\nline 2\nline 3\n", 1},
		{"broken line", "line 0\nline 1\nli", 2},
		{"other text", "line 0\nnoise\nline 1\nline 2\n", 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, wrongLines(tt.printed, 3)) })
	}
}

func TestFormat(t *testing.T) {
	tests := []struct {
		name string
		row  row
		in   []float64
		fail bool
		want string
	}{
		{"seconds", row{"", seconds, false}, []float64{1.5}, false, "1.50 s"},
		{"milliseconds", row{"", seconds, false}, []float64{0.0123}, false, "12.30 ms"},
		{"microseconds", row{"", seconds, false}, []float64{0.000075}, false, "75 us"},
		{"both", row{"", seconds, true}, []float64{0.001, 0.002, 0.003}, false, "2.00 ms / 3.00 ms"},
		{"memory", row{"", byteCount, false}, []float64{52.4e6}, false, "52.4 MB"},
		{"number", row{"", number, false}, []float64{9}, false, "9"},
		{"share", row{"", share, false}, []float64{1, 0, 1}, false, "2 of 3"},
		{"failed", row{}, nil, true, "failed"},
		{"not made", row{}, nil, false, "-"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, tt.row.format(tt.in, tt.fail)) })
	}
}

func TestTable(t *testing.T) {
	r := newReport(options{rounds: 1, cells: 2, lines: 3}, []jupyter.Spec{{Name: "a"}, {Name: "b"}})
	a, b := r.Kernels[0], r.Kernels[1]
	a.add(measureStart, 0.2)
	b.add(measureStart, 0.05)
	a.add("1+1, same text", 0.004, 0.004)
	b.fail("1+1, same text", io.ErrUnexpectedEOF)
	var out strings.Builder
	require.NoError(t, r.writeTable(&out))
	table := strings.Split(out.String(), "\n")
	require.Len(t, table, 10)
	assert.Equal(t, []string{"start", "to", "kernel_info_reply", "200.00", "ms", "50.00", "ms", "0.25x"}, strings.Fields(table[5]))
	assert.Equal(t, []string{"1+1,", "same", "text", "4.00", "ms", "/", "4.00", "ms", "failed"}, strings.Fields(table[6]))
	assert.Equal(t, `b failed "1+1, same text": unexpected EOF`, table[8])
}

func TestDialectOf(t *testing.T) {
	info := func(implementation, language string) (i jupyter.Info) {
		i.Implementation, i.Language.Name = implementation, language
		return i
	}
	tests := []struct {
		name   string
		info   jupyter.Info
		forced string
		loop   string
		err    string
	}{
		{"language", info("ipython", "python"), "", "while True:\n    pass", ""},
		{"implementation first", info("gonb", "go"), "", "%%\nfor {\n}", ""},
		{"other implementation", info("gophernotes", "go"), "", "for {\n}", ""},
		{"forced", info("gonb", "go"), "go", "for {\n}", ""},
		{"unknown", info("x", "prolog"), "", "", `no snippets for "x", language "prolog"`},
		{"forced unknown", info("gonb", "go"), "cobol", "", `dialect "cobol"`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			d, err := dialectOf(tt.info, tt.forced)
			if tt.err != "" {
				assert.ErrorContains(t, err, tt.err)
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tt.loop, d.loop)
		})
	}
}

// Every dialect must have all texts, or measures would run an empty cell and win.
func TestDialectsAreWhole(t *testing.T) {
	for name, d := range dialects() {
		t.Run(name, func(t *testing.T) {
			for _, text := range []string{d.sum, d.define, d.call, d.lines} {
				assert.Contains(t, strings.ReplaceAll(text, "%[1]d", "%d"), "%d")
			}
			assert.NotEmpty(t, d.loop)
			assert.Equal(t, d.keep == "", d.kept == "")
		})
	}
}

func TestReplyError(t *testing.T) {
	assert.NoError(t, replyError(json.RawMessage(`{"status": "ok"}`)))
	assert.ErrorContains(t, replyError(json.RawMessage(`{"status": "error", "ename": "E", "evalue": "v"}`)), "error E v")
	assert.ErrorContains(t, replyError(json.RawMessage(`{`)), "decode")
}

func TestOptions(t *testing.T) {
	tests := []struct {
		name string
		args []string
		want string
	}{
		{"no kernel", nil, "no kernel named"},
		{"one cell", []string{"-cells", "1", "k"}, "cells 2 or more"},
		{"unknown kernel", []string{"no-such-kernel"}, "no kernelspec no-such-kernel"},
		{"unknown flag", []string{"-x"}, "not defined"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			assert.ErrorContains(t, run(t.Context(), tt.args, io.Discard, io.Discard), tt.want)
		})
	}
}

// needIPython skips where there is no ipykernel to measure.
func needIPython(t *testing.T) {
	t.Helper()
	if _, err := jupyter.Find("python3", jupyter.DataDirs(jupyter.FindVenv())); err != nil {
		t.Skipf("no ipykernel to measure: %v", err)
	}
}

// The whole program against the real ipykernel, with small numbers: every row is there, and what
// can be counted is right. Nothing is asked of the times.
func TestMeasureIPython(t *testing.T) {
	needIPython(t)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	file := filepath.Join(t.TempDir(), "samples.json")
	var out, log bytes.Buffer
	err := run(ctx, []string{"-rounds", "1", "-starts", "2", "-cells", "4", "-lines", "500", "-settle", "300ms", "-json", file, "python3", "python3"}, &out, &log)
	require.NoError(t, err, log.String())
	for _, row := range rows() {
		assert.Contains(t, out.String(), "\n"+row.name+" ")
	}
	assert.Contains(t, out.String(), "python3: ipython ")
	assert.NotContains(t, out.String(), "failed")

	var r report
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &r))
	require.Len(t, r.Kernels, 2)
	for _, k := range r.Kernels {
		assert.Empty(t, k.Errors)
		assert.Len(t, k.Samples[measureStart], 2)
		assert.Len(t, k.Samples["1+1, same text"], 3)
		assert.Equal(t, []float64{0}, k.Samples[rowLost])
		assert.Equal(t, []float64{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}, k.Samples[rowKept])
		assert.Len(t, k.Samples["interrupt of an endless loop"], interrupts-1)
	}
}

// A kernel that cannot do what is asked gets "failed" and a reason, and the rest goes on.
func TestMeasureWhatFails(t *testing.T) {
	needIPython(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var out, log bytes.Buffer
	err := run(ctx, []string{"-rounds", "1", "-starts", "1", "-cells", "2", "-dialect", "go", "-only", "function", "python3"}, &out, &log)
	require.NoError(t, err, log.String())
	assert.Contains(t, out.String(), `python3 failed "define a function, new text": the cell ended with error SyntaxError`)
	assert.Contains(t, out.String(), "start to kernel_info_reply")
}

func TestRunEndsWithItsContext(t *testing.T) {
	needIPython(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, run(ctx, []string{"python3"}, io.Discard, io.Discard), context.Canceled)
}
