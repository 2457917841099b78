package runtime

import (
	"internal/runtime/atomic"
	"unsafe"
)

// This file is added to package runtime when the worker is built. It knows whose turn it is to print: what
// goroutines of another run print goes to a pipe of its own, with the run before it. Package worker/late is
// the other side, and internal/link says what is in the pipe.

// cellPrints is the run whose goroutines print where the process does, 0 for none. Those of no run always do.
var cellPrints atomic.Uint64

// cellPipe is the file descriptor of the pipe; 0 until the worker sets it.
//
//go:linkname cellPipe
var cellPipe int32

//go:linkname cellSetPrints
func cellSetPrints(run uint64) { cellPrints.Store(run) }

// cellPrintsLate reports whether what the calling goroutine prints goes to the pipe.
//
//go:linkname cellPrintsLate
func cellPrintsLate() bool { return cellIsLate(getg().cell.run) }

//go:linkname cellIsLate
func cellIsLate(run uint64) bool { return run != 0 && run != cellPrints.Load() }

// cellRecord is what the builtins print and println write to the pipe at once.
type cellRecord struct {
	run    uint64
	length uint16
	stderr bool
	_      byte
	text   [116]byte
}

// cellPrint is called by gwrite. It reports whether it has written the text.
func cellPrint(gp *g, b []byte) bool {
	if cellPipe == 0 || gp == nil || gp.writebuf != nil || !cellPrintsLate() || gp.m.dying > 0 || panicking.Load() > 0 {
		return false
	}
	r := cellRecord{run: gp.cell.run, stderr: true}
	for len(b) > 0 {
		n := copy(r.text[:], b)
		r.length, b = uint16(n), b[n:]
		write(uintptr(cellPipe), unsafe.Pointer(&r), int32(unsafe.Offsetof(r.text))+int32(n))
	}
	return true
}
