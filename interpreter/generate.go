package interpreter

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// A generated cell can be built. It says what the session will have when the cell has run.
type generated struct {
	unit         build.Unit
	name         string // under which it registers itself in the worker
	count        int    // of its cell
	run          uint64
	uses         []string // the session's names in the cell
	c            *cUse
	declarations []*declaration
	variables    []*variable // in the order of the text; of two with one name the later counts
	imports      map[string]string
	dots         []string
	identities   map[string]string     // of the types that were declared, by name
	dropped      map[*declaration]bool // methods that no longer compile
	notices      []string
}

// A generator writes a checked cell as one Go file: pointers to session variables, the declarations
// of earlier cells that it uses, its own, and a function of its statements.
type generator struct {
	*checkedCell
	own       *own
	ids       *identities
	types     map[string]string // for the unit
	versions  map[string]*variable
	variables []*variable     // that the cell declares, or that get another type
	moved     []moved         // those that get another type
	filled    strings.Builder // declares variables that the compiler fills with files
	uses      *set            // the session's names that its statements and variables use
	names     namer
}

// generate writes the cell that will be In[count].
func (cc *checkedCell) generate(count int) (*generated, error) {
	g := &generator{checkedCell: cc, own: cc.ownDeclarations(count), types: map[string]string{}, versions: map[string]*variable{}, uses: newSet()}
	g.names = namer{symbol: g.symbol, constant: functionName, imports: newSet(cellPackage)}
	run := g.statementEdits()
	g.closure = cc.reach(g.allUses())
	g.closure.declarations = append(g.closure.declarations, g.before...)
	g.identify()
	if err := joinDiagnostics(g.declareVariables(), g.checkVariables()); err != nil {
		return nil, err
	}
	return g.write(run), nil
}

// symbol is what a name of the session, or a version of a variable, is called in generated code.
func (g *generator) symbol(name string) string {
	plain := plainName(name)
	switch k := g.kind(plain); {
	case k == variableName:
		return variableText(name)
	case k == typeKind, k == cKind:
		return typeName(name)
	default:
		return functionName(name)
	}
}

// statementEdits collects the changes of the statements.
func (g *generator) statementEdits() []edit {
	c := g.newCollector()
	for _, s := range g.cell.statements {
		c.collect(s)
	}
	for at, call := range g.cell.inline.calls {
		c.edits = append(c.edits, edit{at: at + 1, end: at + 1, path: cellPackage, text: call})
	}
	for at, command := range g.cell.inline.tests {
		c.edits = append(c.edits, edit{at: at + 1, end: at + 1, path: cellPackage, text: g.testCall(command, c.uses)})
	}
	g.uses = c.uses
	return append(c.edits, g.useUnusedEdits()...)
}

// ownUses are the names that stand in the cell.
func (g *generator) ownUses() []string {
	own := newSet(g.uses.list...)
	for _, d := range slices.Concat(g.own.declarations, g.own.inits) {
		for _, name := range d.uses {
			own.add(name)
		}
	}
	return own.list
}

// allUses are the names that the cell leads to first, those that it declares among them.
func (g *generator) allUses() []string {
	all := newSet(slices.Concat(g.brought, g.ownUses(), g.usesBefore())...)
	for name := range g.declared {
		if v, ok := g.pkg.Scope().Lookup(checkedName(name)).(*types.Var); ok {
			if w, err := writeType(v.Type(), g.pkg.Imports()...); err == nil {
				for _, used := range w.uses {
					all.add(used)
				}
			}
		}
	}
	for _, name := range g.earlier {
		if v := g.session.symbols[name].variable; v != nil {
			for _, used := range v.typ.uses {
				all.add(used)
			}
		}
	}
	return all.sorted()
}

// identify gives every type that the file will declare its identity. Types that are declared in
// functions have numbers in the object file, by their order in the whole file.
func (g *generator) identify() {
	local := map[*types.TypeName]string{}
	numbered := map[string]*types.TypeName{}
	visit := func(declaration string, nodes ...ast.Node) {
		n := 0
		for _, t := range g.localTypes(nodes) {
			n++
			local[t] = fmt.Sprintf("%s.%s·%d", declaration, t.Name(), n)
			numbered[fmt.Sprintf("%s·%d", t.Name(), len(numbered)+1)] = t
		}
	}
	for _, d := range g.closure.declarations {
		if file := g.files[d]; file != nil {
			visit(d.label(), file)
		}
	}
	for i, d := range g.own.declarations {
		visit(d.label(), g.own.syntax[i])
	}
	for i, d := range g.own.inits {
		visit(g.cell.file+d.names[0], g.own.initSyntax[i])
	}
	statements := make([]ast.Node, len(g.cell.statements))
	for i, s := range g.cell.statements {
		statements[i] = s
	}
	visit(g.cell.file, statements...)
	g.ids = newIdentities(local)
	for name, t := range numbered {
		g.types[name] = g.ids.ofName(t)
	}
	for _, d := range slices.Concat(g.closure.declarations, g.own.declarations) {
		if t, ok := g.pkg.Scope().Lookup(checkedName(d.names[0])).(*types.TypeName); ok && d.kind == typeKind {
			g.types[typeName(d.names[0])] = g.ids.ofName(t)
		}
	}
}

