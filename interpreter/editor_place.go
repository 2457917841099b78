package interpreter

import (
	"go/token"
	"slices"
	"strings"
	"unicode/utf8"
)

// A place is where the cursor stands in a cell, as far as the tokens tell.
type place struct {
	code    string // code point for code point the user's, with what no scanner likes taken out
	cursor  int    // offset
	lexemes []lexeme
	word    int  // index of the identifier or keyword that the cursor is at, or else -1
	literal int  // index of the literal or comment that the cursor is in, or else -1
	path    bool // the literal is the path of an import
	foreign bool // the cell, or the line of the cursor, is not Go
}

// newPlace looks at the tokens of a cell. The cursor is given in code points.
func newPlace(source string, cursor int) *place {
	runes := []rune(source)
	for i, r := range runes {
		switch r {
		case 0, '\r', '\ufeff':
			runes[i] = ' '
		}
	}
	cursor = max(0, min(cursor, len(runes)))
	p := &place{cursor: len(string(runes[:cursor])), word: -1, literal: -1}
	p.code, p.foreign = blankCommands(string(runes), p.cursor)
	p.lexemes, _ = scan(p.code)
	for k, l := range p.lexemes {
		switch {
		case p.touches(l):
			p.word = k
		case p.isIn(l):
			p.literal = k
			p.path = l.token == token.STRING && p.imports()
		}
	}
	return p
}

// touches reports whether the cursor is in a word, at its end, or right before an identifier.
func (p *place) touches(l lexeme) bool {
	if l.start == p.cursor {
		return l.token == token.IDENT
	}
	return (l.token == token.IDENT || l.token.IsKeyword()) && l.start < p.cursor && p.cursor <= l.end
}

// isIn reports whether the cursor is in a literal or a comment, where no name can be written.
func (p *place) isIn(l lexeme) bool {
	if p.cursor <= l.start || p.cursor > l.end {
		return false
	}
	switch l.token {
	case token.INT, token.FLOAT, token.IMAG:
		return true
	case token.STRING, token.CHAR, token.COMMENT:
		return p.cursor < l.end || !l.isClosed()
	}
	return false
}

// isClosed reports whether a literal or a comment has the end that belongs to it. A comment of one
// line has none.
func (l lexeme) isClosed() bool {
	switch {
	case l.token == token.COMMENT:
		return strings.HasPrefix(l.literal, "/*") && strings.HasSuffix(l.literal, "*/") && len(l.literal) > 3
	case len(l.literal) < 2 || l.literal[0] != l.literal[len(l.literal)-1]:
		return false
	case l.literal[0] == '`':
		return true
	}
	body := l.literal[1 : len(l.literal)-1]
	return (len(body)-len(strings.TrimRight(body, `\`)))%2 == 0
}

// start is where the name or the path begins that is being written, and prefix what is there of it.
func (p *place) start() int {
	switch {
	case p.word >= 0:
		return p.lexemes[p.word].start
	case p.path:
		return p.lexemes[p.literal].start + 1
	}
	return p.cursor
}

func (p *place) prefix() string { return p.code[p.start():p.cursor] }

// before is the n-th token before the name, from 1, without comments.
func (p *place) before(n int) lexeme {
	start := p.start()
	for _, l := range slices.Backward(p.lexemes) {
		after := l.end > start || l.start == start // a line end has no length
		if after || l.token == token.COMMENT {
			continue
		}
		if n--; n == 0 {
			return l
		}
	}
	return lexeme{}
}

// points turns an offset into a number of code points.
func (p *place) points(offset int) int { return utf8.RuneCountInString(p.code[:offset]) }

// blankCommands takes the lines out of a cell that are not Go: `%magic` and `!command`. It says
// whether the cursor is in one.
func blankCommands(code string, cursor int) (kept string, foreign bool) {
	if strings.HasPrefix(strings.TrimSpace(code), "%%") {
		return code, true
	}
	for strings.ContainsAny(code, "%!") {
		start := command(code)
		if start < 0 {
			break
		}
		end := start + len(firstLine(code[start:]))
		foreign = foreign || start < cursor && cursor <= end
		code = code[:start] + strings.Repeat(" ", end-start) + code[end:]
	}
	return code, foreign
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(text, "\n")
	return line
}

// command is the offset of the first line that is a command, or -1.
func command(code string) int {
	lexemes, _ := scan(code)
	depth := 0
	begins := true
	for _, l := range lexemes {
		switch l.token {
		case token.COMMENT:
			continue
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.REM, token.NOT:
			if begins && depth <= 0 {
				return l.start
			}
		}
		begins = l.token == token.SEMICOLON && l.literal == "\n"
	}
	return -1
}
