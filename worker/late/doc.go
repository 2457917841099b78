// Package late sends what a goroutine prints whose cell is not the running one to the front by a pipe of
// its own, so that it is shown below the cell that has started the goroutine.
//
//	late.Handle(os.NewFile(link.PrintsFile, "prints"))
//	late.Begin(7) // goroutines of this run write to os.Stdout and os.Stderr themselves
//	late.End()    // from now on, what they write goes to the pipe
//
// It rests on the overlay that package goroutine speaks of: os.(*File).Write asks where the file is the
// os.Stdout or os.Stderr that the process began with, and so do the builtins print and println. Everything
// else, be it another file, a system call, C code or a child, writes where it says; for the bridge to Python
// there is Print. The alternative was to send all that Go prints as messages: then it had no order with what
// C code and Python print.
//
// The functions may be called from any goroutine. In a program that was built without the overlay nothing
// happens.
package late
