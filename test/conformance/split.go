package conformance

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// A Mode is how a program is made into cells.
type Mode string

// The modes; the package comment says what they are.
const (
	Whole      Mode = "whole"
	Split      Mode = "split"
	Statements Mode = "statements"
)

// Modes are all modes.
func Modes() []Mode { return []Mode{Whole, Split, Statements} }

// cells makes a program into cells. The importer reads the packages that the program imports.
func (m Mode) cells(p Program, imports types.Importer) ([]string, error) {
	if m == Whole {
		var texts []string
		for _, f := range p.Files {
			texts = append(texts, f.Text)
		}
		return []string{strings.Join(texts, "\n")}, nil
	}
	s := &splitter{fset: token.NewFileSet(), units: map[string]*unit{}}
	if err := s.read(p, imports); err != nil {
		return nil, err
	}
	if m == Statements {
		s.dropMain()
	}
	cells := s.imports
	for _, group := range arrange(s.ordered) {
		cells = append(cells, group.text())
	}
	if m == Statements {
		return append(cells, onLines([]part{s.body})), nil
	}
	return append(cells, "main()"), nil
}

// A unit is what cannot be taken apart: a declaration, a type with its methods.
type unit struct {
	kind   unitKind
	parts  []part
	needs  map[*unit]bool
	syntax []ast.Node
}

// A part is a piece of a program's text.
type part struct {
	line int // of its file, from 1
	text string
}

// unitKind says when a unit has its turn, if all that it refers to is there.
type unitKind int

const (
	still   unitKind = iota // it does nothing: functions, types, constants
	running                 // variables
	last                    // functions init
)

// text is the unit as a cell. Its parts stand on the lines on which they stand in the program, if
// their order allows it: what a program says about its lines then holds for its cells.
func (u *unit) text() string { return onLines(u.parts) }

func onLines(parts []part) string {
	b := new(strings.Builder)
	line := 1
	write := func(text string) {
		b.WriteString(text)
		line += strings.Count(text, "\n")
	}
	for i, p := range parts {
		if i > 0 {
			write("\n")
		}
		write(strings.Repeat("\n", max(0, p.line-line)))
		write(p.text)
	}
	return b.String()
}

// A splitter finds the units of a program.
type splitter struct {
	fset    *token.FileSet
	imports []string
	ordered []*unit
	units   map[string]*unit // by name
	info    *types.Info
	body    part // of main
}

func (s *splitter) read(p Program, imports types.Importer) error {
	var files []*ast.File
	for _, f := range p.Files {
		file, err := parser.ParseFile(s.fset, f.Name, f.Text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return fmt.Errorf("parsing %s: %w", f.Name, err)
		}
		files = append(files, file)
	}
	for i, file := range files {
		s.declarations(file, p.Files[i].Text)
	}
	for i, file := range files {
		s.methods(file, p.Files[i].Text)
	}
	s.info = &types.Info{Uses: map[*ast.Ident]types.Object{}}
	// What the type-checker does not understand is told by the interpreter.
	config := types.Config{Importer: imports, FakeImportC: true, Error: func(error) {}}
	pkg, _ := config.Check("main", s.fset, files, s.info)
	for _, u := range s.ordered {
		s.refer(u, pkg)
	}
	return nil
}

// piece is a node with its comment.
func (s *splitter) piece(text string, n ast.Node, doc *ast.CommentGroup) part {
	from := n.Pos()
	if doc != nil {
		from = doc.Pos()
	}
	return s.between(text, from, n.End())
}

func (s *splitter) between(text string, from, to token.Pos) part {
	begin := s.fset.PositionFor(from, false)
	return part{line: begin.Line, text: text[begin.Offset:s.fset.PositionFor(to, false).Offset]}
}

func (s *splitter) add(kind unitKind, names []string, p part, n ast.Node) {
	u := &unit{kind: kind, parts: []part{p}, needs: map[*unit]bool{}, syntax: []ast.Node{n}}
	s.ordered = append(s.ordered, u)
	for _, name := range names {
		s.units[name] = u
	}
}

