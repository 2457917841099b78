package kernel

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// A handler answers one type of request. An error, or a panic, becomes an error reply.
type handler struct {
	run   func(context.Context, *request) error
	reply messaging.Type // "" for what has no reply
	lane  lane
}

// table lists all requests that are understood, whatever channel they come by.
func (k *Kernel) table() map[messaging.Type]handler {
	return map[messaging.Type]handler{
		messaging.TypeKernelInfoRequest: {k.kernelInfo, messaging.TypeKernelInfoReply, here},
		messaging.TypeConnectRequest:    {k.connect, messaging.TypeConnectReply, here},
		messaging.TypeCommInfoRequest:   {k.commInfo, messaging.TypeCommInfoReply, here},
		messaging.TypeInterruptRequest:  {k.interrupt, messaging.TypeInterruptReply, here},
		messaging.TypeShutdownRequest:   {k.shutdown, messaging.TypeShutdownReply, here},

		messaging.TypeCompleteRequest:   {k.complete, messaging.TypeCompleteReply, editor},
		messaging.TypeInspectRequest:    {k.inspect, messaging.TypeInspectReply, editor},
		messaging.TypeIsCompleteRequest: {k.isComplete, messaging.TypeIsCompleteReply, editor},
		messaging.TypeHistoryRequest:    {k.searchHistory, messaging.TypeHistoryReply, editor},
		messaging.TypeUsageRequest:      {k.usage, messaging.TypeUsageReply, editor},

		messaging.TypeExecuteRequest: {k.execute, messaging.TypeExecuteReply, inOrder},
		messaging.TypeCommOpen:       {k.comm, "", inOrder},
		messaging.TypeCommMsg:        {k.comm, "", inOrder},
		messaging.TypeCommClose:      {k.comm, "", inOrder},
	}
}

// A request is a message that is being answered.
type request struct {
	*messaging.Message
	kernel    *Kernel
	replyType messaging.Type
	replied   bool
	metadata  any    // of the reply
	afterIdle func() // what is done when nothing more will be sent
}

// answer does everything for one request: busy comes first and idle last, whatever happens between.
func (k *Kernel) answer(ctx context.Context, m *messaging.Message) {
	h, known := k.handlers[m.Header.Type]
	r := &request{Message: m, kernel: k, replyType: h.reply}
	r.status(messaging.Busy)
	defer r.end()
	defer r.recover()
	switch {
	case !known:
		k.logger.Warn("unknown message type", "type", m.Header.Type, "channel", m.Channel.String())
	case m.Malformed != nil:
		r.fail(fmt.Errorf("malformed message: %w", m.Malformed))
	default:
		if err := h.run(ctx, r); err != nil {
			r.fail(err)
		}
	}
}

func (r *request) status(s messaging.State) {
	r.kernel.publish(r.Message, messaging.TypeStatus, messaging.KernelStatus{State: s})
}

func (r *request) end() {
	r.status(messaging.Idle)
	if r.afterIdle != nil {
		r.afterIdle()
	}
}

// recover turns a panic, which is a fault of the kernel, into an error reply.
func (r *request) recover() {
	if p := recover(); p != nil {
		r.fail(panicked(r.kernel, p))
	}
}

func panicked(k *Kernel, p any) error {
	k.logger.Error("panic in the kernel", "panic", p, "stack", string(debug.Stack()))
	return fmt.Errorf("the kernel failed, which is not the fault of the cell: %v", p)
}

// reply sends the one reply of the request.
func (r *request) reply(content any) error {
	m, err := r.kernel.server.Answer(r.Message, r.replyType, content)
	if err != nil {
		return err
	}
	if r.metadata != nil {
		if m.Metadata, err = messaging.Encode(r.metadata); err != nil {
			return fmt.Errorf("writing the metadata of %s: %w", r.replyType, err)
		}
	}
	r.replied = true
	// Not the request's context: a cell that the end of the kernel has aborted still gets its reply.
	if err := r.kernel.server.Send(context.Background(), m); err != nil {
		r.kernel.logger.Warn("reply lost", "type", r.replyType, "error", err)
	}
	return nil
}

// fail sends an error reply, unless there was a reply already, or none is due.
func (r *request) fail(cause error) {
	r.kernel.logger.Warn("request failed", "type", r.Header.Type, "error", cause)
	if r.replied || r.replyType == "" {
		return
	}
	failure := messaging.Failure{Name: "KernelError", Value: cause.Error(), Traceback: []string{cause.Error()}}
	var content any = messaging.NewErrorReply(failure)
	if r.replyType == messaging.TypeExecuteReply {
		content = messaging.ExecuteReply{Status: messaging.StatusError, ExecutionCount: r.kernel.count, Failure: &failure}
	}
	if err := r.reply(content); err != nil {
		r.kernel.logger.Error("no reply could be made", "type", r.Header.Type, "error", err)
	}
}

// publish sends something to IOPub that does not wait for room. That it cannot be sent is logged
// and no more: IOPub is the only way to tell, and after the end of the kernel it is closed.
func (k *Kernel) publish(parent *messaging.Message, t messaging.Type, content any) {
	err := k.publisher.Publish(parent, t, content)
	if err != nil && !errors.Is(err, messaging.ErrClosed) {
		k.logger.Error("not published", "type", t, "error", err)
	}
}

func failureOf(e *interpreter.Error) *messaging.Failure {
	return &messaging.Failure{Name: e.Name, Value: e.Value, Traceback: e.Traceback}
}