// label names a declaration in the identities of the types that are declared in it.
func (d *declaration) label() string { return d.receiver + "." + d.names[0] }

// localTypes are the types that are declared in functions, in the order of the text.
func (g *generator) localTypes(nodes []ast.Node) []*types.TypeName {
	var found []*types.TypeName
	for _, n := range nodes {
		ast.Inspect(n, func(n ast.Node) bool {
			if s, ok := n.(*ast.TypeSpec); ok && !s.Assign.IsValid() {
				if t, ok := g.info.Defs[s.Name].(*types.TypeName); ok && t.Parent() != g.pkg.Scope() {
					found = append(found, t)
				}
			}
			return true
		})
	}
	return found
}

// declareVariables makes the session variables of the cell, a version each.
func (g *generator) declareVariables() error {
	var errs []error
	for _, ids := range g.declares {
		for _, id := range ids {
			v, ok := g.object(id).(*types.Var)
			if !ok || g.versions[versionName(v)] != nil {
				continue
			}
			name := plainName(v.Name())
			written, err := writeType(v.Type(), g.pkg.Imports()...)
			if err != nil {
				errs = append(errs, g.cell.fail(g.cell.offset(id.Pos()), name+": "+err.Error()))
			}
			declared := &variable{name: name, key: g.key(name, v.Type()), typ: written, shown: types.TypeString(v.Type(), shortQualifier), origin: g.own.origin, function: isFunction(v.Type()), run: g.session.run + 1}
			g.versions[versionName(v)] = declared
			g.variables = append(g.variables, declared)
		}
	}
	return joinDiagnostics(errs...)
}

func (g *generator) object(id *ast.Ident) types.Object {
	if o := g.info.Defs[id]; o != nil {
		return o
	}
	return g.info.Uses[id]
}

// key names a variable's heap cell: by the variable's name and the identity of its type, so that the
// same type means the same heap cell, and another type another.
func (g *generator) key(name string, t types.Type) string { return name + "#" + g.ids.ofType(t) }

// shortQualifier writes the names of packages as people do.
func shortQualifier(p *types.Package) string {
	if p.Path() == mainPath {
		return ""
	}
	return p.Name()
}

// A moved variable is one of a type that has changed since it got its value.
type moved struct {
	from, to *variable
}

// checkVariables refuses variables that have no value any more, and finds those whose types have
// changed.
func (g *generator) checkVariables() error {
	var errs []error
	for n, v := range g.closure.variables {
		o := g.pkg.Scope().Lookup(checkedName(v.name))
		switch {
		case v.lost:
			errs = append(errs, g.failAtUse(v.name, fmt.Sprintf("%s was lost when the worker ended: run cell %s again", v.name, cellLabel(v.origin.count))))
		case o != nil && g.key(v.name, o.Type()) != v.key && v.typ.outside:
			errs = append(errs, g.failAtUse(v.name, fmt.Sprintf("%s has no value of its type any more: run cell %s again", v.name, cellLabel(v.origin.count))))
		case o != nil && g.key(v.name, o.Type()) != v.key:
			to := *v
			to.key = g.key(v.name, o.Type())
			g.closure.variables[n] = &to
			g.moved = append(g.moved, moved{v, &to})
			g.variables = append(g.variables, &to)
		}
	}
	for old, name := range g.earlier {
		v := g.session.symbols[name].variable
		if o := g.pkg.Scope().Lookup(old); v.lost || o != nil && g.key(name, o.Type()) != v.key {
			errs = append(errs, g.failAtUse(old, fmt.Sprintf("%s has no value of its type any more: run cell %s again", name, cellLabel(v.origin.count))))
		}
	}
	return joinDiagnostics(errs...)
}

// failAtUse is an error at the first place where the cell uses a name, or at its begin if only
// something that it uses does.
func (cc *checkedCell) failAtUse(name, message string) error {
	return &CompileError{Diagnostics: []Diagnostic{cc.diagnosticAtUse(name, message)}}
}

func (cc *checkedCell) diagnosticAtUse(name, message string) Diagnostic {
	at := 0
	cc.free(func(id *ast.Ident) {
		if at == 0 && (id.Name == name || plainName(id.Name) == name) {
			at = cc.cell.offset(id.Pos())
		}
	})
	return cc.cell.diagnostic(at, message)
}

func cellLabel(count int) string { return fmt.Sprintf("In[%d]", count) }
