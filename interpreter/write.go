package interpreter

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// write writes the file. The statements are given as changes of the cell's text.
func (g *generator) write(statements []edit) *generated {
	body := new(strings.Builder)
	for _, d := range slices.Concat(g.closure.declarations, g.own.declarations, g.own.inits) {
		body.WriteString(g.declarationText(d))
	}
	body.WriteString(generatedDirective)
	fmt.Fprintf(body, "func %s(%s *%s.Run) {\n", runFunction, runParameter, importAlias(cellPackage))
	g.writeMoves(body)
	g.writePointers(body)
	if g.cell.inline.whole {
		fmt.Fprintf(body, "%s.StartTimer()\ndefer %[1]s.StopTimer()\n", runParameter)
	}
	if !g.cell.inOrder {
		g.writeInitialisers(body, statements)
	}
	body.WriteString(generatedDirective)
	for i := range g.own.inits {
		fmt.Fprintf(body, "%s()\n", initName(i+1))
	}
	if g.cell.inOrder {
		g.writeStatements(body, statements)
	}
	body.WriteString(generatedDirective)
	if g.cell.program && g.declared[mainPath] == functionKind {
		fmt.Fprintf(body, "%s()\n", functionName(mainPath))
	}
	body.WriteString("}\n")
	return g.finish(g.pointers() + g.filled.String() + body.String())
}

func (g *generator) declarationText(d *declaration) string {
	n := g.names
	n.symbol = func(name string) string {
		if g.overridden(d, name) && !slices.Contains(g.own.declarations, d) {
			return "_"
		}
		return g.symbol(cmp.Or(d.versions[name], name))
	}
	return n.declaration(d)
}

// bound are the session variables that the file uses, by what they are called in it.
func (g *generator) bound() map[string]*variable {
	bound := maps.Clone(g.versions)
	for _, v := range g.closure.variables {
		bound[v.name] = v
	}
	for old, name := range g.earlier {
		bound[old] = g.session.symbols[name].variable
	}
	return bound
}

// pointers declares the pointers to the session variables that the file uses.
func (g *generator) pointers() string {
	b := new(strings.Builder)
	bound := g.bound()
	for _, name := range slices.Sorted(maps.Keys(bound)) {
		for _, path := range bound[name].typ.imports {
			g.names.imports.add(path)
		}
		b.WriteString(bound[name].typ.pointer(pointerName(name)))
		if bound[name].typ.outside {
			fmt.Fprintf(b, "var %s %s\n", placeName(name), bound[name].typ.text)
		}
	}
	return b.String()
}

// writePointers finds the variables. It is done in the run and not when the file is loaded: the first
// thing that a run does may be to give variables other types.
func (g *generator) writePointers(b *strings.Builder) {
	bound := g.bound()
	for _, name := range slices.Sorted(maps.Keys(bound)) {
		v := bound[name]
		if v.typ.outside {
			fmt.Fprintf(b, "%s = %s.Place(%q, %q, &%s).(*%s)\n", pointerName(name), importAlias(cellPackage), v.name, v.key, placeName(name), v.typ.text)
			continue
		}
		fmt.Fprintf(b, "%s.Var(&%s, %q, %q)\n", importAlias(cellPackage), pointerName(name), v.name, v.key)
	}
}

// writeMoves gives variables whose types have changed their new types, and the values of such types
// that interfaces hold.
func (g *generator) writeMoves(b *strings.Builder) {
	changed := g.changedTypes()
	if len(g.moved) == 0 && len(changed) == 0 {
		return
	}
	g.writeHolders(b, changed)
	alias := importAlias(cellPackage)
	fmt.Fprintf(b, "%s.Move(\n", runParameter)
	for _, m := range g.moved {
		fmt.Fprintf(b, "%s.Moved(%s, %q, %q, %q),\n", alias, pointerName(m.to.name), m.to.name, m.from.key, m.to.key)
	}
	b.WriteString(")\n")
	for _, m := range g.moved {
		fmt.Fprintf(b, "%s.Declared(%q)\n", runParameter, m.to.key)
	}
}

