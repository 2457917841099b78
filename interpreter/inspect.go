package interpreter

import (
	"context"
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// Inspect tells what the name of the session at the cursor stands for. The cursor is given in code
// points. The second result is false if nothing is known.
func (i *Interpreter) Inspect(_ context.Context, code string, cursor, _ int) (display.Bundle, bool, error) {
	text := []rune(code)
	start := max(0, min(cursor, len(text)))
	end := start
	for start > 0 && isWordRune(text[start-1]) {
		start--
	}
	for end < len(text) && isWordRune(text[end]) {
		end++
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	s := i.names.symbols[string(text[start:end])]
	if s == nil {
		return display.Bundle{}, false, nil
	}
	about := fmt.Sprintf("%s %s", s.kind, s.name)
	if s.variable != nil {
		about = fmt.Sprintf("var %s %s", s.name, s.variable.shown)
	}
	return display.Bundle{Data: map[string]any{"text/plain": about}}, true, nil
}
