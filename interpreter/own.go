package interpreter

import (
	"go/ast"
	"go/token"
)

// own are the declarations that a cell makes: functions, types with their methods, groups of
// constants. Functions named init are apart: they belong to the cell's run.
type own struct {
	origin       origin
	declarations []*declaration
	syntax       [][]ast.Node   // of each declaration, in the order of its parts
	at           map[string]int // of types, among the declarations
	inits        []*declaration
	initSyntax   []ast.Node
}

// ownDeclarations collects what the cell declares, and what that uses.
func (cc *checkedCell) ownDeclarations(count int) *own {
	o := &own{at: map[string]int{}, origin: origin{file: cc.cell.file, count: count}}
	inits := 0
	for i, d := range cc.cell.declarations.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			cc.addSpecs(o, d, cc.declarationItem(i))
		case *ast.FuncDecl:
			switch {
			case d.Recv != nil || d.Name.Name == "_":
			case d.Name.Name == "init":
				inits++
				cc.addInit(o, d, inits, cc.declarationItem(i))
			default:
				cc.add(o, &declaration{names: []string{plainName(d.Name.Name)}, kind: functionKind}, "", d, cc.declarationItem(i))
			}
		}
	}
	// Methods last: a cell may have them before their type.
	for i, d := range cc.cell.declarations.Decls {
		if m, ok := d.(*ast.FuncDecl); ok && m.Recv != nil {
			if n, ok := o.at[receiver(m)]; ok {
				cc.addPart(o, n, "", m, cc.declarationItem(i))
			}
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
			cc.add(o, group, "", d, i)
		}
	case token.TYPE:
		for _, s := range d.Specs {
			s := s.(*ast.TypeSpec)
			if s.Name.Name == "_" {
				continue
			}
			o.at[s.Name.Name] = len(o.declarations)
			t := &declaration{names: []string{plainName(s.Name.Name)}, kind: typeKind}
			if d.Lparen.IsValid() {
				cc.add(o, t, "type ", s, item{start: cc.cell.offset(s.Pos()), end: cc.cell.offset(s.End())})
			} else {
				cc.add(o, t, "", d, i)
			}
		}
	}
}

func (cc *checkedCell) add(o *own, d *declaration, prefix string, n ast.Node, i item) {
	d.origin = o.origin
	o.declarations = append(o.declarations, d)
	o.syntax = append(o.syntax, nil)
	cc.addPart(o, len(o.declarations)-1, prefix, n, i)
}

// addPart adds a piece of text to the n-th declaration.
func (cc *checkedCell) addPart(o *own, n int, prefix string, node ast.Node, i item) {
	c := cc.newCollector()
	c.collect(node)
	d := o.declarations[n]
	d.parts = append(d.parts, part{prefix: prefix, source: cc.cell.source, from: i.start, to: i.end, edits: c.edits})
	d.uses = newSet(append(d.uses, c.uses.list...)...).list
	o.syntax[n] = append(o.syntax[n], node)
}

func (cc *checkedCell) addInit(o *own, f *ast.FuncDecl, n int, i item) {
	c := cc.newCollector()
	c.inits = n - 1
	c.collect(f)
	d := &declaration{names: []string{initName(n)}, kind: functionKind, origin: o.origin, uses: c.uses.list}
	d.parts = []part{{source: cc.cell.source, from: i.start, to: i.end, edits: c.edits}}
	o.inits = append(o.inits, d)
	o.initSyntax = append(o.initSyntax, f)
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
