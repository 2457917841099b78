package main

import (
	"fmt"
	"io"
	"runtime"
	"text/tabwriter"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

func writeTable(out io.Writer, rt *pybridge.Runtime, o options, rows []*row) error {
	fmt.Fprintf(out, "Python %s, %s, %d CPUs; the best of %d rounds\n\n", rt.Info().Python.VersionText(), runtime.Version(),
		runtime.NumCPU(), o.rounds)
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\tCPython's loop\tGo, released\t\tGo, held\t\tallocs\t")
	if o.pyo3 != "" {
		fmt.Fprint(t, "PyO3, attach\t\tPyO3, held\t\t")
	}
	if o.jep != "" {
		fmt.Fprint(t, "Jep\t\t")
	}
	fmt.Fprintln(t)
	for _, r := range rows {
		fmt.Fprintf(t, "%s\t%s\t%s%s%.2g\t", r.name, duration(r.python), r.cells(r.released), r.cells(r.held), r.allocs)
		if o.pyo3 != "" {
			fmt.Fprintf(t, "%s%s", r.cells(r.pyo3), r.cells(r.pyo3Held))
		}
		if o.jep != "" {
			fmt.Fprint(t, r.cells(r.jep))
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}

// cells are a time and its ratio to that of CPython's loop.
func (r *row) cells(ns float64) string {
	if ns == 0 {
		return "\t\t"
	}
	return fmt.Sprintf("%s\t%.2fx\t", duration(ns), ns/r.python)
}

func duration(ns float64) string {
	switch {
	case ns < 1e4:
		return fmt.Sprintf("%.0f ns", ns)
	case ns < 1e7:
		return fmt.Sprintf("%.1f us", ns/1e3)
	}
	return fmt.Sprintf("%.1f ms", ns/1e6)
}
