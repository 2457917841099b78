package interpreter

import (
	"cmp"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"runtime"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// A checker type-checks cells against what the session has declared. It must not be used from
// several goroutines at a time, for the importer must not.
type checker struct {
	fset     *token.FileSet
	importer types.Importer
	packages *packages
	relative map[string]string // import paths of packages in folders beside the notebook
	language string
	dir      string // of the notebook
}

// A checkedCell is a cell whose types are known. It is complete only if errs is empty; editor
// services make do with what there is.
type checkedCell struct {
	*hoisted
	session  *names
	pkg      *types.Package
	info     *types.Info
	imports  map[string]string // names of packages that the cell imports by name, to their paths
	dots     []string          // that it imports with a dot
	blank    []string          // that it imports for what their init does
	declared map[string]kind   // names of functions, types, constants and variables of the cell
	// ownMethods are the methods that the cell declares, by the names of their types.
	ownMethods map[string]map[string]bool
	brought    []string // names of the session that are brought up to date with what the cell declares anew
	left       leftOut
	closure    closure
	files      map[*declaration]*ast.File // of the closure
	shown      []ast.Expr                 // the last expression, or the last ones if they are a list
	run        *ast.FuncDecl
	embed      build.Embed                 // files that are embedded
	embedded   map[*ast.ValueSpec][]string // patterns of variables with files in them
	errs       []error
	notices    []string                // for the user
	graph      callGraph               // made when it is first needed
	usable     map[token.Pos]token.Pos // where variables of functions can be used, by where they are declared
	unused     []unusedVariable
}

// resultFunction is what the last expression is an argument of while a cell is type-checked, so that
// an expression may stand where Go wants a statement.
const resultFunction = build.Marker + "result"

// check type-checks a parsed cell, without what is left out, and with names of the session that it does
// not use itself.
func (k *checker) check(c *parsedCell, session *names, left leftOut, also ...string) *checkedCell {
	imported := k.importedNames(c)
	session = session.without(imported.list)
	isPackage := func(name string) bool {
		return imported.has[name] || session.imports[name] != "" || len(k.packages.byName[name]) > 0
	}
	cc := &checkedCell{hoisted: hoist(c, session, isPackage), session: session, left: left, imports: map[string]string{}, files: map[*declaration]*ast.File{}}
	cc.errs = cc.hoisted.errs
	cc.embed, cc.embedded = build.Embed{Patterns: map[string][]string{}, Files: map[string]string{}}, map[*ast.ValueSpec][]string{}
	cc.readEmbeds(k.dir)
	cc.collectNames()
	cc.renamePredeclared()
	k.readImports(cc)
	used := append(cc.freeNames(), slices.Sorted(maps.Keys(cc.declared))...) // types that are declared anew have methods
	used = slices.Concat(used, cc.cNames(), cc.usesBefore(), also)
	for _, command := range c.inline.tests {
		used = append(used, cc.tests(command)...)
	}
	if !left.dependents {
		types, variables := session.dependents(cc.changed())
		cc.brought = slices.DeleteFunc(append(types, variables...), func(name string) bool { return left.variables[name] })
		used = append(used, cc.brought...)
	}
	cc.closure = cc.reach(used)
	cc.closure.declarations = append(cc.closure.declarations, cc.before...)
	k.importByNeed(cc)
	files := k.sessionFiles(cc)
	files = append(files, cc.file())
	k.run(cc, files)
	return cc
}

// collectNames finds the names that the cell declares.
func (cc *checkedCell) collectNames() {
	cc.declared, cc.ownMethods = map[string]kind{}, map[string]map[string]bool{}
	for _, d := range cc.cell.declarations.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil {
				cc.collectMethod(receiver(d), d.Name.Name)
			} else if d.Name.Name != "init" {
				cc.declared[d.Name.Name] = functionKind
			}
		case *ast.GenDecl:
			cc.collectSpecs(d)
		}
	}
	for _, ids := range cc.declares {
		for _, id := range ids {
			cc.declared[plainName(id.Name)] = variableName
		}
	}
	delete(cc.declared, "_")
}

func (cc *checkedCell) collectMethod(t, method string) {
	if cc.ownMethods[t] == nil {
		cc.ownMethods[t] = map[string]bool{}
	}
	cc.ownMethods[t][method] = true
}

