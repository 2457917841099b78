package worker

import (
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/gopy-kernel/gopy-kernel/worker/cell"
	"github.com/gopy-kernel/gopy-kernel/worker/goroutine"
)

// tell sends a message of a comm to the page. It returns when the front has it, so that it comes
// after what was shown before and before what is shown next.
func (w *Worker) tell(p comm.Packet) error { return w.show(link.Tell{Packet: p, Run: goroutine.Run()}) }

// delivery hands a message of the page to whom it is for. A comm that nobody takes is closed, which is how
// a kernel says that it does not know the target.
func (w *Worker) delivery(p comm.Packet) func(*cell.Run) {
	return func(*cell.Run) {
		taken := comm.Deliver(p)
		if python := pybridge.Running(); !taken && python != nil {
			var err error
			if taken, err = python.Comm(p); err != nil {
				panic(err)
			}
		}
		if taken || p.Kind != comm.Opens {
			return
		}
		note(fmt.Sprintf("the page has opened a comm for %q, which nothing here handles", p.Target))
		w.complain(w.tell(comm.Packet{Kind: comm.Closes, ID: p.ID}))
	}
}

// request is what the running cell answers; that of the last one where none runs.
func (w *Worker) request() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.asked
}
