package interpreter

import (
	"context"
	"errors"
	"go/token"
	"slices"
	"strings"
)

// What a Completeness says.
const (
	complete   = "complete"
	incomplete = "incomplete"
	invalid    = "invalid"
)

// IsComplete tells whether code is a whole cell, the begin of one, or none however it goes on. Only
// the text is looked at: names that are not declared are found when the cell runs. It may be called
// from any goroutine, and never waits.
func (i *Interpreter) IsComplete(_ context.Context, code string) Completeness {
	if otherLanguage(code) {
		return Completeness{Status: complete} // whatever it is, it is not Go
	}
	code, _ = blankCommands(code, 0)
	status := completeness(code)
	if status != incomplete {
		return Completeness{Status: status}
	}
	return Completeness{Status: status, Indent: indent(code)}
}

func completeness(code string) string {
	lexemes, err := scan(code)
	if err == nil {
		_, err = split(code)
	}
	switch {
	case err != nil && err.open:
		return incomplete
	case err != nil:
		return invalid
	}
	failed := firstError(code)
	switch {
	case failed == nil:
		return complete
	case failed.Message == unexpectedEnd && !endsStatement(lexemes):
		return incomplete
	}
	return invalid
}

// unexpectedEnd is the parser's complaint about a cell that ends too early.
const unexpectedEnd = "syntax error: unexpected end of cell"

// firstError is the first thing in a cell that is against Go's grammar.
func firstError(code string) *Diagnostic {
	_, err := parse(token.NewFileSet(), code)
	var failed *CompileError
	if !errors.As(err, &failed) {
		return nil
	}
	return &failed.Diagnostics[0]
}

// endsStatement reports whether a line end behind the last token ends a statement. What is wrong
// then cannot be mended by more lines: after `if x` the brace had to stand on the same line.
func endsStatement(lexemes []lexeme) bool {
	l, ok := lastCode(lexemes)
	return ok && l.token == token.SEMICOLON
}

// lastCode is the last token that is no comment.
func lastCode(lexemes []lexeme) (lexeme, bool) {
	for k := len(lexemes) - 1; k >= 0; k-- {
		if lexemes[k].token != token.COMMENT {
			return lexemes[k], true
		}
	}
	return lexeme{}, false
}

// indent is what the next line of incomplete code begins with, as gofmt has it: a tab for each line
// that leaves brackets open, and one more where an expression goes on. Inside of a raw string or a
// comment there is none, for it would become part of it.
func indent(code string) string {
	lexemes, err := scan(code)
	if err != nil {
		return ""
	}
	lines, line := openLines(code, lexemes)
	depth := len(slices.Compact(slices.Clone(lines)))
	last, ok := lastCode(lexemes)
	here := len(lines) > 0 && lines[len(lines)-1] == line
	if ok && last.token.IsOperator() && !here && !isPunctuation(last.token) {
		depth++
	}
	return strings.Repeat("\t", depth)
}

// openLines are the lines of the brackets that are not closed, and the line of the last token.
func openLines(code string, lexemes []lexeme) (lines []int, line int) {
	at := 0
	for _, l := range lexemes {
		if l.token == token.COMMENT {
			continue
		}
		line += strings.Count(code[at:l.start], "\n")
		at = l.start
		switch l.token {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			lines = append(lines, line)
		case token.RPAREN, token.RBRACK, token.RBRACE:
			lines = lines[:max(len(lines)-1, 0)]
		}
	}
	return lines, line
}

func lineOf(code string, offset int) int {
	line, _ := position(code, offset)
	return line
}

// isPunctuation reports whether a token is none that an expression goes on after.
func isPunctuation(t token.Token) bool {
	switch t {
	case token.LPAREN, token.LBRACK, token.LBRACE, token.RPAREN, token.RBRACK, token.RBRACE, token.COMMA, token.SEMICOLON, token.COLON:
		return true
	}
	return false
}
