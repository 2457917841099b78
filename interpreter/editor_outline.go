package interpreter

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
)

// An outline is a session without the bodies of its functions. What a function does inside is of no
// interest while another cell is written, and most of what a function uses it uses there: with the
// bodies, a cell that calls one function of a long session takes 20 ms to check instead of 0.1 ms.
func (e *editor) outline(session *names) *names {
	if e.outlines == nil || len(e.outlines) > 2*len(session.symbols)+100 { // much of it is of replaced declarations
		e.outlines = map[*declaration]*declaration{}
	}
	light := *session
	light.symbols = make(map[string]*symbol, len(session.symbols))
	for name, s := range session.symbols {
		if s.declaration != nil {
			whole := s
			s = &symbol{name: s.name, kind: s.kind, declaration: e.withoutBodies(whole.declaration)}
			for _, m := range whole.methods {
				s.methods = append(s.methods, e.withoutBodies(m))
			}
		}
		light.symbols[name] = s
	}
	return &light
}

func (e *editor) withoutBodies(d *declaration) *declaration {
	if light := e.outlines[d]; light != nil {
		return light
	}
	light := *d
	light.to = signatureEnd(d.part)
	kept, dropped := newSet(), newSet()
	for _, edit := range d.edits {
		if edit.end <= light.to {
			kept.add(plainName(edit.symbol))
		} else {
			dropped.add(plainName(edit.symbol))
		}
	}
	light.uses = slices.DeleteFunc(slices.Clone(d.uses), func(name string) bool { return dropped.has[name] && !kept.has[name] })
	e.outlines[d] = &light
	return &light
}

// signatureEnd is the offset in the cell where the body of a function or a method begins, or where
// the part ends if it is none.
func signatureEnd(p part) int {
	const header = "package p;"
	file, err := parser.ParseFile(token.NewFileSet(), "", header+p.text(), parser.SkipObjectResolution)
	if err != nil || len(file.Decls) == 0 {
		return p.to
	}
	f, ok := file.Decls[0].(*ast.FuncDecl)
	if !ok || f.Body == nil {
		return p.to
	}
	return p.from + int(f.Body.Lbrace-file.FileStart) - len(header) - len(p.prefix)
}
