// Package conformance runs Go's own test programs as cells.
//
// The Go distribution has some thousand programs under its folder test that begin with the line
// "// run": each checks a corner of the language and ends with exit status 0. A [Suite] gives them to
// the interpreter, with a real worker, and compares what they print and how they end with what the
// go command makes of them.
//
//	corpus, err := conformance.ReadCorpus(goroot)
//	suite, err := conformance.New(conformance.Config{GOROOT: goroot, ...})
//	results, err := suite.Run(ctx, corpus, conformance.Split, func(r conformance.Result) { ... })
//
// # Modes
//
// [Whole]: the text of the program is one cell. Its package clause says that main is to be run.
//
// [Split]: a cell for each top-level declaration, a type with its methods, what refers to each other
// together, each after what it refers to; then the cell main().
//
// [Statements]: as split, but the last cell holds the statements of main's body.
//
// # What is compared
//
// Standard output, standard error and the exit status, where a panic is status 2. The two outputs are
// compared one by one: between two pipes there is no order. Addresses are masked on both sides. What
// the program prints and what stands in the .out file beside it, if there is one, is compared too.
//
// Nothing here knows a program. exclusions.txt names those that no cell can be, each with a reason of a
// fixed list and the line that shows it; sample.txt is what an ordinary test runs, and mended.txt what
// ever failed and was mended. RESULTS.md is written by a run of everything:
//
//	make conformance
//
// # Limits
//
// A program has a fresh worker, a temporary folder and two minutes; its processes are ended with it. Programs of
// folders, those that generate others and those that must not compile are not part of the corpus.
package conformance
