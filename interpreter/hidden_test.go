package interpreter

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHiddenTypes writes the types of variables of a package that has types without exported names, one
// for each thing that may tell of one.
func TestHiddenTypes(t *testing.T) {
	const source = `package lib
	type variable struct{}
	var V []variable
	type function struct{}
	func F(n int, more ...string) (function, error) { return function{}, nil }
	type method struct{}
	type Has struct{ Field map[string]*field }
	func (h *Has) M(x Has) method { return method{} }
	type field struct{}
	type generic[T any] struct{ x T }
	func G() generic[int] { return generic[int]{} }
	type nobody struct{}
	func hidden(nobody) {}
	var Both struct { a int; B variable }
	`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "lib.go", source, 0)
	require.NoError(t, err)
	lib, err := new(types.Config).Check("example.com/lib", fset, []*ast.File{file}, nil)
	require.NoError(t, err)
	named := func(name string) types.Type { return lib.Scope().Lookup(name).Type() }
	alias := importAlias("example.com/lib")
	result := func(f string) types.Type {
		return lib.Scope().Lookup(f).(*types.Func).Signature().Results().At(0).Type()
	}
	for _, test := range []struct {
		name             string
		typ              types.Type
		text             string
		pattern, witness string
	}{
		{"a variable", types.NewSlice(named("variable")), "[]T1", "*[]T1", "&" + alias + ".V"},
		{"a function", types.NewPointer(named("function")), "*T1", "func(int, ...string) (T1, error)", alias + ".F"},
		{"a method", named("method"), "T1", "func(*" + alias + ".Has, " + alias + ".Has) (T1)", "(*" + alias + ".Has).M"},
		{"a field", named("field"), "T1", "*map[string]*T1", "&new(" + alias + ".Has).Field"},
		{"an instance", result("G"), "T1", "func() (T1)", alias + ".G"},
		{"a type without a name", lib.Scope().Lookup("Both").Type(), "T1", "*T1", "&" + alias + ".Both"},
	} {
		t.Run(test.name, func(t *testing.T) {
			written, err := writeType(test.typ)
			require.NoError(t, err)
			require.Len(t, written.hidden, 1)
			assert.Equal(t, test.text, strings.ReplaceAll(written.text, "Tǃ", "T"))
			assert.Equal(t, test.pattern, strings.ReplaceAll(written.hidden[0].pattern, "Tǃ", "T"))
			assert.Equal(t, test.witness, written.hidden[0].witness)
			assert.Equal(t, []string{"example.com/lib"}, written.imports)
		})
	}
	_, err = writeType(named("nobody"))
	require.ErrorContains(t, err, "its type example.com/lib.nobody cannot be written in Go")
}
