package conformance

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Table is what a run of everything has shown.
type Table struct {
	Go         string // version
	Programs   int    // of the distribution, the excluded ones included
	Exclusions []Exclusion
	Results    map[Mode][]Result
}

// A Tally counts what the programs did in one mode.
type Tally struct {
	Programs, Passed int
	Cells            int
	Links            Links
}

// Failed is the number of programs that did not pass.
func (t Tally) Failed() int { return t.Programs - t.Passed }

// Share is the part of the programs that passed, in percent.
func (t Tally) Share() float64 { return 100 * float64(t.Passed) / float64(max(t.Programs, 1)) }

// Count makes a tally of results.
func Count(results []Result) Tally {
	var t Tally
	for _, r := range results {
		t.Programs++
		if r.Wrong == "" {
			t.Passed++
		}
		t.Cells += r.Cells
		t.Links = t.Links.Add(r.Links)
	}
	return t
}

// Markdown writes the table. It has no times and nothing else that two runs need not agree on.
func (t Table) Markdown() string {
	b := new(strings.Builder)
	fmt.Fprintf(b, "# Go's test programs as cells\n\nWritten by `make conformance`; the package comment says what is done. %s has %d programs, of which %d are excluded.\n\n",
		t.Go, t.Programs, len(t.Exclusions))
	t.writeModes(b)
	t.writeFailed(b)
	t.writeExcluded(b)
	return b.String()
}

func (t Table) writeModes(b *strings.Builder) {
	b.WriteString("| mode | programs | passed | failed | share | cells | thin | fat | by fallback |\n|---|---|---|---|---|---|---|---|---|\n")
	for _, m := range Modes() {
		c := Count(t.Results[m])
		fmt.Fprintf(b, "| %s | %d | %d | %d | %.1f %% | %d | %d | %d | %d |\n", m, c.Programs, c.Passed, c.Failed(), c.Share(), c.Cells, c.Links.Thin, c.Links.Fat, c.Links.Fallback)
	}
}

// writeFailed lists the programs that failed, with the modes in which they did so alike.
func (t Table) writeFailed(b *strings.Builder) {
	failed := map[string]map[string][]string{} // by program and way
	for _, m := range Modes() {
		for _, r := range t.Results[m] {
			if r.Wrong == "" {
				continue
			}
			if failed[r.Program] == nil {
				failed[r.Program] = map[string][]string{}
			}
			way := inTable(r.Wrong)
			failed[r.Program][way] = append(failed[r.Program][way], string(m))
		}
	}
	fmt.Fprintf(b, "\n## Failed\n\n| program | modes | how |\n|---|---|---|\n")
	for _, program := range slices.Sorted(maps.Keys(failed)) {
		for _, way := range slices.Sorted(maps.Keys(failed[program])) {
			fmt.Fprintf(b, "| %s | %s | %s |\n", program, strings.Join(failed[program][way], ", "), way)
		}
	}
}

func (t Table) writeExcluded(b *strings.Builder) {
	fmt.Fprintf(b, "\n## Excluded\n\n| program | reason | shown by |\n|---|---|---|\n")
	for _, e := range t.Exclusions {
		fmt.Fprintf(b, "| %s | %s | %s |\n", e.Program, e.Reason, inTable(e.Shown))
	}
}

// inTable quotes text so that it can stand in a cell of a table: addresses, dates and long numbers, which
// differ between runs, are masked.
func inTable(text string) string {
	text = varying.ReplaceAllString(mask(text), "N")
	return "`` " + strings.NewReplacer("|", `\|`, "\n", " ", "``", "`").Replace(text) + " ``"
}
