package supervisor

import (
	"container/list"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// mostOwners is how many runs are known whose goroutines may still show something. Nobody knows when the last of
// them has ended: it may have given a function to a timer or a library.
const mostOwners = 1000

// owners are the outputs of runs. Those that have shown nothing for longest are forgotten.
type owners struct {
	runs   map[uint64]*list.Element
	recent *list.List // of owner, the most recent first
}

type owner struct {
	run uint64
	out interpreter.Output // nil where what the run shows is dropped
}

func newOwners() *owners { return &owners{runs: map[uint64]*list.Element{}, recent: list.New()} }

// set says where what a run shows goes.
func (o *owners) set(run uint64, out interpreter.Output) {
	if known := o.runs[run]; known != nil {
		known.Value = owner{run, out}
		return
	}
	o.runs[run] = o.recent.PushFront(owner{run, out})
	if o.recent.Len() > mostOwners {
		oldest := o.recent.Remove(o.recent.Back()).(owner)
		delete(o.runs, oldest.run)
	}
}

// of is where what a run shows goes. It is not known of runs that were forgotten.
func (o *owners) of(run uint64) (out interpreter.Output, known bool) {
	e := o.runs[run]
	if e == nil {
		return nil, false
	}
	o.recent.MoveToFront(e)
	return e.Value.(owner).out, true
}
