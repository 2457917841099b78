package interpreter

import (
	"fmt"
	"go/ast"
	"go/types"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// A subject is what is known about a name before its source is read.
type subject struct {
	title   string // its declaration on one line
	origin  string // where it was declared, for people
	doc     string // if it is known already
	note    string // what else there is to say
	methods []string
	name    string // in the source
	path    string // of the package that declares it; empty for cells
	isLocal bool   // nothing of other packages: what is not exported is shown too

	cell  string // text of the cell where it is declared,
	file  string // or path of the source file,
	dir   string // or the folder of a package
	line  int    // 0 if not known
	parts []part // of a declaration of the session: all of its source
}

// about is what the identifier stands for, nil if that is not known.
func (v *view) about() *subject {
	o := v.object(v.ident())
	if o == nil {
		o = v.lookUp()
	}
	if o == nil {
		return nil
	}
	s := &subject{title: describe(o), name: plainName(o.Name())}
	if t, ok := o.(*types.TypeName); ok {
		s.methods = methodsOf(t)
	}
	switch pkg := o.Pkg(); {
	case isPackage(o):
		return v.desk.aboutPackage(o.(*types.PkgName).Imported())
	case pkg == nil:
		s.origin, s.file = "predeclared", filepath.Join(v.desk.goroot, "src", "builtin", "builtin.go")
		if v.desk.goroot == "" {
			s.file = ""
		}
	case pkg.Path() == mainPath:
		v.placeInCell(s, o)
	default:
		position := v.desk.positions.Position(o.Pos())
		s.path, s.origin = pkg.Path(), "package "+pkg.Path()
		s.file, s.line = v.desk.path(position.Filename), position.Line
	}
	return s
}

// lookUp finds an object by its name where the type-checker did not get to the identifier.
func (v *view) lookUp() types.Object {
	id := v.ident()
	if s, ok := v.ancestor(1).(*ast.SelectorExpr); ok && s.Sel == id {
		return nil
	}
	for _, scope := range v.scopes() {
		if in, o := scope.LookupParent(id.Name, id.Pos()); in == scope {
			return o
		}
	}
	return v.pkg.Scope().Lookup(id.Name)
}

// placeInCell notes where something was declared: in the cell itself, or in an earlier one.
func (v *view) placeInCell(s *subject, o types.Object) {
	s.isLocal = true
	position := v.desk.checker.fset.Position(o.Pos())
	known := v.desk.whole.symbols[s.name]
	if o.Parent() != v.pkg.Scope() || v.declared[s.name] != noName && v.earlier[o.Name()] == "" {
		known = nil
	}
	switch {
	case known != nil && known.kind == variableName:
		s.from(v.desk.whole, known.variable.origin.file)
		s.title = "var " + s.name + " " + known.variable.shown
		if known.variable.lost {
			s.note = "Its value was lost when the worker ended: run the cell again."
		}
	case known != nil:
		s.from(v.desk.whole, known.declaration.origin.file)
		s.line, s.parts = position.Line, known.parts()
	case position.Filename == v.cell.file:
		s.cell, s.line, s.origin = v.cell.source, position.Line, "this cell"
	default:
		s.from(v.desk.whole, position.Filename)
		s.line = position.Line
	}
}

// from notes that something was declared in a cell of the session.
func (s *subject) from(session *names, file string) {
	source := session.sources[file]
	s.cell, s.origin = source.text, cellLabel(source.count)
}

// methodsOf are the methods that were declared for a type, those with exported names first.
func methodsOf(t *types.TypeName) []string {
	named, ok := t.Type().(*types.Named)
	if !ok {
		return nil
	}
	var methods []*types.Func
	for m := range named.Methods() {
		if m.Exported() || m.Pkg().Path() == mainPath {
			methods = append(methods, m)
		}
	}
	slices.SortFunc(methods, func(a, b *types.Func) int { return strings.Compare(a.Name(), b.Name()) })
	var signatures []string
	for _, m := range methods {
		signatures = append(signatures, describe(m))
	}
	return signatures
}

// aboutPath is the package that an import names.
func (d *desk) aboutPath(literal lexeme) *subject {
	path, err := strconv.Unquote(literal.literal)
	if err != nil {
		return nil
	}
	pkg, err := d.checker.importer.Import(path)
	if err != nil {
		return nil
	}
	return d.aboutPackage(pkg)
}

// aboutPackageName is the package that would be imported by need.
func (d *desk) aboutPackageName(name string) *subject {
	paths := d.checker.packages.byName[name]
	if path := d.session.imports[name]; path != "" {
		paths = []string{path}
	}
	if len(paths) == 0 {
		return nil
	}
	pkg, err := d.checker.importer.Import(paths[0])
	if err != nil {
		return nil
	}
	return d.aboutPackage(pkg)
}

func (d *desk) aboutPackage(pkg *types.Package) *subject {
	s := &subject{title: fmt.Sprintf("package %s // import %q", pkg.Name(), pkg.Path()), name: pkg.Name(), path: pkg.Path()}
	for _, name := range pkg.Scope().Names() {
		if o := pkg.Scope().Lookup(name); o.Pkg() == pkg && o.Pos().IsValid() {
			s.dir = filepath.Dir(d.path(d.positions.Position(o.Pos()).Filename))
			break
		}
	}
	return s
}

// path is a file of the export data on this machine.
func (d *desk) path(file string) string {
	if rest, ok := strings.CutPrefix(file, "$GOROOT"); ok {
		return d.goroot + filepath.FromSlash(rest)
	}
	return file
}
