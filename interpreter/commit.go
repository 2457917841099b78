package interpreter

import "maps"

// commit makes what the cell declares part of the session, but for its variables. It is done before
// the cell runs, for functions and types are there whether it panics or not.
func (i *Interpreter) commit(g *generated) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.names.commit(g)
}

// commitRun makes the variables part of the session whose declarations were reached, and notes the types
// whose values the run has moved.
func (i *Interpreter) commitRun(g *generated, reached []string) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.names.commitRun(g, newSet(reached...).has)
}

// commit makes what a cell declares part of the session, but for its variables.
func (n *names) commit(g *generated) {
	for name, path := range g.imports {
		n.imports[plainName(name)] = path
		delete(n.failed, plainName(name))
		delete(n.symbols, name) // the newest counts
	}
	for _, path := range g.dots {
		n.dots = newSet(append(n.dots, path)...).list
	}
	if g.c != nil {
		n.addC(g.c)
	}
	for _, d := range g.declarations {
		n.declare(d)
	}
	n.drop(g.dropped)
	n.ran(g)
}

// commitRun makes those of a cell's variables part of the session whose declarations were reached, and
// notes the types whose values the run has moved.
func (n *names) commitRun(g *generated, reached map[string]bool) {
	for _, v := range g.variables {
		if reached[v.key] {
			n.declareVariable(v)
		} else {
			n.failed[v.name] = g.count
		}
	}
	for name, identity := range g.identities {
		if n.kind(plainName(name)) != typeKind {
			continue
		}
		if old := n.identities[name]; old != "" && old != identity {
			n.renewed[plainName(name)] = g.count
		}
		n.identities[name] = identity
	}
}

// after is what the session will be if a cell that was committed runs to its end.
func (n *names) after(g *generated) *names {
	next := *n
	next.symbols, next.imports, next.sources = maps.Clone(n.symbols), maps.Clone(n.imports), maps.Clone(n.sources)
	next.identities, next.renewed = maps.Clone(n.identities), maps.Clone(n.renewed)
	next.failed = maps.Clone(n.failed)
	reached := map[string]bool{}
	for _, v := range g.variables {
		reached[v.key] = true
	}
	next.commitRun(g, reached)
	return &next
}
