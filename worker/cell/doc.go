// Package cell is what the code that is generated for cells imports. People do not call it.
//
// A unit registers itself when it is loaded:
//
//	var ǃx *int
//
//	func ǃrun(ǃr *cell.Run) {
//		ǃx = cell.Var(ǃx, "x", "x#9f2c…")
//		*ǃx = 6 * 7
//		ǃr.Declared("x#9f2c…")
//		ǃr.Result(*ǃx)
//	}
//
//	func init() { cell.Register("a41b…", ǃrun) }
//
// The worker finds what was registered with [Registered] and calls it. Loaded code reaches the
// process that it is loaded into by package symbols only, so this package has the one registry of
// units and variables of the process, and the one flag that an interrupt sets.
//
// # Variables
//
// A session variable lives in a heap cell that its key names; the key is made of its name and the
// identity of its type, so a variable that gets another type is another variable, and code that was
// made for the old one keeps it. Every unit that uses a variable asks for its pointer when it is
// loaded. All of it may be called from any goroutine.
package cell
