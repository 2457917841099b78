package interpreter

import (
	"context"
	"go/token"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// Inspect tells what the name at or right before the cursor stands for, or else the function whose
// arguments the cursor is among: signature, documentation, and with detail 1 the source. The cursor is
// given in code points. The bundle has text/plain and text/markdown; the second result is false if
// nothing is known. Nothing is run for it. It may be called from any goroutine, also while a cell runs.
// The error is the context's.
func (i *Interpreter) Inspect(ctx context.Context, code string, cursor, detail int) (display.Bundle, bool, error) {
	if err := ctx.Err(); err != nil {
		return display.Bundle{}, false, err
	}
	p := newPlace(code, cursor)
	about := i.about(ctx, p)
	if about == nil || ctx.Err() != nil {
		return display.Bundle{}, false, ctx.Err()
	}
	return i.editor.library.describe(about, detail > 0), true, nil
}

// about finds what the cursor is at. The session is locked meanwhile, but not while source is read.
func (i *Interpreter) about(ctx context.Context, p *place) (about *subject) {
	d, leave := i.desk(ctx, p)
	defer leave()
	defer func() {
		if recover() != nil { // go/types, on half a program
			about = nil
		}
	}()
	return d.about()
}

func (d *desk) about() *subject {
	p := d.place
	switch {
	case p.foreign:
		return nil
	case p.path:
		return d.aboutPath(p.lexemes[p.literal])
	case p.literal >= 0 && p.lexemes[p.literal].token == token.COMMENT:
		return nil
	}
	if p.word >= 0 {
		if s := d.aboutWord(p.word); s != nil {
			return s
		}
	}
	if k := p.callee(); k >= 0 {
		return d.aboutWord(k)
	}
	return nil
}

// aboutWord is what the k-th token, a name or a keyword, stands for.
func (d *desk) aboutWord(k int) *subject {
	l := d.place.lexemes[k]
	if l.token.IsKeyword() {
		return &subject{title: l.literal, doc: keywordDocs[l.token], origin: "keyword"}
	}
	p := *d.place
	p.word, p.literal, p.cursor = k, -1, l.end
	at := *d
	at.place = &p
	for v := range at.views(mend(p.code, l.start)) {
		if s := v.about(); s != nil {
			return s
		}
	}
	if p.before().token != token.PERIOD {
		return d.aboutPackageName(l.literal)
	}
	return nil
}

// callee is the index of the name of the function whose arguments the cursor is among, or -1.
func (p *place) callee() int {
	depth := 0
	for k := len(p.lexemes) - 1; k > 0; k-- {
		l := p.lexemes[k]
		if l.start >= p.cursor {
			continue
		}
		switch l.token {
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth++
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth--
		}
		if depth >= 0 {
			continue
		}
		depth = 0
		switch l.token {
		case token.LBRACE:
			return -1
		case token.LPAREN:
			if name := p.nameBefore(k); name >= 0 {
				return name
			}
		}
	}
	return -1
}

// nameBefore is the index of the name right before the k-th token, with type arguments between them
// or not; -1 if there is none.
func (p *place) nameBefore(k int) int {
	k--
	for depth := 0; k > 0 && (depth > 0 || p.lexemes[k].token == token.RBRACK); k-- {
		switch p.lexemes[k].token {
		case token.RBRACK:
			depth++
		case token.LBRACK:
			depth--
		}
	}
	if k >= 0 && p.lexemes[k].token == token.IDENT {
		return k
	}
	return -1
}
