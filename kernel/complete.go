package kernel

import (
	"context"
	"unicode/utf8"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
	"github.com/gopy-kernel/gopy-kernel/messaging"
)

func (k *Kernel) complete(ctx context.Context, r *request) error {
	content, err := messaging.Decode[messaging.CompleteRequest](r.Message)
	if err != nil {
		return err
	}
	found, err := k.interpreter.Complete(ctx, content.Code, inside(content.Code, content.CursorPos))
	if err != nil {
		return err
	}
	return r.reply(completeReply(found))
}

func completeReply(found interpreter.Completion) messaging.CompleteReply {
	reply := messaging.CompleteReply{
		Status:      messaging.StatusOK,
		CursorStart: found.Start,
		CursorEnd:   found.End,
	}
	for _, item := range found.Items {
		reply.Matches = append(reply.Matches, item.Text)
		reply.Metadata.Types = append(reply.Metadata.Types, messaging.TypedMatch{
			Text:      item.Text,
			Type:      item.Kind,
			Start:     found.Start,
			End:       found.End,
			Signature: item.Signature,
		})
	}
	return reply
}

// inside moves a cursor that is not in the code to its nearest end.
func inside(code string, cursor int) int {
	return max(0, min(cursor, utf8.RuneCountInString(code)))
}
