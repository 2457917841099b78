package interpreter

import (
	"fmt"
	"go/types"
	"slices"
	"strings"
)

// When values are built anew because their type has changed, functions and goroutines that hold some of
// before keep those. What they hold cannot be seen. What their cell has used is known: so the worker is told
// of the functions and runs that may be meant, and tells the user if values were really built anew, and of
// runs if they still have goroutines.

// A pastRun is a run that may have left functions and goroutines behind.
type pastRun struct {
	run  uint64
	uses []string // the session's names in the cell
}

// mostPastRuns is how many runs are remembered.
const mostPastRuns = 1000

// ran remembers the run of a cell.
func (n *names) ran(g *generated) {
	n.run = g.run
	if len(g.uses) > 0 {
		first := max(0, len(n.past)+1-mostPastRuns)
		n.past = append(slices.Clip(n.past[first:]), pastRun{g.run, g.uses})
	}
}

// holders are the runs, and the variables that hold functions, whose cells have used what leads to one of
// the given types.
func (n *names) holders(changed []string) (functions []string, runs []uint64) {
	affected := n.affected(changed)
	meant := map[uint64]bool{}
	for _, p := range n.past {
		if slices.ContainsFunc(p.uses, func(name string) bool { return affected.has[name] }) {
			meant[p.run] = true
			runs = append(runs, p.run)
		}
	}
	for name, s := range n.symbols {
		if s.kind == variableName && s.variable.function && !s.variable.lost && meant[s.variable.run] {
			functions = append(functions, name)
		}
	}
	slices.Sort(functions)
	return functions, runs
}

// isFunction reports whether values of a type are functions.
func isFunction(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// writeHolders tells the worker who may hold values of the types that have changed.
func (g *generator) writeHolders(b *strings.Builder, changed []string) {
	functions, runs := g.session.holders(changed)
	functions = slices.DeleteFunc(functions, func(name string) bool { return g.declared[name] != noName })
	if len(functions) == 0 && len(runs) == 0 {
		return
	}
	fmt.Fprintf(b, "%s.Holders(%#v", runParameter, functions)
	for _, run := range runs {
		fmt.Fprintf(b, ", %d", run)
	}
	b.WriteString(")\n")
}
