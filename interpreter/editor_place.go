package interpreter

import (
	"go/token"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"
)

// A place is where the cursor stands in a cell, as far as the tokens tell.
type place struct {
	whole   string // code point for code point the user's, without what no scanner takes
	code    string // byte for byte the whole, but spaces in lines that are not Go
	cursor  int    // offset
	lexemes []lexeme
	word    int  // index of the identifier or keyword that the cursor is at, or else -1
	literal int  // index of the literal or comment that the cursor is in, or else -1
	path    bool // the literal is the path of an import
	foreign bool // the cell, or the line of the cursor, is not Go
}

// newPlace looks at the tokens of a cell. The cursor is given in code points.
func newPlace(source string, cursor int) *place {
	whole := clean(source)
	p := &place{whole: whole, cursor: offsetOf(whole, cursor), word: -1, literal: -1}
	p.code, p.foreign = blankCommands(p.whole, p.cursor)
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

// clean replaces what the scanner does not take anywhere, code point for code point.
func clean(source string) string {
	if utf8.ValidString(source) && !strings.ContainsAny(source, "\x00\r\ufeff") {
		return source
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case 0, '\r', '\ufeff':
			return ' '
		}
		return r // utf8.RuneError for a byte that is not UTF-8
	}, source)
}

// offsetOf turns a number of code points into an offset.
func offsetOf(text string, points int) int {
	for offset := range text {
		if points <= 0 {
			return offset
		}
		points--
	}
	return len(text)
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

// before is the token before the name.
func (p *place) before() lexeme {
	for l := range p.backward() {
		return l
	}
	return lexeme{}
}

// backward are the tokens before the name, the nearest first, without comments.
func (p *place) backward() iter.Seq[lexeme] {
	start := p.start()
	return func(yield func(lexeme) bool) {
		for _, l := range slices.Backward(p.lexemes) {
			after := l.end > start || l.start == start // a line end has no length
			if !after && l.token != token.COMMENT && !yield(l) {
				return
			}
		}
	}
}

// selected are the names that the name is selected from, the nearest first, and the token before them.
func (p *place) selected() (names []string, before token.Token) {
	dot := false
	for l := range p.backward() {
		switch {
		case !dot && l.token == token.PERIOD:
			dot = true
		case dot && l.token == token.IDENT:
			names, dot = append(names, l.literal), false
		default:
			return names, l.token
		}
	}
	return names, token.ILLEGAL
}

// points turns an offset into a number of code points.
func (p *place) points(offset int) int { return utf8.RuneCountInString(p.whole[:offset]) }

// blankCommands takes the lines out of a cell that are not Go: `%magic` and `!command`. It says
// whether the cursor is in one.
func blankCommands(code string, cursor int) (kept string, foreign bool) {
	if otherLanguage(code) {
		return code, true
	}
	text := []byte(withoutGoCell(code))
	for start, end := range commandLines(withoutGoCell(code)) {
		c := readCommand(code, start, end)
		if c.sign == '?' {
			copy(text[start:end], strings.ReplaceAll(code[start:end], "?", " ")) // a name of Go
			continue
		}
		if c.times() {
			end = c.rest // and Go behind it
		}
		blank(text[start:end])
		foreign = foreign || start < cursor && cursor <= end
	}
	return string(text), foreign
}
