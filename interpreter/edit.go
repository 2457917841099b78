package interpreter

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An edit is a change of a cell's text on its way to generated code.
type edit struct {
	at, end  int    // what is replaced; an insertion replaces nothing
	text     string // by this,
	symbol   string // or by what this name of the session is called,
	constant string // or by what a constant of this name is called,
	path     string // or by the alias of this package
}

// A namer says what things are called in one kind of generated code.
type namer struct {
	symbol   func(name string) string
	constant func(name string) string
	imports  *set // import paths whose alias was written
}

// write is a piece of source with the edits that are in it.
func (n *namer) write(p part) string {
	var edits []edit // before they are sorted: of a long cell's only few are in one statement
	for _, e := range p.edits {
		if e.at >= p.from && e.end <= p.to {
			edits = append(edits, e)
		}
	}
	slices.SortStableFunc(edits, func(a, b edit) int { return cmp.Compare(a.at, b.at) })
	b := new(strings.Builder)
	at := p.from
	for _, e := range edits {
		if e.at < at {
			continue // in one that was made
		}
		b.WriteString(p.source[at:e.at])
		b.WriteString(n.replacement(e))
		at = e.end
	}
	b.WriteString(p.source[at:p.to])
	return b.String()
}

// declaration is a declaration with the names that the namer gives, and with the positions that it
// had in its cell.
func (n *namer) declaration(d *declaration) string {
	return lineDirective(d.origin.file, d.source, d.from) + d.prefix + n.write(d.part) + "\n"
}

// lineDirective says that what stands on the next line is from an offset in a cell.
func lineDirective(file, source string, offset int) string {
	line, column := position(source, offset)
	return fmt.Sprintf("\n//line %s:%d:%d\n", file, line, column)
}

func (n *namer) replacement(e edit) string {
	switch {
	case e.path != "":
		n.imports.add(e.path)
		return importAlias(e.path) + e.text
	case e.symbol != "":
		return n.symbol(e.symbol)
	case e.constant != "":
		return n.constant(e.constant)
	}
	return e.text
}
