package interpreter

import (
	"cmp"
	"slices"
)

// kind is what a name of the session stands for.
type kind int

const (
	noName kind = iota
	variableName
	functionKind
	constantName
	typeKind
)

// A symbol is what a name stands for, in the newest cell that declared it.
type symbol struct {
	name        string
	kind        kind
	variable    *variable    // of a variable
	declaration *declaration // of everything else
}

// An origin is the cell that declared something.
type origin struct {
	file  string // the name of the cell in compiled code
	count int    // In[count], when it ran last
}

// A declaration is a function, a type with its methods, or a group of constants: the text that
// later cells declare again when they use it.
type declaration struct {
	names  []string // several for a group of constants
	kind   kind
	origin origin
	order  int // in the session
	parts  []part
	uses   []string // the session's names in it
	// identity is that of a type.
	identity string
}

// A part is a piece of a cell's text: a declaration has one, and a type one more for each method.
type part struct {
	prefix   string // what has to stand before it: the keyword of a group
	source   string // of the whole cell
	from, to int
	edits    []edit
}

// A variable is a session variable.
type variable struct {
	name   string
	key    string // names the heap cell in the worker
	typ    writtenType
	shown  string // the type as people write it
	origin origin
	// lost is set when the worker that held the value has ended.
	lost bool
}

// names are all that has been declared.
type names struct {
	symbols map[string]*symbol
	imports map[string]string // names of packages to import paths
	dots    []string          // packages imported with a dot
	sources map[string]source // by the name that a cell has in compiled code
	order   int
}

// A source is the text of a cell, and the number under which it ran last.
type source struct {
	text  string
	count int
}

func newNames() *names {
	return &names{symbols: map[string]*symbol{}, imports: map[string]string{}, sources: map[string]source{}}
}

func (n *names) kind(name string) kind {
	if s := n.symbols[name]; s != nil {
		return s.kind
	}
	return noName
}

// declare makes a declaration the newest of its names.
func (n *names) declare(d *declaration) {
	n.order++
	d.order = n.order
	for _, name := range d.names {
		n.symbols[name] = &symbol{name: name, kind: d.kind, declaration: d}
	}
}

func (n *names) declareVariable(v *variable) {
	n.symbols[v.name] = &symbol{name: v.name, kind: variableName, variable: v}
}

// lose marks all variables as lost, and says which they are.
func (n *names) lose() []string {
	var lost []string
	for name, s := range n.symbols {
		if s.kind == variableName && !s.variable.lost {
			s.variable.lost = true
			lost = append(lost, name)
		}
	}
	slices.Sort(lost)
	return lost
}

// A closure is what a cell uses of the session, and what that uses in turn.
type closure struct {
	declarations []*declaration // in the order in which they were declared
	variables    []*variable    // by name
}

// closure finds all that the given names lead to, but for what a cell declares itself.
func (n *names) closure(used []string, own map[string]kind) closure {
	var c closure
	seen := newSet()
	var visit func(names []string)
	visit = func(names []string) {
		for _, name := range names {
			s := n.symbols[name]
			if s == nil || own[name] != noName || !seen.add(name) {
				continue
			}
			switch {
			case s.kind == variableName:
				c.variables = append(c.variables, s.variable)
				visit(s.variable.typ.uses)
			case !slices.Contains(c.declarations, s.declaration):
				c.declarations = append(c.declarations, s.declaration)
				visit(s.declaration.uses)
			}
		}
	}
	visit(used)
	slices.SortFunc(c.declarations, func(a, b *declaration) int { return cmp.Compare(a.order, b.order) })
	slices.SortFunc(c.variables, func(a, b *variable) int { return cmp.Compare(a.name, b.name) })
	return c
}
