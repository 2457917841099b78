//go:build !workspace

package late

import "os"

// Handle sets the pipe, the first time that it is called. What is written to it are records of package
// link.
func Handle(file *os.File) {}

// Print sends what code that is not Go's prints, if that is for a run that is not the running one. If the run is
// 0, it is the calling goroutine's.
func Print(run uint64, toStderr bool, text []byte) (sent bool) { return false }

// Begin says which run begins.
func Begin(run uint64) {}

// End says that the run has ended. When it returns, what goroutines of the run have written to os.Stdout and
// os.Stderr themselves has been written, and they will write no more.
func End() {}
