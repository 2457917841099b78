package interpreter

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"strings"
	"sync"
)

// mostCaptured is how much text of a cell is captured, in bytes: it becomes part of a cell.
const mostCaptured = 1 << 20

// takeCapture turns a cell that begins with %%capture into Go, with everything where it stood. The name may be
// empty.
func takeCapture(cell Cell) (code Cell, name string, capture bool, err error) {
	const command = "%%capture"
	from := len(cell.Source) - len(strings.TrimLeft(cell.Source, " \t\r\n"))
	line, _, _ := strings.Cut(cell.Source[from:], "\n")
	words := strings.Fields(line)
	if len(words) == 0 || words[0] != command {
		return cell, "", false, nil
	}
	if name = strings.Join(words[1:], " "); name != "" && !token.IsIdentifier(name) {
		return cell, "", true, cell.fail(from, cellCommands["capture"].text)
	}
	text := []byte(cell.Source)
	blank(text[from : from+len(line)])
	cell.written, cell.Source = cell.Source, string(text)
	return cell, name, true, nil
}

// capture runs a cell and puts what it prints into a variable, also if it fails, unless it does not compile. What
// it shows otherwise is shown.
func (i *Interpreter) capture(ctx context.Context, cell Cell, name string, out Output) error {
	captured := &capturedOutput{Output: out}
	failed := i.execute(ctx, cell, captured)
	text, more := captured.text()
	var compile *CompileError
	if name == "" || errors.As(failed, &compile) {
		return failed
	}
	if more {
		out.Stream("stderr", fmt.Sprintf("note: %s has the first %d bytes only\n", name, len(text)))
	}
	if err := i.execute(ctx, Cell{Source: fmt.Sprintf("%s := %q", name, text), Count: cell.Count}, out); failed == nil {
		return err
	}
	return failed
}

// A capturedOutput keeps what is printed, and passes on the rest.
type capturedOutput struct {
	Output
	mu    sync.Mutex
	kept  strings.Builder
	total int
	taken bool // what comes later, from goroutines, is dropped
}

// Stream keeps the text.
func (c *capturedOutput) Stream(_, text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.taken {
		return
	}
	c.total += len(text)
	c.kept.WriteString(text[:min(len(text), mostCaptured-c.kept.Len())])
}

func (c *capturedOutput) text() (text string, more bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	text, more = c.kept.String(), c.total > c.kept.Len()
	c.kept.Reset()
	c.taken = true
	return text, more
}
