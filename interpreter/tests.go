package interpreter

import (
	"fmt"
	"go/types"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Functions of the session are tests as they are in files whose names end with _test.go: by their names and
// their types. %test and %bench stand for a call with a list of them.

// A testKind is a kind of function that package testing runs.
type testKind struct {
	command   string
	prefix    string
	parameter string // its type, of package testing
	field     string // of cell.Tests
	element   string // of that field
}

var testKinds = []testKind{
	{"test", "Test", "T", "Tests", "InternalTest"},
	{"test", "Fuzz", "F", "Fuzz", "InternalFuzzTarget"},
	{"bench", "Benchmark", "B", "Benchmarks", "InternalBenchmark"},
}

// tests are the functions that a command runs: of those with the right names the cell's own, or all if it
// has none or if the command says which.
func (cc *checkedCell) tests(command lineCommand) (names []string) {
	declared := slices.Sorted(maps.Keys(cc.declared))
	_, pattern := command.testArguments()
	own := pattern == "" && slices.ContainsFunc(declared, func(name string) bool { return cc.isTest(command, name) })
	all := newSet(declared...)
	if !own {
		for _, name := range slices.Sorted(maps.Keys(cc.session.symbols)) {
			all.add(name)
		}
	}
	for _, name := range all.list {
		if cc.isTest(command, name) {
			names = append(names, name)
		}
	}
	return names
}

func (cc *checkedCell) isTest(command lineCommand, name string) bool {
	return cc.kind(name) == functionKind && slices.ContainsFunc(testKinds, func(k testKind) bool {
		rest, ok := strings.CutPrefix(name, k.prefix)
		first, _ := utf8.DecodeRuneInString(rest)
		return ok && k.command == command.name && !unicode.IsLower(first)
	})
}

// testArguments are those of %test and %bench.
func (c lineCommand) testArguments() (verbose bool, pattern string) {
	for _, arg := range c.args {
		if arg == "-v" {
			verbose = true
		} else {
			pattern = arg
		}
	}
	return verbose, pattern
}

// testCall is the call that runs the tests, behind the name of package cell. What it uses is added.
func (g *generator) testCall(command lineCommand, uses *set) string {
	const testing = "testing"
	g.names.imports.add(testing)
	verbose, pattern := command.testArguments()
	run, bench := pattern, ""
	if command.name == "bench" {
		run, bench = "^$", pattern
		if bench == "" {
			bench = "."
		}
	}
	b := new(strings.Builder)
	fmt.Fprintf(b, ".Tested(<-%[1]s.Test(%[1]s.Tests{Run: %q, Bench: %q, Verbose: %t", importAlias(cellPackage), run, bench, verbose)
	for _, k := range testKinds {
		fmt.Fprintf(b, ", %s: []%s.%s{", k.field, importAlias(testing), k.element)
		for _, name := range g.tests(command) {
			if strings.HasPrefix(name, k.prefix) && k.takes(g.pkg.Scope().Lookup(name)) {
				uses.add(name)
				fmt.Fprintf(b, "{%q, %s}, ", name, g.symbol(name))
			}
		}
		b.WriteString("}")
	}
	return b.String() + "}))"
}

// takes reports whether a function has the type of this kind.
func (k testKind) takes(o types.Object) bool {
	f, ok := o.(*types.Func)
	if !ok {
		return false
	}
	s := f.Signature()
	return s.TypeParams() == nil && s.Results().Len() == 0 && s.Params().Len() == 1 && types.TypeString(s.Params().At(0).Type(), nil) == "*testing."+k.parameter
}