// declarations makes units of all but methods.
func (s *splitter) declarations(file *ast.File, text string) {
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.GenDecl:
			s.general(d, s.piece(text, d, d.Doc))
		case *ast.FuncDecl:
			own := s.piece(text, d, d.Doc)
			switch {
			case d.Recv != nil:
			case d.Name.Name == "init":
				s.add(last, nil, own, d)
			default:
				s.add(still, []string{d.Name.Name}, own, d)
			}
			if d.Recv == nil && d.Name.Name == "main" && d.Body != nil {
				s.body = s.between(text, d.Body.Lbrace+1, d.Body.Rbrace)
			}
		}
	}
}

func (s *splitter) general(d *ast.GenDecl, p part) {
	var names []string
	for _, spec := range d.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			names = append(names, spec.Name.Name)
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				names = append(names, name.Name)
			}
		}
	}
	names = slices.DeleteFunc(names, func(name string) bool { return name == "_" })
	switch d.Tok {
	case token.IMPORT:
		s.imports = append(s.imports, p.text)
	case token.VAR:
		s.add(running, names, p, d)
	default:
		s.add(still, names, p, d)
	}
}

// methods adds the methods to their types.
func (s *splitter) methods(file *ast.File, text string) {
	for _, d := range file.Decls {
		m, ok := d.(*ast.FuncDecl)
		if !ok || m.Recv == nil || len(m.Recv.List) == 0 {
			continue
		}
		own := s.piece(text, m, m.Doc)
		if u := s.units[receiver(m.Recv.List[0].Type)]; u != nil {
			u.parts = append(u.parts, own)
			u.syntax = append(u.syntax, m)
		} else {
			s.add(still, nil, own, m)
		}
	}
}

// receiver is the name of the type that a method belongs to.
func receiver(t ast.Expr) string {
	for {
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

// refer finds what a unit refers to.
func (s *splitter) refer(u *unit, pkg *types.Package) {
	for _, n := range u.syntax {
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			if !ok {
				return true
			}
			if o := s.info.Uses[id]; o != nil && o.Parent() == pkg.Scope() {
				if needed := s.units[o.Name()]; needed != nil && needed != u {
					u.needs[needed] = true
				}
			}
			return true
		})
	}
}

// dropMain leaves main out, unless something calls it.
func (s *splitter) dropMain() {
	program := s.units["main"]
	if slices.ContainsFunc(s.ordered, func(u *unit) bool { return u.needs[program] }) {
		return
	}
	s.ordered = slices.DeleteFunc(s.ordered, func(u *unit) bool { return u == program })
}

// arrange puts units in an order in which each comes after what it needs; units that need each other
// become one. Of those that may come next, what does nothing comes before variables, and what stands
// first in the program before the rest: so variables get their values in Go's order.
func arrange(units []*unit) []*unit {
	groups := merge(units)
	done := map[*unit]bool{}
	var arranged []*unit
	for len(arranged) < len(groups) {
		var next *unit
		for _, g := range groups {
			if !done[g] && ready(g, done) && (next == nil || g.kind < next.kind) {
				next = g
			}
		}
		done[next] = true
		arranged = append(arranged, next)
	}
	return arranged
}

func ready(u *unit, done map[*unit]bool) bool {
	for needed := range u.needs {
		if !done[needed] {
			return false
		}
	}
	return true
}

// merge makes one unit of those that need each other, in the order of the program.
func merge(units []*unit) []*unit {
	reached := map[*unit]map[*unit]bool{}
	for _, u := range units {
		reached[u] = map[*unit]bool{}
		reach(u, reached[u])
	}
	group := map[*unit]*unit{}
	var groups []*unit
	for _, u := range units {
		if group[u] != nil {
			continue
		}
		g := &unit{needs: map[*unit]bool{}}
		groups = append(groups, g)
		for _, other := range units {
			if other == u || reached[u][other] && reached[other][u] {
				group[other] = g
				g.kind = max(g.kind, other.kind)
				g.parts = append(g.parts, other.parts...)
			}
		}
	}
	for _, u := range units {
		for needed := range u.needs {
			if group[needed] != group[u] {
				group[u].needs[group[needed]] = true
			}
		}
	}
	return groups
}

func reach(u *unit, seen map[*unit]bool) {
	for needed := range u.needs {
		if !seen[needed] {
			seen[needed] = true
			reach(needed, seen)
		}
	}
}
