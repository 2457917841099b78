package interpreter

import (
	"fmt"
	"go/ast"
	"maps"
	"slices"
	"strings"
)

// A function of an earlier cell that uses a variable sees the variable that was declared last. In a cell that
// declares it anew, with another type it may be, that is so from there on: what stands before calls the function
// as it was. So such a function is declared twice, and so are those through which it leads to the variable: as
// fǃ01 where it sees other versions than the last ones, which are the plain f. Methods are not, for a type has one of
// each.

// A usedBefore is a function of an earlier cell that is used where variables which it leads to have other versions
// than the last.
type usedBefore struct {
	function string
	sees     map[string]string // versions of the variables, by their names
}

// findLeads finds the functions of the session that lead to variables which the cell declares anew.
func (h *hoisted) findLeads(session *names, versions map[string]int) {
	h.leads = map[string][]string{}
	if !h.usesFunctions(session) {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(versions)) {
		if session.kind(name) != variableName {
			continue
		}
		for _, f := range session.affected([]string{name}).list {
			if session.kind(f) == functionKind && versions[f] == 0 && h.cell.declarations.Scope.Lookup(f) == nil && !session.symbols[f].declaration.isDirected() {
				h.leads[f] = append(h.leads[f], name)
			}
		}
	}
}

// usesFunctions reports whether a statement has a function of the session in it, which most have not that
// declare a variable.
func (h *hoisted) usesFunctions(session *names) bool {
	found := false
	for _, s := range h.cell.statements {
		inspectFree(s, func(id *ast.Ident) { found = found || session.kind(id.Name) == functionKind })
	}
	return found
}

// isDirected reports whether a directive makes something else of a function than its text, which cannot be
// there twice.
func (d *declaration) isDirected() bool {
	return strings.Contains(d.text(), linknameDirective) || strings.Contains(d.text(), "//export ")
}

// nameBefore is what a function is called for the versions that variables have; its own name if they are the
// last.
func (h *hoisted) nameBefore(f string, current func(variable string) string) string {
	sees := map[string]string{}
	last := true
	for _, variable := range h.leads[f] {
		sees[variable] = current(variable)
		last = last && sees[variable] == variable
	}
	if last {
		return f
	}
	for name, known := range h.functionsBefore {
		if known.function == f && maps.Equal(known.sees, sees) {
			return name
		}
	}
	name := fmt.Sprintf("%s%d", oldVersion(f), len(h.functionsBefore)+1)
	h.functionsBefore[name] = usedBefore{f, sees}
	h.namedBefore = append(h.namedBefore, name)
	return name
}

// declareBefore makes the declarations of the functions that are used as they were.
func (h *hoisted) declareBefore(session *names) {
	for n := 0; n < len(h.namedBefore); n++ { // which grows
		name := h.namedBefore[n]
		use := h.functionsBefore[name]
		d := *session.symbols[use.function].declaration
		d.versions = map[string]string{use.function: name}
		for _, used := range d.uses {
			switch version := use.sees[used]; {
			case used == use.function:
			case version != "":
				d.versions[used] = version
				if version == oldVersion(used) {
					h.earlier[version] = used
				}
			case len(h.leads[used]) > 0:
				d.versions[used] = h.nameBefore(used, func(variable string) string { return use.sees[variable] })
			}
		}
		d.names = []string{name}
		h.before = append(h.before, &d)
	}
}

// pointed are the versions of variables of this cell that those functions see, but for the last.
func (h *hoisted) pointed() []string {
	found := newSet()
	for _, d := range h.before {
		for name, version := range d.versions {
			if version != name && h.earlier[version] == "" && h.functionsBefore[version].function == "" {
				found.add(version)
			}
		}
	}
	return found.sorted()
}

// usesBefore are the names that those functions use and that have one meaning in the cell.
func (h *hoisted) usesBefore() []string {
	var uses []string
	for _, d := range h.before {
		for _, name := range d.uses {
			if d.versions[name] == "" {
				uses = append(uses, name)
			}
		}
	}
	return uses
}
