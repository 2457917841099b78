package main

import (
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/gopy-kernel/gopy-kernel/bench/jupyter"
)

// A report is all that was measured; as JSON it holds every sample.
type report struct {
	Date    time.Time       `json:"date"`
	System  string          `json:"system"`
	CPUs    int             `json:"cpus"`
	Go      string          `json:"go"`
	Rounds  int             `json:"rounds"`
	Cells   int             `json:"cells"`
	Lines   int             `json:"lines"`
	Kernels []*kernelReport `json:"kernels"`
}

// A kernelReport is what was measured of one kernel. Times are seconds, memory is bytes.
type kernelReport struct {
	Name    string               `json:"name"`
	Info    jupyter.Info         `json:"info"`
	Samples map[string][]float64 `json:"samples"`
	Errors  map[string][]string  `json:"errors,omitempty"`
}

func newReport(o options, specs []jupyter.Spec) *report {
	r := &report{
		Date: time.Now().UTC(), System: runtime.GOOS + "/" + runtime.GOARCH, CPUs: runtime.NumCPU(), Go: runtime.Version(),
		Rounds: o.rounds, Cells: o.cells, Lines: o.lines,
	}
	for _, spec := range specs {
		r.Kernels = append(r.Kernels, &kernelReport{
			Name: spec.Name, Samples: map[string][]float64{}, Errors: map[string][]string{},
		})
	}
	return r
}

func (k *kernelReport) add(name string, samples ...float64) {
	k.Samples[name] = append(k.Samples[name], samples...)
}

func (k *kernelReport) fail(name string, err error) {
	k.Errors[name] = append(k.Errors[name], err.Error())
}

// A unit says how a number is written.
type unit int

const (
	seconds unit = iota
	byteCount
	number
	share
)

// A row is one line of the table.
type row struct {
	name string
	unit unit
	p99  bool // whether p99 stands beside the median
}

// rows lists the measures, and what some of them count besides.
func rows() []row {
	all := []row{{measureStart, seconds, false}}
	for _, m := range measures() {
		all = append(all, m.row)
		all = append(all, m.also...)
	}
	return all
}

// writeTable writes the medians, each with its ratio to the first kernel's, then what failed.
func (r *report) writeTable(out io.Writer) error {
	fmt.Fprintf(out, "%s, %d CPUs, %s, %s: %d rounds, %d cells a series, %d lines\n",
		r.System, r.CPUs, r.Go, r.Date.Format(time.DateOnly), r.Rounds, r.Cells, r.Lines)
	for _, k := range r.Kernels {
		fmt.Fprintf(out, "%s: %s %s, %s %s, protocol %s\n", k.Name, k.Info.Implementation, k.Info.Version,
			k.Info.Language.Name, k.Info.Language.Version, k.Info.Protocol)
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(w, "median (or p50 / p99)")
	for i, k := range r.Kernels {
		fmt.Fprint(w, "\t", k.Name)
		if i > 0 {
			fmt.Fprint(w, "\t")
		}
	}
	fmt.Fprintln(w)
	for _, row := range rows() {
		r.writeRow(w, row)
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write the table: %w", err)
	}
	r.writeErrors(out)
	return nil
}

func (r *report) writeRow(w io.Writer, row row) {
	made := func(k *kernelReport) bool { return len(k.Samples[row.name]) > 0 || len(k.Errors[row.name]) > 0 }
	if !slices.ContainsFunc(r.Kernels, made) {
		return
	}
	fmt.Fprint(w, row.name)
	first := median(r.Kernels[0].Samples[row.name])
	for i, k := range r.Kernels {
		samples := k.Samples[row.name]
		fmt.Fprint(w, "\t", row.format(samples, len(k.Errors[row.name]) > 0))
		if i > 0 {
			fmt.Fprint(w, "\t", formatRatio(ratio(median(samples), first)))
		}
	}
	fmt.Fprintln(w)
}

func (row row) format(samples []float64, failed bool) string {
	switch {
	case len(samples) == 0 && failed:
		return "failed"
	case len(samples) == 0:
		return "-"
	case row.unit == share:
		sum := 0.0
		for _, x := range samples {
			sum += x
		}
		return fmt.Sprintf("%.0f of %d", sum, len(samples))
	}
	text := row.unit.format(median(samples))
	if row.p99 {
		text += " / " + row.unit.format(quantile(samples, 0.99))
	}
	return text
}

func (u unit) format(x float64) string {
	switch {
	case u == byteCount:
		return fmt.Sprintf("%.1f MB", x/1e6)
	case u == number || u == share:
		return fmt.Sprintf("%.0f", x)
	case x >= 1:
		return fmt.Sprintf("%.2f s", x)
	case x >= 1e-3:
		return fmt.Sprintf("%.2f ms", x*1e3)
	}
	return fmt.Sprintf("%.0f us", x*1e6)
}

func formatRatio(x float64) string {
	if math.IsNaN(x) {
		return ""
	}
	return fmt.Sprintf("%.2fx", x)
}

func (r *report) writeErrors(out io.Writer) {
	for _, k := range r.Kernels {
		for _, row := range rows() {
			errs := slices.Compact(slices.Clone(k.Errors[row.name]))
			if len(errs) > 0 {
				fmt.Fprintf(out, "\n%s failed %q: %s\n", k.Name, row.name, strings.Join(errs, "; "))
			}
		}
	}
}
