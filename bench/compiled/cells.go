package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// What cells cost is measured from Execute to its return: the interpreter's part of the way, with a real worker.
// What a front end and its messages add, some 0.3 ms, the program in bench measures.

// imported are cells with other sets of imports. In each %q is replaced by a text that is new.
var imported = []struct{ name, cell string }{
	{"no package", `len(%q)`},
	{"fmt", `fmt.Sprint(%q)`},
	{"text", `strings.Fields(strconv.Quote(%q + string(bytes.ToUpper(nil)) + string(unicode.ToUpper('a'))))`},
	{"data", `b, err := json.Marshal(map[string]time.Time{%q: {}}); fmt.Sprint(string(b), err, sort.IsSorted(sort.IntSlice(nil)), math.Pi)`},
	{"network", `r, err := http.NewRequestWithContext(context.Background(), "GET", "http://localhost/"+%q, nil); fmt.Sprint(r.URL.Path != "", err, url.QueryEscape("a"))`},
	{"files", `f, err := os.Open(filepath.Join(os.TempDir(), %q)); fmt.Sprint(f == nil, errors.Is(err, io.EOF), bufio.MaxScanTokenSize)`},
}

// cells prints a table of what cells cost, n of each kind.
func cells(ctx context.Context, n, runs int, out io.Writer) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "cell\tp50 ms\tp99 ms\t\n")
	row := func(name string, times []time.Duration) {
		slices.Sort(times)
		fmt.Fprintf(table, "%s\t%.1f\t%.1f\t\n", name, ms(times[len(times)/2]), ms(times[len(times)*99/100]))
	}
	s, err := newSession(ctx)
	if err != nil {
		return err
	}
	defer func() { s.close(ctx) }()
	var built []string
	for _, i := range imported {
		texts := texts(i.cell, n)
		times, err := s.timed(ctx, texts)
		if err != nil {
			return err
		}
		row("new: "+i.name, times[1:])
		built = append(built, texts...)
	}
	again, err := s.timed(ctx, built)
	if err != nil {
		return err
	}
	row("the same again", again)
	s.close(ctx)
	if s, err = newSession(ctx); err != nil {
		return err
	}
	if again, err = s.timed(ctx, built); err != nil {
		return err
	}
	row("the same in the next session", again[1:])
	grown, err := s.growth(ctx, runs)
	if err != nil {
		return err
	}
	if _, err := s.run(ctx, declarations()); err != nil {
		return err
	}
	times, err := s.timed(ctx, texts(`declared999(len(%q))`, n))
	if err != nil {
		return err
	}
	row("new: with 2,000 lines declared", times[1:])
	fmt.Fprintf(table, "memory after %d runs of one cell\t%+d kB\t\t\n", runs, grown>>10)
	return table.Flush()
}

// texts are n cells, and one that pays for the rest.
func texts(cell string, n int) []string {
	var texts []string
	for range n + 1 {
		texts = append(texts, fmt.Sprintf(cell, rand.Text()))
	}
	return texts
}

// declarations are 2,000 lines of functions that call each other a few steps deep.
func declarations() string {
	b := new(strings.Builder)
	for n := range 1000 {
		call := "x"
		if n%10 > 0 {
			call = fmt.Sprintf("declared%d(x)", n-1)
		}
		fmt.Fprintf(b, "// declared%d adds to what others have added.\nfunc declared%[1]d(x int) int { return %s + %[1]d }\n", n, call)
	}
	return b.String()
}

func (s *session) timed(ctx context.Context, sources []string) (times []time.Duration, err error) {
	for _, source := range sources {
		began := time.Now()
		if _, err := s.run(ctx, source); err != nil {
			return nil, err
		}
		times = append(times, time.Since(began))
	}
	return times, nil
}

// growth is how many bytes the worker has more when it has run a cell many times.
func (s *session) growth(ctx context.Context, runs int) (int, error) {
	const source = `text := fmt.Sprint("the same ", 1); len(text)`
	if _, err := s.timed(ctx, slices.Repeat([]string{source}, runs/10+1)); err != nil {
		return 0, err
	}
	before, err := s.memory(ctx)
	if err != nil {
		return 0, err
	}
	if _, err := s.timed(ctx, slices.Repeat([]string{source}, runs)); err != nil {
		return 0, err
	}
	after, err := s.memory(ctx)
	return after - before, err
}
