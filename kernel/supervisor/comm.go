package supervisor

import (
	"maps"
	"slices"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// noteComm keeps track of the comms that the worker has.
func (p *process) noteComm(m comm.Packet) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch m.Kind {
	case comm.Opens:
		p.comms[m.ID] = true
	case comm.Closes:
		delete(p.comms, m.ID)
	}
}

// closeComms tells the page that nobody is at the other end any more, now that the process has ended.
func (p *process) closeComms() {
	p.mu.Lock()
	ids := slices.Sorted(maps.Keys(p.comms))
	clear(p.comms)
	p.mu.Unlock()
	for _, id := range ids {
		p.output(0, func(out interpreter.Output) { out.Comm(comm.Packet{Kind: comm.Closes, ID: id}) })
	}
}
