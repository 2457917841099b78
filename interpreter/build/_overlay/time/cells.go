package time

import _ "unsafe" // for linkname

//go:linkname cellRun runtime.cellRun
func cellRun() uint64

//go:linkname cellSetRun runtime.cellSetRun
func cellSetRun(run uint64)

// cellFunc makes the goroutine that AfterFunc starts belong to the run that called AfterFunc; it is
// started by whichever finds that the time has come.
func cellFunc(f func()) func() {
	run := cellRun()
	if run == 0 {
		return f
	}
	return func() {
		cellSetRun(run)
		f()
	}
}