func (cc *checkedCell) collectSpecs(d *ast.GenDecl) {
	for _, s := range d.Specs {
		switch s := s.(type) {
		case *ast.TypeSpec:
			cc.declared[s.Name.Name] = typeKind
		case *ast.ValueSpec:
			for _, n := range s.Names {
				cc.declared[n.Name] = constantName
			}
		}
	}
}

// kind is what a name stands for in the cell: what it declares counts more than what the session has.
func (cc *checkedCell) kind(name string) kind {
	if k := cc.declared[name]; k != noName {
		return k
	}
	return cc.session.kind(name)
}

// free calls f with all identifiers of the cell that may be names of the package.
func (cc *checkedCell) free(f func(*ast.Ident)) {
	pkg := cc.cell.declarations.Scope
	visit := func(id *ast.Ident) {
		if id.Obj == nil || cc.tops[id.Obj] || pkg != nil && pkg.Lookup(id.Name) == id.Obj {
			f(id)
		}
	}
	for _, d := range cc.cell.declarations.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
			inspectFree(d, visit)
		}
	}
	for _, s := range cc.cell.statements {
		inspectFree(s, visit)
	}
}

// renamePredeclared gives names of the session that are also predeclared the names under which they
// are checked.
func (cc *checkedCell) renamePredeclared() {
	cc.free(func(id *ast.Ident) {
		if predeclared(id.Name) && cc.kind(id.Name) != noName {
			id.Name = checkedName(id.Name)
		}
	})
}

// freeNames are the session's names that the cell may use, and does not declare.
func (cc *checkedCell) freeNames() []string {
	used := newSet()
	cc.free(func(id *ast.Ident) {
		name := plainName(id.Name)
		if cc.functionsBefore[id.Name].function == "" && cc.declared[name] == noName && cc.imports[name] == "" && cc.session.kind(name) != noName {
			used.add(name)
		}
	})
	for _, name := range cc.earlier {
		used.add(name)
	}
	return used.list
}

// variablesFile is the name of the code that declares the session's variables.
const variablesFile = "variables"

// sessionFiles are the closure as source files: the variables, then each declaration.
func (k *checker) sessionFiles(cc *checkedCell) []*ast.File {
	files := []*ast.File{k.parseGenerated(cc, variablesFile, cc.variablesText())}
	for _, d := range cc.closure.declarations {
		file := k.parseGenerated(cc, d.origin.file, cc.checkedText(d))
		files = append(files, file)
		cc.files[d] = file
	}
	return files
}

func (k *checker) parseGenerated(cc *checkedCell, name, text string) *ast.File {
	file, err := parser.ParseFile(k.fset, name, text, parser.SkipObjectResolution)
	if err != nil {
		cc.errs = append(cc.errs, fmt.Errorf("generated code does not parse: %w", err))
	}
	return file
}

// variableFile is what an error is in if a variable's type does not compile any more, before the variable's
// name.
const variableFile = "variables/"

// variablesText declares the session's variables: under their own names for the cell, and as pointers
// for the closure. A variable that the cell declares anew is the new one for the closure too.
func (cc *checkedCell) variablesText() string {
	imports := newSet()
	b := new(strings.Builder)
	for _, v := range cc.closure.variables {
		for _, path := range v.typ.imports {
			imports.add(path)
		}
		fmt.Fprintf(b, "//line %s:1\n", variableFile+v.name)
		b.WriteString(v.typ.pointer(pointerName(v.name)))
		fmt.Fprintf(b, "var %s = *%s\n", checkedName(v.name), pointerName(v.name))
	}
	fmt.Fprintf(b, "//line %s:1\n", variablesFile)
	for _, name := range slices.Sorted(maps.Keys(cc.declared)) {
		if cc.declared[name] == variableName {
			fmt.Fprintf(b, "var %s = &%s\n", pointerName(name), checkedName(name))
		}
	}
	for _, version := range cc.pointed() {
		fmt.Fprintf(b, "var %s = &%s\n", pointerName(version), version)
	}
	for old, name := range cc.earlier {
		typ := cc.session.symbols[name].variable.typ
		for _, path := range typ.imports {
			imports.add(path)
		}
		b.WriteString(typ.pointer(pointerName(old)))
		fmt.Fprintf(b, "var %s = *%s\n", old, pointerName(old))
	}
	fmt.Fprintf(b, "func %s(...any)\n", resultFunction)
	return "package main\n" + importClause(imports.list) + b.String()
}

