package interpreter

import (
	"context"
	"regexp"
	"strings"
	"unicode/utf8"
)

// A question asks for the documentation of a name, as in IPython: ?strings.Split or strings.Split?. The mark is no
// character of Go, so nothing else can be meant.

const questionUse = "?NAME and NAME? show what a name is, ??NAME its source too"

var isQuestion = regexp.MustCompile(`^[\pL_][\pL\pN_]*(?:\.[\pL_][\pL\pN_]*)*$`)

// tell answers a question.
func (i *Interpreter) tell(ctx context.Context, cell Cell, c lineCommand, out Output) error {
	line, _, _ := strings.Cut(cell.text()[c.at:], "\n")
	code := cell.text()[:c.at] + strings.ReplaceAll(line, "?", " ") + cell.text()[c.at+len(line):]
	cursor := c.at + strings.Index(line, c.text) + len(c.text)
	detail := 0
	if strings.Contains(line, "??") {
		detail = 1
	}
	about, known, err := i.Inspect(ctx, code, utf8.RuneCountInString(code[:cursor]), detail)
	switch {
	case err != nil:
		return err
	case !known:
		return cell.fail(c.at, "nothing is known of "+c.text)
	}
	out.Display(about, "", false)
	return nil
}
