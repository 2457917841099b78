package interpreter

import (
	"iter"
	"maps"
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
	cKind      // a function, a variable or a constant that cgo has made
	methodKind // methods have no names of their own in the session
)

// A symbol is what a name stands for, in the newest cell that declared it.
type symbol struct {
	name        string
	kind        kind
	variable    *variable      // of a variable
	declaration *declaration   // of everything else
	methods     []*declaration // of a type, in the order in which they were declared
}

// parts are the pieces of text that a symbol stands for.
func (s *symbol) parts() []part {
	parts := []part{s.declaration.part}
	for _, m := range s.methods {
		parts = append(parts, m.part)
	}
	return parts
}

// An origin is the cell that declared something.
type origin struct {
	file  string // the name of the cell in compiled code
	count int    // In[count], when it ran last
}

// A declaration is a function, a method, a type or a group of constants: the text that later cells
// declare again when they use it.
type declaration struct {
	part
	names    []string // several for a group of constants
	kind     kind
	receiver string // of a method: the name of its type
	origin   origin
	order    int               // in the session
	uses     []string          // the session's names in it
	versions map[string]string // of its names, that are not the newest; see before.go
}

// A part is a piece of a cell's text.
type part struct {
	prefix   string // what has to stand before it: the keyword of a group
	source   string // of the whole cell
	from, to int
	edits    []edit
}

func (p part) text() string { return p.prefix + p.source[p.from:p.to] }

// A variable is a session variable.
type variable struct {
	name   string
	key    string // names the heap cell in the worker
	typ    writtenType
	shown  string // the type as people write it
	origin origin
	// function is set if it is one; run is the run that declared it.
	function bool
	run      uint64
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
	// preamble is the C code of the newest cell that had some.
	preamble preamble
	// identities are those of the types, as they were compiled last.
	identities map[string]string
	renewed    map[string]int // in which cell a type last became another
	failed     map[string]int // names that nothing has, because the cell that declares them has failed
	run        uint64         // that was the last
	past       []pastRun
}

// A source is the text of a cell, and the number under which it ran last.
type source struct {
	text  string
	count int
}

func newNames() *names {
	return &names{symbols: map[string]*symbol{}, imports: map[string]string{}, sources: map[string]source{}, identities: map[string]string{}, renewed: map[string]int{}, failed: map[string]int{}}
}

// without is the session without some names.
func (n *names) without(hidden []string) *names {
	if !slices.ContainsFunc(hidden, func(name string) bool { return n.kind(name) != noName }) {
		return n
	}
	rest := *n
	rest.symbols = maps.Clone(n.symbols)
	for _, name := range hidden {
		delete(rest.symbols, name)
	}
	return &rest
}

func (n *names) kind(name string) kind {
	if s := n.symbols[name]; s != nil {
		return s.kind
	}
	return noName
}

// noteFailed notes the names that a cell would have declared or imported.
func (n *names) noteFailed(declared iter.Seq[string], count int) {
	for name := range declared {
		n.failed[name] = count
	}
}

// declare makes a declaration the newest of its names. A type that is declared anew keeps the methods
// that other cells have declared for it; those that came with it go with it.
func (n *names) declare(d *declaration) {
	n.order++
	d.order = n.order
	if d.kind == methodKind {
		n.declareMethod(d)
		return
	}
	for _, name := range d.names {
		delete(n.failed, name)
		s := &symbol{name: name, kind: d.kind, declaration: d}
		if old := n.symbols[name]; d.kind == typeKind && old != nil {
			s.methods = old.keptMethods()
		}
		n.symbols[name] = s
	}
}

func (n *names) declareMethod(d *declaration) {
	t := n.symbols[d.receiver]
	if t == nil {
		return
	}
	methods := slices.DeleteFunc(slices.Clone(t.methods), func(m *declaration) bool { return m.names[0] == d.names[0] })
	n.symbols[d.receiver] = &symbol{name: t.name, kind: t.kind, declaration: t.declaration, methods: append(methods, d)}
}

// drop takes methods from the types that have them.
func (n *names) drop(methods map[*declaration]bool) {
	for m := range methods {
		if t := n.symbols[m.receiver]; t != nil {
			kept := slices.DeleteFunc(slices.Clone(t.methods), func(d *declaration) bool { return d == m })
			n.symbols[m.receiver] = &symbol{name: t.name, kind: t.kind, variable: t.variable, declaration: t.declaration, methods: kept}
		}
	}
}

// keptMethods are the methods that a type keeps when it is declared anew.
func (s *symbol) keptMethods() []*declaration {
	if s.kind != typeKind {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(s.methods), func(m *declaration) bool { return m.origin.file == s.declaration.origin.file })
}

func (n *names) declareVariable(v *variable) {
	delete(n.failed, v.name)
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

// uses are the names that a symbol leads to.
func (s *symbol) uses() []string {
	if s.kind == variableName {
		return s.variable.typ.uses
	}
	uses := slices.Clone(s.declaration.uses)
	for _, m := range s.methods {
		uses = append(uses, m.uses...)
	}
	return uses
}

// dependents are the types that lead to one of the given names, and the variables of such types: what
// they are, or what their methods do, may change when the names are declared anew.
func (n *names) dependents(changed []string) (types, variables []string) {
	for _, name := range n.affected(changed).sorted() {
		s := n.symbols[name]
		switch {
		case s == nil || slices.Contains(changed, name):
		case s.kind == typeKind:
			types = append(types, name)
		case s.kind == variableName && !s.variable.lost:
			variables = append(variables, name)
		}
	}
	return types, variables
}

// affected are the given names, and all that lead to one of them.
func (n *names) affected(changed []string) *set {
	affected := newSet(changed...)
	for grown := true; grown; {
		grown = false
		for name, s := range n.symbols {
			if !affected.has[name] && slices.ContainsFunc(s.uses(), func(used string) bool { return affected.has[used] }) {
				grown = affected.add(name) || grown
			}
		}
	}
	return affected
}
