package interpreter

import (
	"go/scanner"
	"go/token"
	"strings"
)

// An item is a declaration or a statement at the top level of a cell.
type item struct {
	keyword token.Token // PACKAGE, IMPORT, CONST, TYPE, VAR, FUNC, or ILLEGAL for a statement
	start   int         // offset of the first byte, that of its comment if one stands right before it
	code    int         // offset of the first byte of code
	end     int         // offset behind the last byte
	quiet   bool        // a semicolon stands behind it
}

// A lexeme is a token of a cell and where it stands.
type lexeme struct {
	token   token.Token
	literal string
	start   int
	end     int
}

// A syntaxError is what is wrong with a cell's text, before its parts are looked at.
type syntaxError struct {
	offset  int
	message string
	// open is set if more text could mend it.
	open bool
	more []*syntaxError // that were found after it
}

func (e *syntaxError) Error() string { return e.message }

// scan turns a cell into tokens, comments among them. Go's rule about line ends is applied: a
// semicolon with the literal "\n" is one that was not written.
func scan(source string) ([]lexeme, *syntaxError) {
	var found *syntaxError
	file := token.NewFileSet().AddFile("", -1, len(source))
	var s scanner.Scanner
	s.Init(file, []byte(source), func(pos token.Position, message string) {
		e := &syntaxError{offset: pos.Offset, message: message, open: strings.HasSuffix(message, "not terminated") && !strings.HasPrefix(message, "rune") && !strings.HasPrefix(message, "string")}
		if found == nil {
			found = e
		} else {
			found.more = append(found.more, e)
		}
	}, scanner.ScanComments)
	var lexemes []lexeme
	for {
		pos, tok, literal := s.Scan()
		start := file.Offset(pos)
		if tok == token.EOF {
			return lexemes, found
		}
		end := start + len(literal)
		switch {
		case tok == token.SEMICOLON && literal == "\n":
			end = start
		case literal == "":
			end = start + len(tok.String())
		}
		lexemes = append(lexemes, lexeme{tok, literal, start, end})
	}
}

// split finds the items of a cell.
func split(source string) ([]item, *syntaxError) {
	lexemes, err := scan(source)
	if err != nil {
		return nil, err
	}
	return (&splitter{source: source, lexemes: lexemes}).run()
}

type splitter struct {
	source  string
	lexemes []lexeme
	items   []item
	open    []lexeme // brackets
	header  bool     // between for, if or switch and its block, where semicolons end nothing
	current []lexeme // of the item, without comments
	comment int      // offset of the comment that belongs to the next item, or -1
}

func (s *splitter) run() ([]item, *syntaxError) {
	s.comment = -1
	for _, l := range s.lexemes {
		switch l.token {
		case token.COMMENT:
			s.takeComment(l)
			continue
		case token.FOR, token.IF, token.SWITCH:
			s.header = s.header || len(s.open) == 0
		case token.LPAREN, token.LBRACK, token.LBRACE:
			s.header = s.header && (len(s.open) > 0 || l.token != token.LBRACE)
			s.open = append(s.open, l)
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if err := s.closeBracket(l); err != nil {
				return nil, err
			}
		case token.SEMICOLON:
			if len(s.open) == 0 && !(s.header && l.literal == ";") {
				s.finish(l.literal == ";")
				continue
			}
		}
		s.current = append(s.current, l)
	}
	if n := len(s.open); n > 0 {
		return nil, &syntaxError{offset: len(s.source), message: "syntax error: unexpected EOF, expecting " + closing[s.open[n-1].token].String(), open: true}
	}
	s.finish(false)
	return s.items, nil
}

var closing = map[token.Token]token.Token{token.LPAREN: token.RPAREN, token.LBRACK: token.RBRACK, token.LBRACE: token.RBRACE}

func (s *splitter) closeBracket(l lexeme) *syntaxError {
	n := len(s.open)
	if n == 0 {
		return &syntaxError{offset: l.start, message: "syntax error: unexpected " + l.token.String()}
	}
	if want := closing[s.open[n-1].token]; want != l.token {
		return &syntaxError{offset: l.start, message: "syntax error: unexpected " + l.token.String() + ", expecting " + want.String()}
	}
	s.open = s.open[:n-1]
	return nil
}

// takeComment remembers a comment that stands by itself. It belongs to the next item if only line
// ends without an empty line are between them: directives and documentation do.
func (s *splitter) takeComment(l lexeme) {
	if len(s.current) > 0 {
		return
	}
	if n := len(s.items); n > 0 && !strings.Contains(s.source[s.items[n-1].end:l.start], "\n") && !strings.HasPrefix(l.literal, blockDirective) {
		return // it stands behind the item before
	}
	if s.comment < 0 || s.gap(l.start) {
		s.comment = l.start
	}
}

// blockDirective begins a comment that says where the code behind it stands.
const blockDirective = "/*line "

// gap reports whether an empty line stands right before an offset.
func (s *splitter) gap(offset int) bool {
	before := s.source[:offset]
	spaces := before[len(strings.TrimRight(before, " \t\r\n")):]
	return strings.Count(spaces, "\n") > 1
}

func (s *splitter) finish(quiet bool) {
	if len(s.current) == 0 {
		if quiet && len(s.items) > 0 {
			s.items[len(s.items)-1].quiet = true
		}
		return
	}
	first, last := s.current[0], s.current[len(s.current)-1]
	i := item{keyword: s.keyword(), start: first.start, code: first.start, end: last.end, quiet: quiet}
	if s.comment >= 0 && !s.gap(first.start) {
		i.start = s.comment
	}
	s.items = append(s.items, i)
	s.current, s.comment, s.header = nil, -1, false
}

// keyword is what kind of item the current one is. A function literal that is called is a statement.
func (s *splitter) keyword() token.Token {
	switch first := s.current[0].token; first {
	case token.PACKAGE, token.IMPORT, token.CONST, token.TYPE, token.VAR:
		return first
	case token.FUNC:
		if s.declaresFunction() {
			return token.FUNC
		}
	}
	return token.ILLEGAL
}

// declaresFunction tells func f(…) and func (r T) f(…) from func(…) {…}(…).
func (s *splitter) declaresFunction() bool {
	rest := s.current[1:]
	if len(rest) == 0 || rest[0].token == token.IDENT {
		return true
	}
	depth := 0
	for i, l := range rest {
		switch l.token {
		case token.LPAREN:
			depth++
		case token.RPAREN:
			depth--
		}
		if depth == 0 {
			return i+2 < len(rest) && rest[i+1].token == token.IDENT && (rest[i+2].token == token.LPAREN || rest[i+2].token == token.LBRACK)
		}
	}
	return false
}
