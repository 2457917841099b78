package interpreter

import (
	"context"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/internal/link"
)

// Comm hands what the page has sent to the code of the session that it is for, and returns when that has
// dealt with it. It is called as Execute is; request identifies what the page has sent. Without a worker
// nobody can take a comm that the page opens, so it is closed.
func (i *Interpreter) Comm(ctx context.Context, p comm.Packet, request string, out Output) *Error {
	if !i.config.Worker.Running() {
		if p.Kind == comm.Opens {
			out.Comm(comm.Packet{Kind: comm.Closes, ID: p.ID})
		}
		return nil
	}
	done, err := i.config.Worker.Run(ctx, link.Run{ID: i.nextRun(), Request: request, Comm: &p}, out)
	if err != nil {
		err = &lostError{cause: err, variables: i.lose()}
	} else {
		err = i.ended(done, out)
	}
	if err != nil {
		return i.report(err)
	}
	return nil
}
