package worker

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/display"
	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/worker/cell"
)

// look answers what variables hold. It may run beside a cell that changes them: what is shown is
// then from some moment or other, and a panic on the way is shown in place of the value.
func (w *Worker) look(m link.Look) {
	seen := link.Seen{ID: m.ID}
	for _, v := range cell.Variables(m.Keys...) {
		seen.Variables = append(seen.Variables, link.Variable{Key: v.Key, Type: v.Value().Type().String(), Value: glance(v.Value())})
	}
	_ = w.config.Conn.Send(seen) // if the front has gone, the loop ends by itself
}

// glance is a short text of a value.
func glance(v reflect.Value) (text string) {
	const enough = 200
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("(%v)", r)
		}
	}()
	text, _ = display.Render(v.Interface()).Data["text/plain"].(string)
	if len(text) > enough {
		text = strings.ToValidUTF8(text[:enough], "") + "…" // the last letter may have been cut
	}
	return text
}
