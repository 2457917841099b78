package interpreter

import (
	"bytes"
	"go/constant"
	"go/token"
	"strconv"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// A sketch is the text of a cell that is being written, mended so that it can be parsed: brackets
// are closed, strings are ended, what is no token of Go is left out.
type sketch struct {
	text string
	at   int // offset of the identifier that is looked for
}

// placeholder stands for the name that is being written. No name of a cell is like it.
const placeholder = build.Marker + "cursor"

// draft is the cell with the placeholder where the cursor is. Functions where it is not have no bodies.
func (p *place) draft() sketch {
	end := p.cursor
	if p.word >= 0 {
		end = p.lexemes[p.word].end
	}
	name := placeholder
	if p.startsCall() {
		name += "()"
	}
	m := newMender(p.code[:p.start()]+name+p.code[end:], p.start())
	m.brief = true
	return m.mend()
}

// startsCall reports whether the name is what go or defer is to call. The parser takes nothing
// else there.
func (p *place) startsCall() bool {
	_, before := p.selected()
	return before == token.GO || before == token.DEFER
}

// A mender mends a text. Where brackets do not match it does what most likely was meant:
//   - a line end right inside of ( or [ is never Go: the bracket is closed there;
//   - a declaration of a function, or an import, closes all brackets;
//   - a closing bracket closes what was opened after its own one, and is dropped if it has none;
//   - for, if and switch without a block get one at the end of the line.
type mender struct {
	code    string
	tokens  []lexeme
	broken  bool // some tokens are
	out     bytes.Buffer
	pending bytes.Buffer // spaces and comments behind the last token: what closes comes before them
	copied  int          // offset up to which the code was written
	open    []bracket
	target  int
	at      int

	brief    bool // the bodies of functions without the target are left out: in a long cell, that is most of it
	function bool // the current item declares one
	body     int  // where the last block of the item begins that is in no other
	bodyEnd  int
}

// A bracket is open.
type bracket struct {
	token  token.Token
	group  bool // of a declaration: line ends may stand in it
	header bool // for, if or switch stands in it and waits for its block
}

// mend mends a text. The target is the offset of an identifier in it.
func mend(code string, target int) sketch { return newMender(code, target).mend() }

func newMender(code string, target int) *mender {
	lexemes, err := scan(code)
	return &mender{code: code, tokens: lexemes, broken: err != nil, target: target, open: []bracket{{}}}
}

func (m *mender) mend() sketch {
	first := true // token of its item
	for k, l := range m.tokens {
		m.bracketsBefore(k, l)
		if first && l.token != token.COMMENT {
			m.function = l.token == token.FUNC && m.declares(k)
			m.bodyEnd = 0
		}
		m.write(l)
		m.bracketsAfter(k, l)
		first = len(m.open) == 1 && l.token == token.SEMICOLON || first && l.token == token.COMMENT
		if first {
			m.dropBody()
		}
	}
	m.closeTo(1)
	m.pending.WriteString(m.code[m.copied:])
	m.flush()
	return sketch{text: m.out.String(), at: m.at}
}

// dropBody empties the body of the function that has just ended.
func (m *mender) dropBody() {
	if m.brief && m.function && m.bodyEnd == m.out.Len() && m.bodyEnd > 0 && m.at < m.body {
		m.out.Truncate(m.body)
		m.out.WriteString("}")
	}
	m.function = false
}

// write writes a token and what stands before it.
func (m *mender) write(l lexeme) {
	// The line end that ends a statement may stand in a comment, which comes before it.
	m.pending.WriteString(m.code[m.copied:max(l.start, m.copied)])
	m.copied = max(l.end, m.copied)
	text := m.code[l.start:l.end]
	switch {
	case isCloser(l.token) && m.opener(l.token) == 0:
		text = " "
	case m.broken:
		text = harmless(l, text)
	}
	if l.token == token.COMMENT || l.start == l.end {
		m.pending.WriteString(text)
		return
	}
	m.flush()
	if l.start == m.target {
		m.at = m.out.Len()
	}
	m.out.WriteString(text)
}

func (m *mender) flush() {
	m.out.WriteString(m.pending.String())
	m.pending.Reset()
}

func (m *mender) top() *bracket { return &m.open[len(m.open)-1] }

// bracketsBefore closes what has to be closed before a token.
func (m *mender) bracketsBefore(k int, l lexeme) {
	switch l.token {
	case token.SEMICOLON:
		for (m.top().token == token.LPAREN || m.top().token == token.LBRACK) && !m.top().group {
			m.closeTo(len(m.open) - 1)
		}
		if l.literal == "\n" {
			m.closeHeader()
		}
	case token.IMPORT:
		m.closeTo(1)
	case token.FUNC:
		if len(m.open) > 1 && m.declares(k) {
			m.closeTo(1)
		}
	case token.RPAREN, token.RBRACK, token.RBRACE:
		if n := m.opener(l.token); n > 0 {
			m.closeTo(n + 1)
			m.closeHeader()
		}
	}
}

// closeHeader gives a statement the block that it lacks.
func (m *mender) closeHeader() {
	if m.top().header {
		m.out.WriteString(" {}")
		m.top().header = false
	}
}

// closeTo closes all brackets but the first n, of which one is the whole cell.
func (m *mender) closeTo(n int) {
	for len(m.open) > n {
		m.closeHeader()
		m.out.WriteString(closing[m.top().token].String())
		m.open = m.open[:len(m.open)-1]
	}
	if n == 1 {
		m.closeHeader()
	}
}

// opener is the index of the bracket that a closing one belongs to, 0 if there is none.
func (m *mender) opener(closer token.Token) int {
	for n := len(m.open) - 1; n > 0; n-- {
		if closing[m.open[n].token] == closer {
			return n
		}
	}
	return 0
}

// declares reports whether func, the k-th token, begins the declaration of a function: first on its
// line and followed by a name, if not by a receiver and a name.
func (m *mender) declares(k int) bool {
	if start := m.tokens[k].start; start > 0 && m.code[start-1] != '\n' {
		return false
	}
	s := &splitter{current: m.tokens[k:min(k+40, len(m.tokens))]}
	return s.declaresFunction()
}

func isCloser(t token.Token) bool {
	return t == token.RPAREN || t == token.RBRACK || t == token.RBRACE
}

func (m *mender) bracketsAfter(k int, l lexeme) {
	switch l.token {
	case token.FOR, token.IF, token.SWITCH:
		m.top().header = true
	case token.LPAREN, token.LBRACK, token.LBRACE:
		if l.token == token.LBRACE {
			m.top().header = false
		}
		if len(m.open) == 1 {
			m.body = m.out.Len()
		}
		m.open = append(m.open, bracket{token: l.token, group: k > 0 && isGroup(m.tokens[k-1].token)})
	case token.RPAREN, token.RBRACK, token.RBRACE:
		if n := m.opener(l.token); n > 0 {
			m.open = m.open[:n]
		}
		if l.token == token.RBRACE && len(m.open) == 1 {
			m.bodyEnd = m.out.Len()
		}
	}
}

func isGroup(t token.Token) bool {
	return t == token.IMPORT || t == token.CONST || t == token.TYPE || t == token.VAR
}

// harmless is a token's text if the scanner has nothing to say against it, or else another.
func harmless(l lexeme, text string) string {
	switch l.token {
	case token.ILLEGAL:
		return " "
	case token.COMMENT:
		if strings.HasPrefix(text, "/*") && !l.isClosed() || strings.HasPrefix(text[2:], "line ") {
			return " "
		}
	case token.STRING:
		if _, err := strconv.Unquote(l.literal); err != nil {
			return `""`
		}
	case token.CHAR:
		if _, err := strconv.Unquote(l.literal); err != nil {
			return `' '`
		}
	case token.INT, token.FLOAT, token.IMAG:
		if constant.MakeFromLiteral(l.literal, l.token, 0).Kind() == constant.Unknown {
			return "0"
		}
	}
	return text
}
