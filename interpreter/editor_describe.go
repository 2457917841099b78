package interpreter

import (
	"bytes"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// describe is what an object is on one line, with the names of packages as people write them.
func describe(o types.Object) string {
	switch o := o.(type) {
	case *types.Func:
		return shown(describeFunc(o))
	case *types.Builtin:
		return builtinSignatures[o.Name()]
	case *types.Const:
		return shown(describeConst(o))
	case *types.TypeName:
		return shown(describeType(o))
	case *types.PkgName:
		return describePackage(o.Name(), o.Imported().Path())
	case *types.Label:
		return "label " + o.Name()
	case *types.Nil:
		return "nil"
	case *types.Var:
		if o.IsField() {
			return shown("field " + o.Name() + " " + typeText(o.Type()))
		}
		return shown("var " + o.Name() + " " + typeText(o.Type()))
	}
	return shown(types.ObjectString(o, shortQualifier))
}

func typeText(t types.Type) string { return types.TypeString(t, shortQualifier) }

func describeFunc(f *types.Func) string {
	b := bytes.NewBufferString("func ")
	if recv := f.Signature().Recv(); recv != nil && !isLiteral(recv.Type()) {
		b.WriteString("(")
		if name := recv.Name(); name != "" && name != "_" {
			b.WriteString(name + " ")
		}
		types.WriteType(b, recv.Type(), shortQualifier)
		b.WriteString(") ")
	}
	b.WriteString(f.Name())
	b.WriteString(typeParameters(f.Signature().TypeParams()))
	b.WriteString(parameters(f.Signature().Params(), f.Signature().Variadic()))
	if results := f.Signature().Results(); results.Len() == 1 && results.At(0).Name() == "" {
		b.WriteString(" " + typeText(results.At(0).Type()))
	} else if results.Len() > 0 {
		b.WriteString(" " + parameters(results, false))
	}
	return b.String()
}

// isLiteral reports whether a type is an interface without a name.
func isLiteral(t types.Type) bool {
	_, ok := t.(*types.Interface)
	return ok
}

// parameters are written as people do: a, b int.
func parameters(list *types.Tuple, variadic bool) string {
	var texts []string
	following := ""
	for i := list.Len() - 1; i >= 0; i-- {
		p := list.At(i)
		text := typeText(p.Type())
		if slice, ok := p.Type().(*types.Slice); ok && variadic && i == list.Len()-1 {
			text = "..." + typeText(slice.Elem())
		}
		switch {
		case p.Name() == "":
			texts = append(texts, text)
		case text == following:
			texts = append(texts, p.Name())
		default:
			texts = append(texts, p.Name()+" "+text)
			following = text
		}
	}
	slices.Reverse(texts)
	return "(" + strings.Join(texts, ", ") + ")"
}

func describeConst(c *types.Const) string {
	text := "const " + c.Name()
	if b, ok := c.Type().(*types.Basic); !ok || b.Info()&types.IsUntyped == 0 {
		text += " " + typeText(c.Type())
	}
	if c.Name() == "iota" && c.Pkg() == nil {
		return text
	}
	return text + " = " + c.Val().String()
}

// describeType names what kind of type it is. The fields of a struct and the methods of an interface
// would fill a screen.
func describeType(t *types.TypeName) string {
	text := "type " + t.Name()
	if alias, ok := t.Type().(*types.Alias); ok {
		return text + typeParameters(alias.TypeParams()) + " = " + typeText(alias.Rhs())
	}
	named, ok := t.Type().(*types.Named)
	if !ok { // predeclared, a parameter, or unsafe.Pointer
		if p, ok := t.Type().(*types.TypeParam); ok {
			return text + " " + typeText(p.Constraint())
		}
		return text
	}
	text += typeParameters(named.TypeParams()) + " "
	switch u := named.Underlying().(type) {
	case *types.Struct:
		return text + "struct"
	case *types.Interface:
		return text + "interface"
	default:
		return text + typeText(u)
	}
}

func typeParameters(list *types.TypeParamList) string {
	if list.Len() == 0 {
		return ""
	}
	var vars []*types.Var
	for p := range list.TypeParams() {
		vars = append(vars, types.NewParam(p.Obj().Pos(), nil, p.Obj().Name(), p.Constraint()))
	}
	text := parameters(types.NewTuple(vars...), false)
	return "[" + text[1:len(text)-1] + "]"
}

func describePackage(name, path string) string { return fmt.Sprintf("package %s (%q)", name, path) }

// shown is a text that may hold names of generated code, as people write it.
func shown(text string) string {
	if !strings.Contains(text, build.Marker) {
		return text
	}
	return plainName(text)
}

// kindOf is what a completion says that an object is.
func kindOf(o types.Object) string {
	switch o := o.(type) {
	case *types.Func:
		if o.Signature().Recv() != nil {
			return "method"
		}
		return "function"
	case *types.Builtin:
		return "function"
	case *types.Const, *types.Nil:
		return "constant"
	case *types.TypeName:
		return "type"
	case *types.PkgName:
		return "module"
	case *types.Var:
		if o.IsField() {
			return "field"
		}
		return "variable"
	}
	return "keyword"
}

// builtinSignatures are as the documentation of Go has them: Type stands for any type.
var builtinSignatures = map[string]string{
	"append":  "func append(slice []Type, elems ...Type) []Type",
	"cap":     "func cap(v Type) int",
	"clear":   "func clear[T ~[]Type | ~map[Type]Type1](t T)",
	"close":   "func close(c chan<- Type)",
	"complex": "func complex(r, i FloatType) ComplexType",
	"copy":    "func copy(dst, src []Type) int",
	"delete":  "func delete(m map[Type]Type1, key Type)",
	"imag":    "func imag(c ComplexType) FloatType",
	"len":     "func len(v Type) int",
	"make":    "func make(t Type, size ...IntegerType) Type",
	"max":     "func max[T cmp.Ordered](x T, y ...T) T",
	"min":     "func min[T cmp.Ordered](x T, y ...T) T",
	"new":     "func new(Type) *Type",
	"panic":   "func panic(v any)",
	"print":   "func print(args ...Type)",
	"println": "func println(args ...Type)",
	"real":    "func real(c ComplexType) FloatType",
	"recover": "func recover() any",
}
