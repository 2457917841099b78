package interpreter

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"
	"strconv"
)

// addMembers lists what can be selected from an expression, a type or a package.
func (v *view) addMembers(l *candidates, x ast.Expr) {
	if id, ok := x.(*ast.Ident); ok {
		if pkg, ok := v.info.Uses[id].(*types.PkgName); ok {
			if pkg.Imported().Path() == pathC {
				v.addC(l)
				return
			}
			for _, p := range v.meant(pkg) {
				v.desk.addPackageMembers(l, p)
			}
			return
		}
	}
	tv, ok := v.info.Types[x]
	if !ok || tv.Type == nil {
		return
	}
	for _, m := range selectable(tv.Type, tv.Addressable(), v.pkg) {
		if _, isField := m.object.(*types.Var); isField && tv.IsType() {
			continue // only methods can be taken from a type
		}
		l.addObject(m.object)
	}
}

// meant are the packages that a name may stand for: one if it was imported. If not, the packages of
// that name that have all that the cell selects from it.
func (v *view) meant(name *types.PkgName) []*types.Package {
	path := name.Imported().Path()
	explicit := v.desk.session.imports[name.Name()] == path
	for _, s := range v.cell.declarations.Imports {
		p, err := strconv.Unquote(s.Path.Value)
		explicit = explicit || err == nil && p == path
	}
	found := []*types.Package{name.Imported()}
	if explicit {
		return found
	}
	selected := slices.DeleteFunc(v.selections()[name.Name()], func(s string) bool { return s == placeholder })
	hasAll := func(p *types.Package) bool {
		return !slices.ContainsFunc(selected, func(s string) bool { return p.Scope().Lookup(s) == nil })
	}
	for _, path := range v.desk.checker.packages.byName[name.Name()] {
		if p, err := v.desk.checker.importer.Import(path); err == nil && p != found[0] {
			found = append(found, p)
		}
	}
	if some := slices.DeleteFunc(slices.Clone(found), func(p *types.Package) bool { return !hasAll(p) }); len(some) > 0 {
		return some
	}
	return found
}

// A member is a field or a method, and how many embedded fields it is away.
type member struct {
	object types.Object
	depth  int
}

// selectable are the fields and methods that a cell can select from a value, the nearest first.
// Whether one hides another, is ambiguous, not exported or needs a variable, go/types knows.
func selectable(t types.Type, addressable bool, from *types.Package) []member {
	names := newSet()
	addMemberNames(names, t, map[types.Type]bool{})
	var members []member
	for _, name := range names.list {
		o, index, _ := types.LookupFieldOrMethod(t, addressable, from, name)
		if o != nil {
			members = append(members, member{o, len(index)})
		}
	}
	slices.SortStableFunc(members, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.depth, b.depth), cmp.Compare(a.object.Name(), b.object.Name()))
	})
	return members
}

// addMemberNames collects the names of all fields and methods, those of embedded fields too.
func addMemberNames(names *set, t types.Type, seen map[types.Type]bool) {
	t = types.Unalias(t)
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	if seen[t] {
		return
	}
	seen[t] = true
	if named, ok := t.(*types.Named); ok {
		for m := range named.Methods() {
			names.add(m.Name())
		}
	}
	switch u := t.Underlying().(type) {
	case *types.Interface:
		for m := range u.Methods() {
			names.add(m.Name())
		}
	case *types.Struct:
		for f := range u.Fields() {
			names.add(f.Name())
			if f.Embedded() {
				addMemberNames(names, f.Type(), seen)
			}
		}
	}
}

// addFields lists the fields that a struct literal does not give yet. It reports whether the literal
// is one of a struct that names its fields, or may.
func (v *view) addFields(l *candidates, lit *ast.CompositeLit) bool {
	t := v.info.Types[lit].Type
	if t == nil {
		return false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	structure, ok := t.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	given, named := map[string]bool{}, false
	for _, e := range lit.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			named = true
			if key, ok := pair.Key.(*ast.Ident); ok {
				given[key.Name] = true
			}
		}
	}
	if len(lit.Elts) > 1 && !named {
		return false // by position
	}
	for f := range structure.Fields() {
		if !given[f.Name()] && (f.Exported() || f.Pkg() != nil && f.Pkg().Path() == mainPath) {
			l.addObject(f)
		}
	}
	return true
}