// checkedText is a declaration of an earlier cell as a source file for the type-checker.
func (cc *checkedCell) checkedText(d *declaration) string {
	n := namer{imports: newSet(), constant: checkedName, symbol: func(name string) string {
		switch k := cc.kind(name); {
		case k == variableName:
			return variableText(cmp.Or(d.versions[name], name))
		case d.versions[name] != "":
			return d.versions[name]
		case cc.overridden(d, name):
			return "_"
		}
		return checkedName(name)
	}}
	text := n.declaration(d)
	return "package main\n" + importClause(n.imports.list) + text
}

// overridden reports whether a name of a declaration, one of a group of constants, was declared anew
// since.
func (cc *checkedCell) overridden(d *declaration, name string) bool {
	if d.kind != constantName || !slices.Contains(d.names, name) {
		return false
	}
	s := cc.session.symbols[name]
	return cc.declared[name] != noName || s == nil || s.declaration != d
}

func importClause(paths []string) string {
	b := new(strings.Builder)
	for _, p := range paths {
		fmt.Fprintf(b, "import %s %q\n", importAlias(p), p)
	}
	return b.String()
}

// file is the cell as a source file: imports, declarations, variables, and a function of what is
// left of the statements.
func (cc *checkedCell) file() *ast.File {
	c := cc.cell
	at := c.declarations.Package
	file := &ast.File{Package: at, Name: ast.NewIdent(mainPath), FileStart: c.declarations.FileStart, FileEnd: c.declarations.FileEnd}
	for name, path := range cc.imports {
		file.Decls = append(file.Decls, importDecl(name, path, at))
	}
	for _, path := range cc.dots {
		file.Decls = append(file.Decls, importDecl(".", dotPath(path), at))
	}
	for _, path := range cc.blank {
		file.Decls = append(file.Decls, importDecl("_", path, at))
	}
	for _, d := range c.declarations.Decls {
		if g, ok := d.(*ast.GenDecl); !ok || g.Tok != token.IMPORT {
			file.Decls = append(file.Decls, d)
		}
	}
	file.Decls = append(file.Decls, cc.specs...)
	cc.run = &ast.FuncDecl{
		Name: &ast.Ident{NamePos: at, Name: build.Marker + "run"},
		Type: &ast.FuncType{Func: at, Params: &ast.FieldList{}},
		Body: &ast.BlockStmt{Lbrace: at, List: cc.withResult(), Rbrace: c.declarations.FileEnd},
	}
	file.Decls = append(file.Decls, cc.run)
	return file
}

func importDecl(name, path string, at token.Pos) ast.Decl {
	spec := &ast.ImportSpec{Name: &ast.Ident{NamePos: at, Name: name}, Path: &ast.BasicLit{ValuePos: at, Kind: token.STRING, Value: fmt.Sprintf("%q", path)}}
	if path == pathC {
		spec.Name = nil // it cannot have another
	}
	return &ast.GenDecl{TokPos: at, Tok: token.IMPORT, Specs: []ast.Spec{spec}}
}

// withResult are the statements, the last expression as an argument of resultFunction.
func (cc *checkedCell) withResult() []ast.Stmt {
	n, items := len(cc.body), cc.cell.items
	if n == 0 || !items[len(items)-1].isStatement() {
		return cc.body
	}
	last, ok := cc.body[n-1].(*ast.ExprStmt)
	if !ok || last != cc.cell.statements[len(cc.cell.statements)-1] {
		return cc.body
	}
	first := n - 1 - len(cc.cell.commas)
	for _, s := range cc.body[first:] {
		cc.shown = append(cc.shown, s.(*ast.ExprStmt).X)
	}
	call := &ast.CallExpr{Fun: &ast.Ident{NamePos: cc.shown[0].Pos(), Name: resultFunction}, Lparen: cc.shown[0].Pos(), Args: cc.shown, Rparen: last.End()}
	return append(slices.Clone(cc.body[:first]), &ast.ExprStmt{X: call})
}

