package interpreter

import (
	"go/ast"
	"go/token"
	"strings"
)

// own are the declarations that a cell makes: functions, types, methods, groups of constants, in the
// order of the text. Functions named init are apart: they belong to the cell's run.
type own struct {
	origin       origin
	declarations []*declaration
	syntax       []ast.Node // of each
	inits        []*declaration
	initSyntax   []ast.Node
}

// ownDeclarations collects what the cell declares, and what that uses.
func (cc *checkedCell) ownDeclarations(count int) *own {
	o := &own{origin: origin{file: cc.cell.file, count: count}}
	for i, d := range cc.cell.declarations.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			cc.addSpecs(o, d, cc.declarationItem(i))
		case *ast.FuncDecl:
			cc.addFunction(o, d, cc.declarationItem(i))
		}
	}
	return o
}

// declarationItem is the item of the cell's i-th declaration.
func (cc *checkedCell) declarationItem(i int) item {
	for _, it := range cc.cell.items {
		if it.isStatement() {
			continue
		}
		if i == 0 {
			return it
		}
		i--
	}
	panic("a declaration without an item")
}

func (cc *checkedCell) addFunction(o *own, f *ast.FuncDecl, i item) {
	name := plainName(f.Name.Name)
	switch {
	case f.Recv != nil:
		cc.add(o, &declaration{names: []string{name}, kind: methodKind, receiver: plainName(receiver(f))}, f, i)
	case name == "init":
		d := &declaration{names: []string{initName(len(o.inits) + 1)}, kind: functionKind}
		c := cc.newCollector()
		c.inits = len(o.inits)
		cc.collectInto(c, o, d, f, i)
		o.inits, o.initSyntax = append(o.inits, d), append(o.initSyntax, f)
	case name != "_":
		d := &declaration{names: []string{name}, kind: functionKind}
		cc.add(o, d, f, i)
		d.edits = append(d.edits, cc.linkname(name, i)...)
	}
}

const linknameDirective = "//go:linkname "

// linkname replaces a function's name in the directive before it that says what it is.
func (cc *checkedCell) linkname(name string, i item) []edit {
	directive := linknameDirective + name
	at := strings.Index(cc.cell.source[i.start:i.code], directive)
	if at < 0 {
		return nil
	}
	end := i.start + at + len(directive)
	return []edit{{at: end - len(name), end: end, symbol: name}}
}

func (cc *checkedCell) addSpecs(o *own, d *ast.GenDecl, i item) {
	switch d.Tok {
	case token.CONST:
		group := &declaration{kind: constantName}
		for _, s := range d.Specs {
			for _, n := range withoutBlank(s.(*ast.ValueSpec).Names) {
				group.names = append(group.names, plainName(n.Name))
			}
		}
		if len(group.names) > 0 {
			cc.add(o, group, d, i)
		}
	case token.TYPE:
		for _, s := range d.Specs {
			s := s.(*ast.TypeSpec)
			t := &declaration{names: []string{plainName(s.Name.Name)}, kind: typeKind}
			switch {
			case s.Name.Name == "_":
			case d.Lparen.IsValid():
				t.prefix = "type "
				cc.add(o, t, s, item{start: cc.cell.offset(s.Pos()), end: cc.cell.offset(s.End())})
			default:
				cc.add(o, t, d, i)
			}
		}
	}
}

func (cc *checkedCell) add(o *own, d *declaration, n ast.Node, i item) {
	cc.collectInto(cc.newCollector(), o, d, n, i)
	o.declarations, o.syntax = append(o.declarations, d), append(o.syntax, n)
}

// collectInto fills a declaration with its text.
func (cc *checkedCell) collectInto(c *collector, o *own, d *declaration, n ast.Node, i item) {
	c.collect(n)
	d.origin, d.uses = o.origin, c.uses.list
	d.source, d.from, d.to, d.edits = cc.cell.source, i.start, i.end, append(c.edits, cc.useUnusedEdits()...)
}

// receiver is the name of the type that a method belongs to.
func receiver(m *ast.FuncDecl) string {
	if len(m.Recv.List) == 0 {
		return ""
	}
	for t := m.Recv.List[0].Type; ; {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}
