package kernel

import (
	"context"
	"strings"
	"time"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// execute runs a cell. It is only called by the goroutine of the lane inOrder.
func (k *Kernel) execute(ctx context.Context, r *request) error {
	k.waiting.remove(r.Message)
	content, err := messaging.Decode[messaging.ExecuteRequest](r.Message)
	if err != nil {
		return err
	}
	switch {
	case ctx.Err() != nil:
		return r.reply(k.aborted("the kernel ended before this cell was run"))
	case r.Received.Before(k.abortBefore):
		return r.reply(k.aborted("a cell that was run before this one failed"))
	}
	r.metadata = map[string]string{"started": messaging.Date(time.Now())}
	reply := k.runCell(ctx, r, content)
	if reply.Status == messaging.StatusError && content.StopOnError && !content.Silent {
		k.abortQueued(ctx)
	}
	return r.reply(reply)
}

// aborted answers a cell that is not run.
func (k *Kernel) aborted(why string) messaging.ExecuteReply {
	return messaging.ExecuteReply{
		Status:         messaging.StatusAborted,
		ExecutionCount: k.count,
		Failure:        &messaging.Failure{Name: "Aborted", Value: why},
	}
}

// runCell numbers the cell, runs it and its expressions, and publishes what belongs to it.
func (k *Kernel) runCell(ctx context.Context, r *request, content messaging.ExecuteRequest) messaging.ExecuteReply {
	blank := strings.TrimSpace(content.Code) == ""
	out := k.newOutput(r, content)
	cell := interpreter.Cell{Source: content.Code, Request: r.Header.ID}
	if content.Counts() && !blank {
		k.count++
		cell.Count = k.count
		k.history.add(k.count, content.Code)
	}
	out.count = k.count
	begun := k.count
	cell.Next = func(most int) []interpreter.Cell { return k.waiting.cells(begun, most) }
	if !content.Silent {
		k.publish(r.Message, messaging.TypeExecuteInput,
			messaging.ExecuteInput{Code: content.Code, ExecutionCount: k.count})
	}
	reply := messaging.ExecuteReply{Status: messaging.StatusOK, ExecutionCount: k.count}
	if !blank {
		if e := k.run(ctx, cell, out); e != nil {
			out.fail(e)
			reply.Status, reply.Failure = messaging.StatusError, failureOf(e)
		}
	}
	if reply.Failure == nil {
		reply.UserExpressions = k.evaluate(ctx, content.UserExpressions, out)
	}
	out.to.Flush()
	return reply
}

// run is Interpreter.Execute; a panic in it fails the cell like any other error.
func (k *Kernel) run(ctx context.Context, cell interpreter.Cell, out *output) (e *interpreter.Error) {
	defer k.recoverInto(&e)
	return k.interpreter.Execute(ctx, cell, out)
}

// recoverInto makes a panic of the interpreter the error of what it was asked to do.
func (k *Kernel) recoverInto(e **interpreter.Error) {
	if p := recover(); p != nil {
		*e = kernelError(panicked(k, p))
	}
}

func kernelError(err error) *interpreter.Error {
	return &interpreter.Error{Name: "KernelError", Value: err.Error(), Traceback: []string{err.Error()}}
}

// evaluate returns the value of each expression. One that fails does not fail the others.
func (k *Kernel) evaluate(ctx context.Context, expressions map[string]string, out *output) map[string]messaging.Expression {
	values := make(map[string]messaging.Expression, len(expressions))
	for name, expression := range expressions {
		values[name] = k.value(ctx, expression, out)
	}
	return values
}

func (k *Kernel) value(ctx context.Context, expression string, out *output) messaging.Expression {
	bundle, e := k.evaluateOne(ctx, expression, out)
	if e != nil {
		return messaging.Expression{Status: messaging.StatusError, Failure: failureOf(e)}
	}
	value := &messaging.ExpressionValue{Data: bundle.Data, Metadata: bundle.Metadata}
	if _, err := messaging.Encode(value); err != nil { // or one bad value would cost the whole reply
		return messaging.Expression{Status: messaging.StatusError, Failure: failureOf(kernelError(err))}
	}
	return messaging.Expression{Status: messaging.StatusOK, ExpressionValue: value}
}

func (k *Kernel) evaluateOne(ctx context.Context, expression string, out *output) (b display.Bundle, e *interpreter.Error) {
	defer k.recoverInto(&e)
	return k.interpreter.Evaluate(ctx, expression, out)
}

// A front end that runs all cells sends them one by one, and the first may fail before the last has
// come. So the reply to a cell that failed waits until no cell has come for settleTime, but not
// longer than settleLimit. A front end that waits for the reply before it sends more is never
// aborted, and waits at most settleTime longer. ipykernel, which takes some milliseconds for any
// cell, has the same pause as an option.
const (
	settleTime  = 10 * time.Millisecond
	settleLimit = 100 * time.Millisecond
)

// abortQueued makes the cells that have come up to now answer that they were aborted.
func (k *Kernel) abortQueued(ctx context.Context) {
	limit := time.NewTimer(settleLimit)
	defer limit.Stop()
	for quiet := k.untilQuiet(); quiet > 0; quiet = k.untilQuiet() {
		select {
		case <-time.After(quiet):
			continue
		case <-limit.C:
		case <-ctx.Done():
		}
		break
	}
	k.abortBefore = time.Now()
}

func (k *Kernel) untilQuiet() time.Duration {
	return settleTime - time.Since(k.newest.Load().Received)
}