// changedTypes are the types of the session that become others.
func (g *generator) changedTypes() []string {
	var changed []string
	for name, identity := range g.types {
		if old := g.session.identities[name]; old != "" && old != identity {
			changed = append(changed, plainName(name))
		}
	}
	return changed
}

// typeRegistrations tells the worker of the types, so that it knows values of them in interfaces when
// the types are declared anew.
func (g *generator) typeRegistrations() string {
	b := new(strings.Builder)
	for _, d := range slices.Concat(g.closure.declarations, g.own.declarations) {
		t, ok := g.pkg.Scope().Lookup(checkedName(d.names[0])).(*types.TypeName)
		if !ok || d.kind != typeKind || t.IsAlias() {
			continue
		}
		if i, ok := t.Type().Underlying().(*types.Interface); ok && !i.IsMethodSet() {
			continue // a constraint: there are no values of it
		}
		if named, ok := t.Type().(*types.Named); ok {
			name, pointer := typeName(d.names[0]), "nil"
			if named.TypeParams().Len() == 0 {
				pointer = fmt.Sprintf("(*%s)(nil)", name)
			}
			fmt.Fprintf(b, "\t%s.Type(%q, %q, %s)\n", importAlias(cellPackage), d.names[0], g.types[name], pointer)
		}
	}
	return b.String()
}

// writeStatements writes the statements in the order of the text.
func (g *generator) writeStatements(b *strings.Builder, edits []edit) {
	timed := ""
	for k, s := range g.cell.statements {
		if name := g.cell.inline.timed[g.cell.placed[k].code]; name != "" {
			timed = name
			b.WriteString(generatedDirective + g.timerText(timed).begin)
		}
		if e, ok := s.(*ast.ExprStmt); ok {
			if n := slices.Index(g.shown, e.X); n >= 0 && n < len(g.shown)-1 {
				continue // all of a list is written with its last
			}
		}
		edits = g.writeStatement(b, k, timed == "timeit", edits)
		if timed != "" {
			b.WriteString(generatedDirective + g.timerText(timed).end)
			timed = ""
		}
	}
}

// A timerText stands around a statement that is measured.
type timerText struct{ begin, end string }

func (g *generator) timerText(name string) timerText {
	if name == "time" {
		return timerText{runParameter + ".StartTimer()\n", runParameter + ".StopTimer()\n"}
	}
	const testing, parameter = "testing", "b" + build.Marker
	g.names.imports.add(testing)
	return timerText{
		fmt.Sprintf("%s.Timeit(func(%s *%s.B) { for %[2]s.Loop() {\n", importAlias(cellPackage), parameter, importAlias(testing)),
		"}})\n",
	}
}

// writeStatement writes a statement, a result without showing it if it is quiet. It returns the edits that
// the next ones are written with.
func (g *generator) writeStatement(b *strings.Builder, k int, quiet bool, edits []edit) []edit {
	i := g.cell.placed[k]
	switch s := g.cell.statements[k].(type) {
	case *ast.DeclStmt:
		for _, spec := range s.Decl.(*ast.GenDecl).Specs {
			g.writeSpec(b, spec.(*ast.ValueSpec), edits)
		}
		return edits
	case *ast.AssignStmt:
		if len(g.declares[k]) > 0 {
			at := g.cell.offset(s.TokPos)
			edits = append(edits, edit{at: at, end: at + len(":="), text: "="})
		}
	case *ast.ExprStmt:
		if slices.Contains(g.shown, s.X) {
			g.writeResult(b, quiet || i.quiet, edits)
			return edits
		}
	}
	g.writePart(b, i.code, i.end, edits)
	g.writeDeclared(b, g.declares[k])
	return edits
}

// writePart writes a piece of the cell, with its place.
func (g *generator) writePart(b *strings.Builder, from, to int, edits []edit) {
	b.WriteString(g.cell.statementDirective(from))
	b.WriteString(g.names.write(part{source: g.cell.source, from: from, to: to, edits: edits}))
	b.WriteString("\n")
}

