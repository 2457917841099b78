package interpreter

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// cellPackage is what generated code imports. People do not.
const cellPackage = "github.com/gopy-kernel/gopy-kernel/worker/cell"

// packages are those that cells may import without saying so.
type packages struct {
	byName map[string][]string // import paths, the best guess first
}

func newPackages(list []build.Package) *packages {
	p := &packages{byName: map[string][]string{}}
	if len(list) > 0 {
		p.byName["unsafe"] = []string{"unsafe"} // which is in no list
	}
	for _, l := range list {
		if l.Offered && l.Path != cellPackage {
			p.byName[l.Name] = append(p.byName[l.Name], l.Path)
		}
	}
	for _, paths := range p.byName {
		slices.SortFunc(paths, func(a, b string) int {
			return cmp.Or(cmp.Compare(unlikely(a), unlikely(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
		})
	}
	return p
}

// add adds a package that a cell imported from a module: the last guess.
func (p *packages) add(name, path string) {
	if !slices.Contains(p.byName[name], path) {
		p.byName[name] = append(p.byName[name], path)
	}
}

// unlikely is 1 for the packages that are rarely meant where another has the same name.
func unlikely(path string) int {
	for _, prefix := range []string{"crypto/", "html/", "runtime/", "go/", "testing/", "net/http/"} {
		if strings.HasPrefix(path, prefix) {
			return 1
		}
	}
	return 0
}

// readImports reads the imports that stand in the cell.
func (k *checker) readImports(cc *checkedCell) {
	for _, d := range cc.cell.declarations.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
			for _, s := range g.Specs {
				k.readImport(cc, s.(*ast.ImportSpec))
			}
		}
	}
}

func (k *checker) readImport(cc *checkedCell, s *ast.ImportSpec) {
	path, err := strconv.Unquote(s.Path.Value)
	if path == pathC {
		cc.imports[pathC] = pathC
		return
	}
	if full := k.relative[path]; full != "" {
		path = full
	}
	var pkg *types.Package
	if err == nil {
		pkg, err = k.importer.Import(path)
	}
	if err != nil {
		cc.errs = append(cc.errs, cc.cell.fail(cc.cell.offset(s.Path.Pos()), "could not import "+path+": "+err.Error()))
		return
	}
	switch {
	case s.Name == nil:
		cc.imports[pkg.Name()] = path
	case s.Name.Name == ".":
		cc.dots = append(cc.dots, path)
	case s.Name.Name == "_":
		cc.blank = append(cc.blank, path)
	default:
		cc.imports[s.Name.Name] = path
	}
}

// named are the names of imports that are not there without being asked for.
func (k *checker) named(imports map[string]string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for name, path := range imports {
			if !slices.Contains(k.packages.byName[name], path) && !yield(name) {
				return
			}
		}
	}
}

// importByNeed imports what the cell uses and neither it nor the session declares: packages that an
// earlier cell imported, and packages of the standard library.
func (k *checker) importByNeed(cc *checkedCell) {
	for name, selected := range cc.selections() {
		plain := plainName(name)
		if cc.imports[name] != "" || cc.kind(name) != noName {
			continue
		}
		path := cc.imports[plain]
		if path == "" {
			// Of those with one name the session's counts, unless another has what is selected.
			candidates := k.packages.byName[plain]
			if first := cc.session.imports[plain]; first != "" {
				candidates = slices.Insert(slices.Clone(candidates), 0, first)
			}
			path = k.choose(candidates, selected)
		}
		if path != "" {
			cc.imports[name] = path
		}
	}
	k.importDots(cc)
	if cc.cell.inOrder {
		// A package may have the name of a variable up to where that is declared.
		maps.DeleteFunc(cc.imports, func(name, _ string) bool { return cc.declared[name] == variableName })
	}
}

// selections are the names that may be packages, with the names that are selected from them.
func (cc *checkedCell) selections() map[string][]string {
	found := map[string][]string{}
	visit := func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := s.X.(*ast.Ident); ok && id.Obj == nil {
				found[id.Name] = append(found[id.Name], s.Sel.Name)
			}
		}
		return true
	}
	ast.Inspect(cc.cell.declarations, visit)
	for _, s := range cc.cell.statements {
		ast.Inspect(s, visit)
	}
	return found
}

// choose takes the first package that has all the selected names, or else the first.
func (k *checker) choose(paths, selected []string) string {
	if len(paths) == 0 {
		return ""
	}
	if len(paths) > 1 {
		for _, path := range paths {
			pkg, err := k.importer.Import(path)
			if err == nil && !slices.ContainsFunc(selected, func(name string) bool { return pkg.Scope().Lookup(name) == nil }) {
				return path
			}
		}
	}
	return paths[0]
}

// importDots imports again what an earlier cell imported with a dot, where the cell uses a name of it.
func (k *checker) importDots(cc *checkedCell) {
	for _, path := range cc.session.dots {
		pkg, err := k.importer.Import(path)
		if err != nil || slices.Contains(cc.dots, path) {
			continue
		}
		used := false
		cc.free(func(id *ast.Ident) {
			used = used || pkg.Scope().Lookup(id.Name) != nil && ast.IsExported(id.Name) && cc.kind(id.Name) == noName
		})
		if used {
			cc.dots = append(cc.dots, path)
		}
	}
}

// importedNames are the names by which the cell imports packages.
func (k *checker) importedNames(c *parsedCell) *set {
	imported := newSet()
	for _, s := range c.declarations.Imports {
		path, err := strconv.Unquote(s.Path.Value)
		if s.Name != nil {
			imported.add(s.Name.Name)
		} else if pkg, failed := k.importer.Import(path); err == nil && failed == nil {
			imported.add(pkg.Name())
		}
	}
	return imported
}

// A dotImporter imports what cells import with a dot, but for the names that the session or the cell has
// declared: those count more, where a Go file would have two declarations of one name.
type dotImporter struct {
	types.Importer
	cell *checkedCell
}

const dotPrefix = build.Marker + "/"

// dotPath is what a package is called that is imported with a dot.
func dotPath(path string) string { return dotPrefix + path }

// Import imports a package. One that is imported with a dot has fewer names than it really has.
func (d *dotImporter) Import(path string) (*types.Package, error) {
	path, dot := strings.CutPrefix(path, dotPrefix)
	pkg, err := d.Importer.Import(path)
	if err != nil || !dot {
		return pkg, err
	}
	seen := types.NewPackage(pkg.Path(), pkg.Name())
	for _, name := range pkg.Scope().Names() {
		if d.cell.kind(name) == noName {
			seen.Scope().Insert(pkg.Scope().Lookup(name))
		}
	}
	seen.MarkComplete()
	return seen, nil
}
