package interpreter

import (
	"fmt"
	"go/types"
	"strconv"
	"strings"
)

// A typeWriter writes types as Go source. What a named type is called, its user says.
type typeWriter struct {
	strings.Builder
	// named writes the name of a declared type, without its type arguments.
	named func(*types.TypeName) string
	// parameter writes a type parameter.
	parameter func(*types.TypeParam) string
	// instead, if it is there and ok, writes a type in another way.
	instead func(types.Type) (text string, ok bool)
}

func (w *typeWriter) print(format string, args ...any) { fmt.Fprintf(w, format, args...) }

func (w *typeWriter) write(t types.Type) {
	if w.instead != nil {
		if text, ok := w.instead(types.Unalias(t)); ok {
			w.WriteString(text)
			return
		}
	}
	switch t := t.(type) {
	case *types.Alias:
		// An alias may be declared anew with another meaning; what it stands for may not.
		w.write(types.Unalias(t))
	case *types.Basic:
		if t.Kind() == types.UnsafePointer {
			w.WriteString(w.named(types.Unsafe.Scope().Lookup("Pointer").(*types.TypeName)))
			return
		}
		w.WriteString(t.Name())
	case *types.Named:
		w.WriteString(w.named(t.Obj()))
		w.arguments(t.TypeArgs())
	case *types.TypeParam:
		w.WriteString(w.parameter(t))
	case *types.Pointer:
		w.print("*")
		w.write(t.Elem())
	case *types.Slice:
		w.print("[]")
		w.write(t.Elem())
	case *types.Array:
		w.print("[%d]", t.Len())
		w.write(t.Elem())
	case *types.Map:
		w.print("map[")
		w.write(t.Key())
		w.print("]")
		w.write(t.Elem())
	case *types.Chan:
		w.channel(t)
	case *types.Signature:
		w.print("func")
		w.signature(t)
	case *types.Struct:
		w.structure(t)
	case *types.Interface:
		w.interfaceType(t)
	case *types.Union:
		w.union(t)
	case *types.Tuple:
		w.tuple(t, false)
	default:
		panic(fmt.Sprintf("a type of an unknown kind: %T", t))
	}
}

func (w *typeWriter) arguments(args *types.TypeList) {
	if args.Len() == 0 {
		return
	}
	w.print("[")
	for i := range args.Len() {
		if i > 0 {
			w.print(", ")
		}
		w.write(args.At(i))
	}
	w.print("]")
}

func (w *typeWriter) channel(t *types.Chan) {
	switch t.Dir() {
	case types.SendOnly:
		w.print("chan<- ")
	case types.RecvOnly:
		w.print("<-chan ")
	default:
		w.print("chan ")
	}
	// chan (<-chan T): without the parentheses the arrow belongs to the first chan.
	w.print("(")
	w.write(t.Elem())
	w.print(")")
}

func (w *typeWriter) signature(t *types.Signature) {
	w.tuple(t.Params(), t.Variadic())
	if t.Results().Len() > 0 {
		w.print(" ")
		w.tuple(t.Results(), false)
	}
}

func (w *typeWriter) tuple(t *types.Tuple, variadic bool) {
	w.print("(")
	for i := range t.Len() {
		if i > 0 {
			w.print(", ")
		}
		typ := t.At(i).Type()
		if slice, ok := typ.(*types.Slice); ok && variadic && i == t.Len()-1 {
			w.print("...")
			typ = slice.Elem()
		}
		w.write(typ)
	}
	w.print(")")
}

func (w *typeWriter) structure(t *types.Struct) {
	w.print("struct{")
	for i := range t.NumFields() {
		if i > 0 {
			w.print("; ")
		}
		f := t.Field(i)
		if !f.Embedded() {
			w.print("%s ", f.Name())
		}
		w.write(f.Type())
		if tag := t.Tag(i); tag != "" {
			w.print(" %s", strconv.Quote(tag))
		}
	}
	w.print("}")
}

func (w *typeWriter) interfaceType(t *types.Interface) {
	w.print("interface{")
	separator := ""
	for m := range t.ExplicitMethods() {
		w.print("%s%s", separator, m.Name())
		w.signature(m.Signature())
		separator = "; "
	}
	for e := range t.EmbeddedTypes() {
		w.print("%s", separator)
		w.write(e)
		separator = "; "
	}
	w.print("}")
}

func (w *typeWriter) union(t *types.Union) {
	for i := range t.Len() {
		if i > 0 {
			w.print(" | ")
		}
		if t.Term(i).Tilde() {
			w.print("~")
		}
		w.write(t.Term(i).Type())
	}
}

// A writtenType is a type as source that can stand in any generated file.
type writtenType struct {
	text    string
	imports []string      // import paths
	uses    []string      // names of the session's types
	hidden  []*hiddenType // types in it that cannot be written; the text has parameters in their places
	// outside is set if there can be no value of the type in Go's heap: only C makes such values, or a
	// variable of a package is one.
	outside bool
}

// An unwritableError says that a type has no name that a cell could write.
type unwritableError struct{ name string }

func (e *unwritableError) Error() string {
	return fmt.Sprintf("its type %s cannot be written in Go: no other cell could use it; keep it in an interface, or in a type that has a name", e.name)
}

// writeType writes the type of a session variable of a cell that imports packages.
func writeType(t types.Type, imported ...*types.Package) (writtenType, error) {
	written := writtenType{outside: outsideHeap(t)}
	imports, uses := newSet(), newSet()
	var failed error
	w := &typeWriter{parameter: func(p *types.TypeParam) string { return p.String() }}
	w.named = func(n *types.TypeName) string { return writtenName(n, imports, uses) }
	w.instead = func(t types.Type) (string, bool) {
		pkg, hidden := isHidden(t)
		if !hidden {
			return "", false
		}
		parameter, ok := written.hide(t, pkg, imported)
		if !ok {
			failed = &unwritableError{types.TypeString(t, nil)}
		}
		return parameter, true
	}
	w.write(t)
	written.text, written.uses = w.String(), uses.list
	written.imports = newSet(append(written.imports, imports.list...)...).list
	return written, failed
}

// writtenName is what a type is called in any generated file.
func writtenName(n *types.TypeName, imports, uses *set) string {
	switch pkg := n.Pkg(); {
	case pkg == nil:
		return n.Name()
	case pkg.Path() == mainPath:
		uses.add(plainName(n.Name()))
		return typeName(plainName(n.Name()))
	default:
		imports.add(pkg.Path())
		return importAlias(pkg.Path()) + "." + n.Name()
	}
}

// outsideHeap reports whether the compiler refuses to allocate values of a type: what has a
// runtime/cgo.Incomplete in it.
func outsideHeap(t types.Type) bool {
	if n, ok := types.Unalias(t).(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "internal/runtime/sys" && n.Obj().Name() == "NotInHeap" {
		return true
	}
	switch t := t.Underlying().(type) {
	case *types.Array:
		return outsideHeap(t.Elem())
	case *types.Struct:
		for f := range t.Fields() {
			if outsideHeap(f.Type()) {
				return true
			}
		}
	}
	return false
}