func (g *generator) nodeText(n ast.Node, edits []edit) string {
	return g.names.write(part{source: g.cell.source, from: g.cell.offset(n.Pos()), to: g.cell.offset(n.End()), edits: edits})
}

// writeDeclared notes that the declarations of variables were reached.
func (g *generator) writeDeclared(b *strings.Builder, ids []*ast.Ident) {
	keys := newSet()
	for _, id := range ids {
		if v := g.versions[versionName(g.object(id))]; v != nil {
			keys.add(fmt.Sprintf("%q", v.key))
		}
	}
	if len(keys.list) > 0 {
		fmt.Fprintf(b, "%s.Declared(%s)\n", runParameter, strings.Join(keys.list, ", "))
	}
}

// writeResult writes the last expression, or the list of them: the value is shown, unless the expression
// prints something itself or a semicolon stands behind it.
func (g *generator) writeResult(b *strings.Builder, quiet bool, edits []edit) {
	first, last := g.shown[0], g.shown[len(g.shown)-1]
	from, to := g.cell.offset(first.Pos()), g.cell.offset(last.End())
	_, several := g.info.Types[first].Type.(*types.Tuple)
	switch {
	case quiet && !several:
		b.WriteString(strings.Repeat("_, ", len(g.shown)-1) + "_ =")
		fallthrough
	case quiet || len(g.shown) == 1 && g.prints(first):
		g.writePart(b, from, to, edits)
		return
	}
	edits = append(slices.Clone(edits), edit{at: to, end: to, text: ")"})
	// Before the edits of the expression's own first byte.
	edits = append([]edit{{at: from, end: from, text: runParameter + ".Result("}}, edits...)
	g.writePart(b, from, to, edits)
}

// prints reports whether an expression is a call that people make to print and not for its value.
func (g *generator) prints(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return false
	}
	var f *types.Func
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		f, _ = g.info.Uses[fun.Sel].(*types.Func)
	case *ast.Ident:
		f, _ = g.info.Uses[fun].(*types.Func) // imported with a dot
	}
	switch {
	case f == nil:
		return false
	case f.Signature().Recv() != nil:
		return strings.HasPrefix(f.Name(), "Write")
	}
	return f.Pkg() != nil && f.Pkg().Path() == "fmt" && (strings.HasPrefix(f.Name(), "Print") || strings.HasPrefix(f.Name(), "Fprint"))
}

// writeSpec writes a declaration of variables as assignments.
func (g *generator) writeSpec(b *strings.Builder, s *ast.ValueSpec, edits []edit) {
	b.WriteString(g.cell.statementDirective(g.cell.offset(s.Pos())))
	switch {
	case len(withoutBlank(s.Names)) == 0:
		g.writeBlank(b, s, edits)
	case g.isEmbedded(s):
		g.writeEmbedded(b, s, edits)
	case len(s.Values) == 0:
		zero := "*new(%s)"
		if outsideHeap(g.info.TypeOf(s.Type)) {
			zero = "(%s{})" // a struct or an array
		}
		for _, id := range withoutBlank(s.Names) {
			fmt.Fprintf(b, "%s = "+zero+"\n", variableText(versionName(g.object(id))), g.nodeText(s.Type, edits))
		}
	default:
		var left, right []string
		for _, id := range s.Names {
			left = append(left, g.assigned(id))
		}
		for _, v := range s.Values {
			right = append(right, g.nodeText(v, edits))
		}
		fmt.Fprintf(b, "%s = %s\n", strings.Join(left, ", "), strings.Join(right, ", "))
	}
	g.writeDeclared(b, withoutBlank(s.Names))
}

// writeBlank writes a declaration of variables without names: their values may do something, and have
// to fit the type.
func (g *generator) writeBlank(b *strings.Builder, s *ast.ValueSpec, edits []edit) {
	b.WriteString("var " + strings.Repeat("_, ", len(s.Names)-1) + "_")
	if s.Type != nil {
		b.WriteString(" " + g.nodeText(s.Type, edits))
	}
	for n, v := range s.Values {
		separator := ", "
		if n == 0 {
			separator = " = "
		}
		b.WriteString(separator + g.nodeText(v, edits))
	}
	b.WriteString("\n")
}

