// Package supervisor starts the worker process, watches it and replaces it.
//
// [New] makes a supervisor; the first [Supervisor.Run], or [Supervisor.Start] before it, starts a
// worker. What a cell writes to file descriptors 1 and 2 comes through two pipes that the
// supervisor reads, so C code and child processes are heard too; before it passes on a display or
// the end of a run it empties both, so the user sees everything in program order.
//
// A worker may die under a cell: a fault in C code, a stack overflow, os.Exit. Run then returns a
// [*Crash] that says how, with the tail of the report that the Go runtime wrote, which is kept out
// of the cell's stderr. The next Run starts a new worker.
//
// [Supervisor.Interrupt] asks the running cell to end; a second one, within five seconds and with
// the cell still running, ends the worker.
//
// All methods may be called from any goroutine; Run by one at a time.
package supervisor
