package interpreter

import (
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// A variable may have a type that has no name here: le := binary.LittleEndian. The compiler can be made
// to find such a type all the same, as the type argument of a function that is called with something
// of the package that has to do with the type:
//
//	func likeǃle[T any](_ *T) *T { return nil }
//	var ǃǃle = likeǃle(&binary.LittleEndian)

// A hiddenType is a type that cannot be written, and a type parameter that stands for it.
type hiddenType struct {
	typ       types.Type
	parameter string
	pattern   string // the type of the witness, with the parameter in it
	witness   string // an expression that does nothing
}

// isHidden reports whether a type by itself cannot be written outside of a package, and which that is.
func isHidden(t types.Type) (*types.Package, bool) {
	switch t := t.(type) {
	case *types.Named:
		n := t.Obj()
		if n.Pkg() != nil && n.Pkg().Path() != mainPath && (!n.Exported() || n.Parent() != n.Pkg().Scope()) {
			return n.Pkg(), true
		}
	case *types.Struct:
		for f := range t.Fields() {
			if !f.Exported() && f.Pkg().Path() != mainPath {
				return f.Pkg(), true
			}
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			if !m.Exported() && m.Pkg().Path() != mainPath {
				return m.Pkg(), true
			}
		}
	}
	return nil, false
}

// hide finds a parameter for a type that cannot be written: the one that it has already, or another if
// there is a witness in its package or in those that the cell imports.
func (w *writtenType) hide(t types.Type, pkg *types.Package, imported []*types.Package) (parameter string, ok bool) {
	for _, h := range w.hidden {
		if types.Identical(h.typ, t) {
			return h.parameter, true
		}
	}
	h := &hiddenType{typ: t, parameter: fmt.Sprintf("T%s%d", build.Marker, len(w.hidden)+1)}
	s := &witnessSearch{hidden: h, imports: newSet(w.imports...)}
	if !slices.ContainsFunc(append([]*types.Package{pkg}, imported...), s.in) {
		return "", false
	}
	w.hidden, w.imports = append(w.hidden, h), s.imports.list
	return h.parameter, true
}

// A witnessSearch looks for a witness of a hidden type.
type witnessSearch struct {
	hidden  *hiddenType
	imports *set
}

// in looks in a package: first for variables, which are plainest, then for functions and the fields and
// methods of types.
func (s *witnessSearch) in(pkg *types.Package) bool {
	if strings.HasPrefix(pkg.Path(), "internal/") || strings.Contains(pkg.Path(), "/internal/") {
		return false
	}
	for _, try := range []func(types.Object) bool{s.variable, s.function, s.members} {
		for _, name := range pkg.Scope().Names() {
			if o := pkg.Scope().Lookup(name); o.Exported() && try(o) {
				s.imports.add(pkg.Path())
				return true
			}
		}
	}
	return false
}

func (s *witnessSearch) variable(o types.Object) bool {
	v, ok := o.(*types.Var)
	return ok && s.try(types.NewPointer(v.Type()), "&"+qualified(o))
}

func (s *witnessSearch) function(o types.Object) bool {
	f, ok := o.(*types.Func)
	return ok && f.Signature().TypeParams().Len() == 0 && s.try(f.Signature(), qualified(o))
}

func (s *witnessSearch) members(o types.Object) bool {
	named, ok := o.Type().(*types.Named)
	if _, isType := o.(*types.TypeName); !ok || !isType || named.TypeParams().Len() > 0 {
		return false
	}
	if fields, ok := named.Underlying().(*types.Struct); ok {
		for f := range fields.Fields() {
			if f.Exported() && s.try(types.NewPointer(f.Type()), fmt.Sprintf("&new(%s).%s", qualified(o), f.Name())) {
				return true
			}
		}
	}
	if types.IsInterface(named) {
		return false
	}
	pointer := types.NewPointer(named)
	for m := range types.NewMethodSet(pointer).Methods() {
		f := m.Obj().(*types.Func)
		if !f.Exported() {
			continue
		}
		params := []*types.Var{types.NewParam(0, nil, "", pointer)}
		for p := range f.Signature().Params().Variables() {
			params = append(params, p)
		}
		expression := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), f.Signature().Results(), f.Signature().Variadic())
		if s.try(expression, fmt.Sprintf("(*%s).%s", qualified(o), f.Name())) {
			return true
		}
	}
	return false
}

// qualified is what generated code calls something of a package.
func qualified(o types.Object) string { return importAlias(o.Pkg().Path()) + "." + o.Name() }

// try takes an expression for the witness if the hidden type is in its type, and nothing else that
// cannot be written.
func (s *witnessSearch) try(t types.Type, expression string) bool {
	found, failed := false, false
	imports := newSet()
	w := &typeWriter{parameter: func(p *types.TypeParam) string { return p.String() }}
	w.named = func(n *types.TypeName) string { return writtenName(n, imports, newSet()) }
	w.instead = func(t types.Type) (string, bool) {
		if types.Identical(t, s.hidden.typ) {
			found = true
			return s.hidden.parameter, true
		}
		_, hidden := isHidden(t)
		failed = failed || hidden
		return "", hidden
	}
	w.write(t)
	if !found || failed {
		return false
	}
	s.hidden.pattern, s.hidden.witness = w.String(), expression
	for _, path := range imports.list {
		s.imports.add(path)
	}
	return true
}

// pointer declares a variable that is a pointer to the type. It is nil.
func (w writtenType) pointer(name string) string {
	if len(w.hidden) == 0 {
		return fmt.Sprintf("var %s *%s\n", name, w.text)
	}
	var parameters, patterns, witnesses []string
	for _, h := range w.hidden {
		parameters = append(parameters, h.parameter)
		patterns = append(patterns, "_ "+h.pattern)
		witnesses = append(witnesses, h.witness)
	}
	like := "like" + build.Marker + name
	return fmt.Sprintf("func %s[%s any](%s) *%s { return nil }\nvar %s = %[1]s(%[6]s)\n",
		like, strings.Join(parameters, ", "), strings.Join(patterns, ", "), w.text, name, strings.Join(witnesses, ", "))
}