// assigned is what stands for a variable on the left side of an assignment.
func (g *generator) assigned(id *ast.Ident) string {
	if id.Name == "_" {
		return "_"
	}
	return variableText(versionName(g.object(id)))
}

// writeInitialisers writes the variables of a cell that has declarations only, in the order in which
// Go initialises a package.
func (g *generator) writeInitialisers(b *strings.Builder, edits []edit) {
	specs := map[ast.Expr]*ast.ValueSpec{}
	for _, s := range g.cell.statements {
		for _, spec := range s.(*ast.DeclStmt).Decl.(*ast.GenDecl).Specs {
			spec := spec.(*ast.ValueSpec)
			if len(spec.Values) == 0 && len(withoutBlank(spec.Names)) > 0 {
				g.writeSpec(b, spec, edits)
			}
			for _, v := range spec.Values {
				specs[v] = spec
			}
		}
	}
	for _, i := range g.info.InitOrder {
		spec := specs[i.Rhs]
		if spec == nil {
			continue
		}
		if len(spec.Values) == 1 {
			g.writeSpec(b, spec, edits)
			continue
		}
		n := slices.Index(spec.Values, i.Rhs)
		g.writeSpec(b, &ast.ValueSpec{Names: spec.Names[n : n+1], Type: spec.Type, Values: spec.Values[n : n+1]}, edits)
	}
}

// generatedDirective stands before code that is of no cell: frames in it are not shown.
const (
	generatedFile      = "generated"
	generatedDirective = "\n//line " + generatedFile + ":1\n"
)

// fileName is what the generated file is called where the compiler looks at it.
func (g *generator) fileName() string {
	if slices.ContainsFunc(g.closure.declarations, func(d *declaration) bool { return d.kind == cKind }) {
		return cgoFile + "cell.go"
	}
	return "cell.go"
}

// bodyless reports whether a directive stands for the body of a function.
func (g *generator) bodyless() bool {
	return slices.ContainsFunc(slices.Concat(g.closure.declarations, g.own.declarations), func(d *declaration) bool {
		return strings.Contains(d.text(), linknameDirective)
	})
}

// finish puts the parts together. The unit's name is a hash of them.
func (g *generator) finish(body string) *generated {
	header := new(strings.Builder)
	header.WriteString("// Code generated by gopy-kernel. DO NOT EDIT.\n\npackage main\n\n")
	if g.bodyless() {
		g.blank = append(g.blank, "unsafe")
	}
	blank := newSet(append(slices.Clone(build.Linked), g.blank...)...)
	for _, path := range blank.list {
		fmt.Fprintf(header, "import _ %q\n", path)
	}
	imports := g.names.imports.sorted()
	header.WriteString(importClause(imports))
	// The line table calls the function at its beginning "", so that one is none of the user's.
	fmt.Fprintf(header, "\n//go:noinline\nfunc %s() {}\n\n", firstFunction)
	text := header.String() + body
	h := sha256.New()
	h.Write([]byte(text))
	for _, name := range slices.Sorted(maps.Keys(g.types)) {
		fmt.Fprintf(h, "%s %s\n", name, g.types[name])
	}
	name := hex.EncodeToString(h.Sum(nil)[:16])
	text += generatedDirective + fmt.Sprintf("func init() {\n\t%s()\n%s\t%s.Register(%q, %s)\n}\n\nfunc main() {}\n", firstFunction, g.typeRegistrations(), importAlias(cellPackage), name, runFunction)
	return &generated{
		unit:         build.Unit{Files: []build.File{{Name: g.fileName(), Text: text}}, Imports: append(imports, g.blank...), Types: g.types, Embed: g.embed, Bodyless: g.bodyless(), Label: g.cell.file},
		name:         name,
		count:        g.own.origin.count,
		run:          g.session.run + 1,
		uses:         g.ownUses(),
		declarations: g.own.declarations,
		variables:    g.variables,
		identities:   g.types,
		dropped:      g.left.methods,
		notices:      g.notices,
	}
}
