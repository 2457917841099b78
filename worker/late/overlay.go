//go:build workspace

package late

import (
	"os"
	"sync"
	"sync/atomic"
	"time"
	_ "unsafe" // for linkname

	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/worker/goroutine"
)

//go:linkname write os.cellPrint
var write func(stderr bool, b []byte) (int, error)

//go:linkname stdout os.cellStdout
var stdout *os.File

//go:linkname stderr os.cellStderr
var stderr *os.File

//go:linkname printing os.cellPrinting
var printing atomic.Int32

//go:linkname pipe runtime.cellPipe
var pipe int32

//go:linkname setPrints runtime.cellSetPrints
func setPrints(run uint64)

//go:linkname isLate runtime.cellIsLate
func isLate(run uint64) bool

var (
	handle  sync.Once
	process atomic.Pointer[printer]
)

// Handle sets the pipe, the first time that it is called. What is written to it are records of package
// link.
func Handle(file *os.File) {
	handle.Do(func() {
		p := &printer{to: link.NewPrintWriter(file)}
		process.Store(p)
		pipe = int32(file.Fd())
		write, stdout, stderr = p.print, os.Stdout, os.Stderr
	})
}

// Print sends what code that is not Go's prints, if that is for a run that is not the running one. If the run is
// 0, it is the calling goroutine's.
func Print(run uint64, toStderr bool, text []byte) (sent bool) {
	if run == 0 {
		run = goroutine.Run()
	}
	p := process.Load()
	if p == nil || !isLate(run) {
		return false
	}
	_, err := p.send(run, toStderr, text)
	return err == nil
}

// Begin says which run begins.
func Begin(run uint64) { setPrints(run) }

// patience is how long End waits for a write that does not return: somebody may have put a pipe in the
// place of file descriptor 1, which nobody reads.
const patience = 100 * time.Millisecond

// End says that the run has ended. When it returns, what goroutines of the run have written to os.Stdout and
// os.Stderr themselves has been written, and they will write no more.
func End() {
	setPrints(0)
	for began := time.Now(); printing.Load() > 0 && time.Since(began) < patience; {
		time.Sleep(10 * time.Microsecond)
	}
}

// A printer writes to the pipe.
type printer struct {
	mu sync.Mutex // what one call of Write has written stays together
	to *link.PrintWriter
}

func (p *printer) print(stderr bool, b []byte) (int, error) {
	return p.send(goroutine.Run(), stderr, b)
}

func (p *printer) send(run uint64, stderr bool, b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.to.Write(link.Print{Run: run, Stderr: stderr, Text: b}); err != nil {
		return 0, err
	}
	return len(b), nil
}
