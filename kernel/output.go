package kernel

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/gopy-kernel/gopy-kernel/comm"
	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// An output publishes what one cell shows, under the request that ran it, also when the cell has
// ended long ago. It is an interpreter.Output.
type output struct {
	kernel  *Kernel
	request *messaging.Message
	to      *messaging.Outputs
	silent  bool
	stdin   bool // the front end takes questions
	count   int  // set before the cell runs
	counts  bool
}

func (k *Kernel) newOutput(r *request, content messaging.ExecuteRequest) *output {
	return &output{
		kernel:  k,
		request: r.Message,
		to:      k.publisher.Outputs(r.Message),
		silent:  content.Silent,
		stdin:   content.AllowStdin,
		counts:  content.Counts(),
	}
}

// Stream implements interpreter.Output. Text goes out for silent requests too, as ipykernel has
// it: front ends that run code of their own silently read what it prints.
func (o *output) Stream(name, text string) { o.to.Stream(name, text) }

// Display implements interpreter.Output.
func (o *output) Display(b display.Bundle, id string, update bool) {
	t := messaging.TypeDisplayData
	if update {
		t = messaging.TypeUpdateDisplayData
	}
	o.publish(t, messaging.DisplayData{
		Data:      b.Data,
		Metadata:  b.Metadata,
		Transient: messaging.Transient{DisplayID: id},
	})
}

// Result implements interpreter.Output.
func (o *output) Result(b display.Bundle) {
	if o.silent {
		return
	}
	if text, ok := b.Data["text/plain"].(string); ok && o.counts {
		o.kernel.history.result(o.count, text)
	}
	o.publish(messaging.TypeExecuteResult, messaging.ExecuteResult{
		ExecutionCount: o.count,
		Data:           b.Data,
		Metadata:       b.Metadata,
	})
}

// Comm implements interpreter.Output.
func (o *output) Comm(p comm.Packet) {
	o.kernel.comms.note(p)
	content := messaging.Comm{ID: p.ID, TargetName: p.Target, Data: p.Data}
	err := o.to.Comm(messaging.Type(p.Kind), content, p.Metadata, p.Buffers)
	if err != nil && !errors.Is(err, messaging.ErrClosed) {
		o.to.Stream(messaging.Stderr, fmt.Sprintf("not sent to the page: %v\n", err))
	}
}

// CloseComms implements interpreter.Output.
func (o *output) CloseComms() {
	for _, id := range slices.Sorted(maps.Keys(o.kernel.comms.of(""))) {
		o.Comm(comm.Packet{Kind: comm.Closes, ID: id})
	}
}

// ClearOutput implements interpreter.Output.
func (o *output) ClearOutput(wait bool) {
	o.publish(messaging.TypeClearOutput, messaging.ClearOutput{Wait: wait})
}

// errNoStdin is an answer and not a question that nobody would ever answer: nbconvert, for
// example, takes no questions.
var errNoStdin = errors.New("this front end takes no input")

// Input implements interpreter.Output. At the end of the input it returns io.EOF, and on an
// interrupt or when ctx ends, context.Canceled.
func (o *output) Input(ctx context.Context, prompt string, password bool) (string, error) {
	if !o.stdin {
		return "", errNoStdin
	}
	o.to.Flush() // what was printed may belong to the prompt
	return o.kernel.stdin.ask(ctx, o.request, messaging.InputRequest{Prompt: prompt, Password: password})
}

// fail publishes how the cell failed. Silent requests have it in their reply only.
func (o *output) fail(e *interpreter.Error) {
	if !o.silent {
		o.to.Flush()
		o.publish(messaging.TypeError, *failureOf(e))
	}
}

// publish tells the user of a value that JSON has no form for: it is their value.
func (o *output) publish(t messaging.Type, content any) {
	err := o.to.Publish(t, content)
	if err != nil && !errors.Is(err, messaging.ErrClosed) {
		o.to.Stream(messaging.Stderr, fmt.Sprintf("not shown: %v\n", err))
	}
}
