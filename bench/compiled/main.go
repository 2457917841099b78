// Command compiled measures the code of cells beside the same code as `go build` compiles it. The
// programs in testdata have a function work; a cell declares it, and another calls it. What is compared
// is the best of some runs, taken in turns.
//
// With -plugins it measures what cells would cost as ordinary plugins, with -cells what they cost as they are:
// new ones with some sets of imports, those that ran before, and many.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "compiled:", err)
		os.Exit(1)
	}
}

// run is the program: flags, programs, table.
func run(ctx context.Context, args []string, out, errOut io.Writer) error {
	f := flag.NewFlagSet("compiled", flag.ContinueOnError)
	f.SetOutput(errOut)
	rounds := f.Int("rounds", 7, "times that each program is run both ways; the best counts")
	dir := f.String("programs", filepath.Join("bench", "compiled", "testdata"), "folder of the programs")
	asPlugins := f.Bool("plugins", false, "measure what cells would cost as ordinary plugins, in place of their code")
	asCells := f.Int("cells", 0, "measure what so many cells of each kind cost, in place of their code")
	runs := f.Int("runs", 10_000, "with -cells: times that one cell is run to see what memory it takes")
	only := f.String("only", "", "with -plugins: the cells whose names begin so")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *asCells > 0 {
		return cells(ctx, *asCells, *runs, out)
	}
	if *asPlugins {
		return plugins(ctx, max(*rounds, 1), *only, out, errOut)
	}
	programs, err := filepath.Glob(filepath.Join(*dir, "*.go"))
	if err != nil {
		return err
	}
	if len(programs) == 0 || *rounds < 1 {
		return fmt.Errorf("no programs in %s, or no rounds", *dir)
	}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "program\tgo build ms\tcell ms\tratio\t\n")
	var ratios []float64
	for _, path := range programs {
		built, cell, err := measure(ctx, path, *rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		ratios = append(ratios, float64(cell)/float64(built))
		fmt.Fprintf(table, "%s\t%.1f\t%.1f\t%.2f\t\n", strings.TrimSuffix(filepath.Base(path), ".go"), ms(built), ms(cell), ratios[len(ratios)-1])
	}
	fmt.Fprintf(table, "geometric mean\t\t\t%.2f\t\n", geometricMean(ratios))
	fmt.Fprintf(table, "worst\t\t\t%.2f\t\n", slices.Max(ratios))
	return table.Flush()
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func geometricMean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v)
	}
	return math.Exp(sum / float64(len(values)))
}
