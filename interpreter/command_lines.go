package interpreter

import (
	"bytes"
	"go/scanner"
	"go/token"
	"iter"
)

// commandLines are the lines of a cell that are not Go, such as %get, !ls and fmt.Println?: from where they begin
// to the line end.
func commandLines(source string) iter.Seq2[int, int] {
	return func(yield func(start, end int) bool) {
		text := []byte(source)
		for from := 0; mayHaveCommand(text[from:]); {
			start := command(text, from)
			if start < 0 {
				return
			}
			end := start
			for end < len(text) && text[end] != '\n' {
				end++
			}
			if from = end; !yield(start, end) {
				return
			}
		}
	}
}

func blank(text []byte) {
	for n := range text {
		text[n] = ' '
	}
}

// mayHaveCommand reports whether a line begins with the sign of a command, or has a question mark, which Go
// has not. Each may also be part of an expression or of a string.
func mayHaveCommand(text []byte) bool {
	begins := true
	for _, c := range text {
		switch c {
		case '%', '!':
			if begins {
				return true
			}
			begins = false
		case '?':
			return true
		case ' ', '\t':
		default:
			begins = c == '\n'
		}
	}
	return false
}

// command is the offset of the first line from an offset on that is a command, or -1. What follows it
// is not scanned, for it need not be tokens of Go.
func command(text []byte, from int) int {
	var s scanner.Scanner
	file := token.NewFileSet().AddFile("", -1, len(text)-from)
	s.Init(file, text[from:], nil, 0)
	depth := 0
	line, name := 0, true // where the line begins, and whether it is a name so far
	for begins := true; ; {
		pos, tok, literal := s.Scan()
		if begins {
			line, name = file.Offset(pos), true
		}
		switch tok {
		case token.EOF:
			return -1
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.REM, token.NOT:
			if begins && depth <= 0 {
				return from + file.Offset(pos)
			}
		case token.ILLEGAL:
			if literal == "?" && depth <= 0 && name && (begins || endsLine(text[from+file.Offset(pos):])) {
				return from + line
			}
		}
		name = name && (tok == token.IDENT || tok == token.PERIOD)
		begins = tok == token.SEMICOLON && literal == "\n"
	}
}

// endsLine reports whether nothing follows the question marks of a line.
func endsLine(text []byte) bool {
	rest, _, _ := bytes.Cut(text, []byte{'\n'})
	return len(bytes.Trim(rest, "? \t\r")) == 0
}
