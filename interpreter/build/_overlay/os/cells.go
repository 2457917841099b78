package os

import (
	"sync/atomic"
	_ "unsafe" // for linkname
)

// cellExit is asked before Exit ends the process. The worker sets it, see package worker/goroutine.
//
//go:linkname cellExit
var cellExit func(code int)

// cellRead is what reads from cellStdin call. The worker sets both, see package worker/stdin.
//
//go:linkname cellRead
var cellRead func(b []byte) (int, error)

//go:linkname cellStdin
var cellStdin *File

// cellPrint is what writes to cellStdout and cellStderr call in a goroutine whose cell is not the one that
// runs. The worker sets all three, see package worker/late.
//
//go:linkname cellPrint
var cellPrint func(stderr bool, b []byte) (int, error)

//go:linkname cellStdout
var cellStdout *File

//go:linkname cellStderr
var cellStderr *File

// cellPrinting is the number of other writes to them that are under way.
//
//go:linkname cellPrinting
var cellPrinting atomic.Int32

//go:linkname cellPrintsLate runtime.cellPrintsLate
func cellPrintsLate() bool

func (f *File) cellPrinted() bool { return f == cellStdout || f == cellStderr }

// cellBeginPrint reports whether the calling goroutine may write where the process does. If so, it has been
// counted.
func cellBeginPrint() bool {
	if cellPrintsLate() {
		return false
	}
	cellPrinting.Add(1)
	if cellPrintsLate() { // since now: who has ended the run may not have seen the number
		cellPrinting.Add(-1)
		return false
	}
	return true
}
