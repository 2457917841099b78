package interpreter

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// A closure is what a cell uses of the session, and what that uses in turn.
type closure struct {
	declarations []*declaration // in the order in which they were declared
	variables    []*variable    // by name
}

// leftOut is what a cell is checked without, because it does not compile since the cell declares
// something anew.
type leftOut struct {
	// dependents are the types and variables that would be brought up to date.
	dependents bool
	// variables are those among them.
	variables map[string]bool
	// methods are those that a type would keep.
	methods map[*declaration]bool
}

// reach finds all that the given names lead to, but for what the cell declares itself.
func (cc *checkedCell) reach(used []string) closure {
	var c closure
	seen := newSet()
	var visit func(names []string)
	add := func(d *declaration) {
		if !slices.Contains(c.declarations, d) {
			c.declarations = append(c.declarations, d)
			visit(d.uses)
		}
	}
	visit = func(names []string) {
		for _, name := range names {
			s := cc.session.symbols[name]
			if s == nil || !seen.add(name) {
				continue
			}
			for _, m := range cc.methodsOf(s) {
				add(m)
			}
			switch {
			case cc.declared[name] != noName:
			case s.kind == variableName:
				c.variables = append(c.variables, s.variable)
				visit(s.variable.typ.uses)
			default:
				add(s.declaration)
			}
		}
	}
	visit(used)
	slices.SortFunc(c.declarations, func(a, b *declaration) int { return cmp.Compare(a.order, b.order) })
	slices.SortFunc(c.variables, func(a, b *variable) int { return cmp.Compare(a.name, b.name) })
	return c
}

// methodsOf are the methods of earlier cells that a type has in this one.
func (cc *checkedCell) methodsOf(s *symbol) []*declaration {
	methods := s.methods
	switch cc.declared[s.name] {
	case noName:
	case typeKind:
		methods = s.keptMethods()
	default:
		return nil
	}
	return slices.DeleteFunc(slices.Clone(methods), func(m *declaration) bool {
		return cc.ownMethods[s.name][m.names[0]] || cc.left.methods[m]
	})
}

// changed are the names of the session that the cell gives another meaning. One that is declared by
// the same text as before keeps its meaning.
func (cc *checkedCell) changed() []string {
	changed := newSet()
	for name := range cc.declared {
		s := cc.session.symbols[name]
		if s != nil && (s.kind == variableName || s.declaration.origin.file != cc.cell.file) {
			changed.add(name)
		}
	}
	for name, methods := range cc.ownMethods {
		s := cc.session.symbols[name]
		if s == nil || s.kind != typeKind {
			continue
		}
		for method := range methods {
			if !slices.ContainsFunc(s.methods, func(m *declaration) bool { return m.names[0] == method && m.origin.file == cc.cell.file }) {
				changed.add(name)
			}
		}
	}
	return changed.sorted()
}

// A blamed declaration is why something stops compiling.
type blamed struct {
	Diagnostic
	method   *declaration // that a type would keep
	variable string       // that would be brought up to date; if there is neither, all that would be

	declaration *declaration // that has the error, if it is known
}

// blame finds what a cell has to be checked without so that only its own errors are left; nothing if
// there is nothing more to leave out.
func (cc *checkedCell) blame(err *CompileError) []blamed {
	var found []blamed
	for _, d := range err.Diagnostics {
		b := blamed{Diagnostic: d, method: cc.keptMethodAt(d), declaration: cc.declarationAt(d)}
		if name, ok := strings.CutPrefix(d.File, variableFile); ok {
			b.variable = name
		}
		known := slices.ContainsFunc(found, func(a blamed) bool { return a.method == b.method && a.variable == b.variable })
		if d.File != cc.cell.file && !known && (b.method != nil || len(cc.brought) > 0) {
			found = append(found, b)
		}
	}
	return found
}

// with leaves out more.
func (l leftOut) with(found []blamed) leftOut {
	more := leftOut{dependents: l.dependents, methods: maps.Clone(l.methods), variables: maps.Clone(l.variables)}
	if more.methods == nil {
		more.methods, more.variables = map[*declaration]bool{}, map[string]bool{}
	}
	for _, b := range found {
		switch {
		case b.method != nil:
			more.methods[b.method] = true
		case b.variable != "":
			more.variables[b.variable] = true
		default:
			more.dependents = true
		}
	}
	return more
}

// keptMethodAt is the method that a type of the cell keeps and that has an error.
func (cc *checkedCell) keptMethodAt(d Diagnostic) *declaration {
	if m := cc.declarationAt(d); m != nil && m.kind == methodKind && cc.declared[m.receiver] == typeKind {
		return m
	}
	return nil
}
