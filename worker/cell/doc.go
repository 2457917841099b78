// Package cell is what the code that is generated for cells imports. People do not call it.
//
// A unit registers itself when it is loaded:
//
//	var ǃǃx *int
//
//	func mainǃ(rǃ *cell.Run) {
//		cell.Var(&ǃǃx, "x", "x#9f2c…")
//		*ǃǃx = 6 * 7
//		rǃ.Declared("x#9f2c…")
//		rǃ.Result(*ǃǃx)
//	}
//
//	func init() {
//		cell.Type("T", "7d0e…", (*T)(nil)) // of the types that it declares
//		cell.Register("a41b…", mainǃ)
//	}
//
// The worker finds what was registered with [Registered] and calls it. Loaded code reaches the
// process that it is loaded into by package symbols only, so this package has the one registry of
// units and variables of the process, and the one flag that an interrupt sets.
//
// # Variables
//
// A session variable lives in a heap cell that its key names; the key is made of its name and the
// identity of its type, so a variable that gets another type is another variable, and code that was
// made for the old one keeps it. Every unit that uses a variable asks for its pointer when it runs.
// All of it may be called from any goroutine.
//
// # Types that change
//
// A type that is declared anew is another type. [Run.Move], which is the first thing that such a cell
// does, gives variables their new types, and the values in interfaces that they reach. It reads and
// changes all that variables reach: goroutines that change the same values meanwhile race with it.
package cell
