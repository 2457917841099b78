// Package interpreter runs Go cells.
//
// A cell is imports, declarations and statements in any order. It is parsed, type-checked against what
// earlier cells declared, written out as a Go file, compiled, and run by a worker process; what it
// declares lives on.
//
//	session, err := interpreter.New(interpreter.Config{Open: openWorkspace, Worker: worker})
//	failed := session.Execute(ctx, interpreter.Cell{Source: "x := 6 * 7\nx", Count: 1}, out)
//
// A user's mistake is no error of this package: Execute returns an [*Error] that says how the cell
// failed, in the words and colours that users see, and the session goes on.
//
// # What it knows
//
// The interpreter holds declarations: which name is which type, function, constant, import or variable, with
// the text and the cell that it came from. Values are the worker's. So the loss of a worker loses values
// only, and a use of one of them is an error that names the cell to run again.
//
// # The way of a cell
//
// split and parse make the text into declarations and statements; hoist lifts the variables out of the
// statements; check type-checks them with the closure, which is what they use of earlier cells; generate and
// write make one Go file of it all. A [Workspace] builds that, a [Worker] runs it, and commit makes what was
// reached part of the session.
//
// # Editor services
//
// Complete, Inspect and IsComplete use the same declarations and types, also on text that does not
// parse yet, and while a cell is running.
//
// Execute and Evaluate may be called by one goroutine at a time, everything else from any at any time.
package interpreter