// run type-checks the files and keeps the errors that are the user's.
func (k *checker) run(cc *checkedCell, files []*ast.File) {
	cc.pkg = types.NewPackage(mainPath, mainPath)
	cc.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{}, Implicits: map[ast.Node]types.Object{}, Scopes: map[ast.Node]*types.Scope{},
	}
	var errs []types.Error
	config := types.Config{
		GoVersion: k.language, Importer: &dotImporter{k.importer, cc}, Sizes: types.SizesFor("gc", runtime.GOARCH),
		Error: func(err error) {
			var e types.Error
			if errors.As(err, &e) {
				errs = append(errs, e)
			}
		},
	}
	if cc.imports[pathC] != "" {
		usesCgo(&config)
	}
	// What it returns is the first of the errors that it reported.
	_ = types.NewChecker(&config, k.fset, cc.pkg, cc.info).Files(files)
	cc.errs = append(cc.errs, cc.typeErrors(errs)...)
	if t := cc.info.Types; len(cc.shown) == 1 && (t[cc.shown[0]].IsVoid() || isVoidOfC(t[cc.shown[0]].Type)) {
		cc.shown = nil
	}
}

// harmless reports whether an error is none in a cell: unused imports, the order of variables where
// statements give it, and a call without a value at the end.
func (cc *checkedCell) harmless(e types.Error) bool {
	switch {
	case e.Soft && strings.Contains(e.Msg, "imported") && strings.Contains(e.Msg, "not used"):
		return true
	case strings.HasPrefix(e.Msg, "initialization cycle"):
		return cc.cell.inOrder
	case strings.HasSuffix(e.Msg, "(no value) used as value"):
		return len(cc.shown) == 1 && cc.shown[0].Pos() <= e.Pos && e.Pos <= cc.shown[0].End()
	}
	return false
}

// typeErrors are the errors that are the user's. What goes on from the error before begins with a tab:
// where else a name is declared, the way round a cycle.
func (cc *checkedCell) typeErrors(errs []types.Error) []error {
	var found []Diagnostic
	ignored := false
	for _, e := range errs {
		more, goesOn := strings.CutPrefix(e.Msg, "\t")
		switch d := cc.typeError(e); {
		case goesOn && !ignored && len(found) > 0:
			place := fmt.Sprintf("%s:%d:%d", cellLabel(cc.session.sources[d.File].count), d.Line, d.Column)
			found[len(found)-1].Message += "\n\t" + place + ": " + plainMessage(more)
		case !goesOn:
			if ignored = cc.harmless(e) || cc.useUnused(e); !ignored {
				found = append(found, d)
			}
		}
	}
	// Those in the code that declares the session's variables follow from others.
	cells := slices.DeleteFunc(slices.Clone(found), func(d Diagnostic) bool { return d.File == variablesFile })
	if len(cells) > 0 {
		found = cells
	}
	if len(found) == 0 {
		return nil
	}
	return []error{&CompileError{Diagnostics: found}}
}

// typeError is an error in terms of the cell, or of the earlier cell where it is.
func (cc *checkedCell) typeError(e types.Error) Diagnostic {
	if file := cc.cell.fset.File(e.Pos); file != nil && (file == cc.cell.fset.File(cc.cell.declarations.Pos()) || cc.inStatements(e.Pos)) {
		return cc.cell.diagnostic(cc.cell.offset(e.Pos), plainMessage(e.Msg))
	}
	at := cc.cell.fset.Position(e.Pos)
	if name, ok := strings.CutPrefix(at.Filename, variableFile); ok && !slices.Contains(cc.brought, name) {
		return cc.diagnosticAtUse(name, fmt.Sprintf("%s has no value of its type any more: run cell %s again: %s", name, cellLabel(cc.session.symbols[name].variable.origin.count), plainMessage(e.Msg)))
	}
	return Diagnostic{File: at.Filename, Line: at.Line, Column: at.Column, Message: plainMessage(e.Msg)}
}

func (cc *checkedCell) inStatements(pos token.Pos) bool {
	s := cc.cell.statements
	return len(s) > 0 && cc.cell.fset.File(pos) == cc.cell.fset.File(s[0].Pos())
}
