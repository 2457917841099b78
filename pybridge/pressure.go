package pybridge

import (
	"bytes"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"
)

const (
	// pressureEvery is how many new objects pass between two looks at the memory of the process, and
	// pressureSoon how many where it grows fast.
	pressureEvery, pressureSoon = 64, 8
	// pressureStep is how much the process may grow before Go's collector is asked to run.
	pressureStep = 200 << 20
)

// pressure makes Go collect garbage when the process has grown. An Object is a few words for Go's
// collector, whatever stands behind it in Python: a loop that makes arrays of a megabyte would reach
// 40 GB before the collector saw a reason to run.
var pressure memoryPressure

type memoryPressure struct {
	created atomic.Uint32
	next    atomic.Uint32 // how many are created when memory is looked at again
	last    atomic.Int64  // the memory seen last
	base    atomic.Int64  // the least memory seen since the last collection
	busy    atomic.Bool
}

// noteObject is called for each new object that owns a reference.
func (p *memoryPressure) noteObject() {
	if n := p.created.Add(1); int32(n-p.next.Load()) >= 0 {
		p.next.Store(n + p.look())
	}
}

// look asks for a collection if the process has grown, and returns after how many objects to look again.
func (p *memoryPressure) look() (objects uint32) {
	now := residentBytes()
	objects = pressureEvery
	if now-p.last.Swap(now) > pressureStep/4 {
		objects = pressureSoon
	}
	base := p.base.Load()
	if base == 0 || now < base {
		p.base.Store(now)
		return objects
	}
	if now > base+max(pressureStep, base/2) && p.busy.CompareAndSwap(false, true) {
		p.base.Store(now)
		go func() {
			defer p.busy.Store(false)
			runtime.GC() // the clean-ups of what it finds put references into the queue
			released.drainAll()
		}()
	}
	return objects
}

// statm is read so often that opening it each time would cost more than making an object.
var statm = sync.OnceValue(func() *os.File {
	f, err := os.Open("/proc/self/statm")
	if err != nil {
		return nil // another system: memory counts as not growing
	}
	return f
})

// residentBytes is the memory of the process, 0 where the system does not tell.
func residentBytes() int64 {
	f := statm()
	if f == nil {
		return 0
	}
	var text [64]byte
	n, err := f.ReadAt(text[:], 0)
	if err != nil && err != io.EOF {
		return 0
	}
	return secondNumber(text[:n]) * int64(os.Getpagesize())
}

func secondNumber(text []byte) (number int64) {
	_, text, _ = bytes.Cut(text, []byte(" "))
	for _, c := range text {
		if c < '0' || c > '9' {
			break
		}
		number = 10*number + int64(c-'0')
	}
	return number
}
