package interpreter

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// addNames lists the names that can be used in the place of the identifier, what is nearest first.
func (v *view) addNames(l *candidates) {
	v.addLocals(l)
	v.addCell(l)
	v.desk.addSession(l)
	for _, imports := range []map[string]string{v.imports, v.desk.session.imports} {
		for _, name := range slices.Sorted(maps.Keys(imports)) {
			l.addPackage(name, imports[name])
		}
	}
	for _, path := range slices.Concat(v.dots, v.desk.session.dots) {
		if pkg, err := v.desk.checker.importer.Import(path); err == nil {
			v.desk.addPackageMembers(l, pkg)
		}
	}
	for _, name := range types.Universe.Names() {
		l.addObject(types.Universe.Lookup(name))
	}
}

// addPackages lists the packages that are imported when they are used.
func (d *desk) addPackages(l *candidates) {
	byName := d.checker.packages.byName
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		l.addPackage(name, byName[name][0])
	}
}

func (v *view) addLocals(l *candidates) {
	at := v.ident().Pos()
	for _, scope := range v.scopes() {
		for _, name := range scope.Names() {
			if in, o := scope.LookupParent(name, at); in == scope {
				l.addObject(o)
			}
		}
	}
}

// addCell lists what the cell declares.
func (v *view) addCell(l *candidates) {
	variables := v.variables()
	for _, name := range slices.Sorted(maps.Keys(v.declared)) {
		o := variables[name]
		if v.declared[name] != variableName {
			o = v.pkg.Scope().Lookup(checkedName(name))
		}
		if o != nil {
			l.addObject(o)
		}
	}
}

// addSession lists what earlier cells have declared.
func (d *desk) addSession(l *candidates) {
	for _, name := range slices.Sorted(maps.Keys(d.session.symbols)) {
		s := d.session.symbols[name]
		if s.ofCgo() {
			continue // people say C.name
		}
		l.add(name, s.kind.String(), func() string {
			if s.kind == variableName {
				return "var " + name + " " + s.variable.shown
			}
			return d.signature(s)
		})
	}
}

// signature describes a function, a type or a constant of the session. The first time, all that are
// not known yet are described in one go.
func (d *desk) signature(s *symbol) string {
	if _, known := d.signatures[s.declaration]; !known {
		d.readSignatures()
	}
	return d.signatures[s.declaration][s.name]
}

// readSignatures checks a function that names everything whose signature is not known.
func (d *desk) readSignatures() {
	if d.signatures == nil || len(d.signatures) > 2*len(d.session.symbols)+100 {
		d.signatures = map[*declaration]map[string]string{}
	}
	wanted := map[string]*declaration{}
	text := new(strings.Builder)
	text.WriteString("func _() {\n")
	for name, s := range d.session.symbols {
		if s.declaration != nil && d.signatures[s.declaration] == nil {
			wanted[name] = s.declaration
			text.WriteString(name + "\n")
		}
	}
	text.WriteString("}\n")
	for _, declaration := range wanted {
		d.signatures[declaration] = map[string]string{}
	}
	c, _ := parse(d.checker.fset, text.String())
	cc := d.checker.check(c, d.session, leftOut{dependents: true})
	for name, declaration := range wanted {
		if o := cc.pkg.Scope().Lookup(checkedName(name)); o != nil {
			d.signatures[declaration][name] = describe(o)
		}
	}
}

// addPackageMembers lists what a package exports. That never changes.
func (d *desk) addPackageMembers(l *candidates, pkg *types.Package) {
	items, ok := d.members[pkg]
	if !ok {
		for _, name := range pkg.Scope().Names() {
			if ast.IsExported(name) {
				o := pkg.Scope().Lookup(name)
				items = append(items, CompletionItem{Text: name, Kind: kindOf(o), Signature: describe(o)})
			}
		}
		if d.members == nil {
			d.members = map[*types.Package][]CompletionItem{}
		}
		d.members[pkg] = items
	}
	for _, item := range items {
		l.addItem(item)
	}
}

// String is the kind as a completion has it.
func (k kind) String() string {
	switch k {
	case variableName:
		return "variable"
	case functionKind:
		return "function"
	case constantName:
		return "constant"
	case typeKind:
		return "type"
	}
	return ""
}
