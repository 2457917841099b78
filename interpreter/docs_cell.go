package interpreter

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

// readCell finds what a cell says about a name that it declares.
func readCell(s *subject) entry {
	fset := token.NewFileSet()
	// A comment on the first line would belong to the package clause that parse puts there.
	c, _ := parse(fset, "\n"+s.cell)
	if c == nil {
		return entry{}
	}
	found := findDeclared(c.declarations.Decls, func(id *ast.Ident) bool {
		return id.Name == s.name && s.isOn(c, id)
	})
	e := entry{}
	if found != nil {
		e = found.entry(fset, c.source, c.offset, false)
	} else {
		e = readStatement(s, c)
	}
	if len(s.parts) > 0 {
		e.source = sourceOf(s.parts)
	}
	return e
}

// isOn reports whether an identifier is on the line of the subject, where that is known.
func (s *subject) isOn(c *parsedCell, id *ast.Ident) bool {
	return s.line == 0 || lineOf(c.source, c.offset(id.Pos())) == s.line+1
}

// sourceOf is all that a declaration of the session consists of: a type with its methods.
func sourceOf(parts []part) string {
	var texts []string
	for _, p := range parts {
		texts = append(texts, p.text())
	}
	return strings.Join(texts, "\n\n")
}

// readStatement finds what stands before the statement that declares a variable at the top of a cell:
// the one on the subject's line, or else the last.
func readStatement(s *subject, c *parsedCell) entry {
	e := entry{}
	for k, statement := range c.statements {
		if k >= len(c.placed) {
			break
		}
		for _, id := range topNames(statement) {
			if id.Name == s.name && s.isOn(c, id) {
				e = readItem(s.name, c.source, c.placed[k])
			}
		}
	}
	return e
}

// readItem reads a statement with its comment. The comments in a group of variables are read from
// a parse of the group alone.
func readItem(name, cell string, i item) entry {
	e := entry{source: cell[i.code:i.end]}
	text := cell[i.start:i.end]
	if i.keyword != token.VAR {
		text = cell[i.start:i.code] + "var " + name + " int"
	}
	file, err := parser.ParseFile(token.NewFileSet(), "", "package p\n"+text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return e
	}
	if found := findDeclared(file.Decls, func(id *ast.Ident) bool { return id.Name == name }); found != nil {
		e.doc = found.doc()
	}
	return e
}
