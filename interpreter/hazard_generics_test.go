package interpreter_test

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// hazardGenerics instantiates everything generic that the standard library exports: an instance refers to
// things that no program names, such as iter.Pull to a type of package runtime.
func hazardGenerics(t *testing.T) {
	ws := openWorkspace(t, t.Context())
	importer := ws.NewImporter(token.NewFileSet(), nil)
	hash, err := importer.Import("hash")
	require.NoError(t, err)
	candidates := argumentTypes(hash.Scope().Lookup("Hash").Type())
	imports, uses := []string{}, []string{}
	for _, p := range ws.Packages() {
		if !p.Offered || strings.Contains(p.Path, ".") || strings.HasPrefix(p.Path, "testing/") {
			continue
		}
		pkg, err := importer.Import(p.Path)
		require.NoError(t, err)
		alias := fmt.Sprintf("p%d", len(imports))
		found := instances(t, pkg, alias, candidates)
		if len(found) > 0 {
			imports = append(imports, fmt.Sprintf("import %s %q", alias, p.Path))
			uses = append(uses, found...)
		}
	}
	require.Greater(t, len(uses), 50, "the library has more than that")
	s := newSession(t)
	s.must("var kept []any\nfunc keep(values ...any) { kept = append(kept, values...) }")
	s.must(strings.Join(imports, "\n") + "\nkeep(\n" + strings.Join(uses, ",\n") + ",\n)")
	require.Equal(t, fmt.Sprintf("[%d]\n", len(uses)), s.must(`len(kept)`))
	require.Equal(t, "1 true [1 2] 3\n", s.must(`
next, stop := iter.Pull(slices.Values([]int{1, 2}))
v, ok := next()
stop()
both, stopBoth := iter.Pull2(maps.All(map[string]int{"a": 3}))
_, w, _ := both()
stopBoth()
fmt.Println(v, ok, slices.Sorted(maps.Keys(map[int]bool{2: true, 1: true})), w)`))
}

// instances are expressions of what is generic in a package: functions, and pointers to types.
func instances(t *testing.T, pkg *types.Package, alias string, candidates []types.Type) []string {
	var found []string
	for _, name := range pkg.Scope().Names() {
		o := pkg.Scope().Lookup(name)
		if !o.Exported() {
			continue
		}
		var generic types.Type
		form := "%s.%s[%s]"
		switch o := o.(type) {
		case *types.Func:
			generic = o.Signature()
		case *types.TypeName:
			generic, form = o.Type(), "new(%s.%s[%s])"
		}
		if isGeneric(generic) {
			with := arguments(generic, candidates)
			require.NotEmpty(t, with, "%s.%s", pkg.Path(), name)
			found = append(found, fmt.Sprintf(form, alias, name, strings.Join(with, ", ")))
		}
	}
	return found
}

// argumentTypes are such that there is one for every constraint that the library has.
func argumentTypes(more ...types.Type) []types.Type {
	integer := types.Typ[types.Int]
	return append([]types.Type{
		integer, types.NewSlice(integer), types.NewMap(integer, integer), types.Universe.Lookup("error").Type(), types.NewPointer(integer),
	}, more...)
}

// isGeneric reports whether there are instances of a type or function that are types of values.
func isGeneric(t types.Type) bool {
	g, ok := t.(interface{ TypeParams() *types.TypeParamList })
	if !ok || g.TypeParams().Len() == 0 {
		return false
	}
	i, ok := t.Underlying().(*types.Interface)
	return !ok || i.IsMethodSet() // else it is a constraint
}

// arguments are types that a generic type or function may have; nil if it has none of those that are tried.
func arguments(generic types.Type, candidates []types.Type) []string {
	parameters := generic.(interface{ TypeParams() *types.TypeParamList }).TypeParams()
	chosen := make([]types.Type, 0, parameters.Len())
	var try func() bool
	try = func() bool {
		if len(chosen) == cap(chosen) {
			_, err := types.Instantiate(types.NewContext(), generic, chosen, true)
			return err == nil
		}
		return slices.ContainsFunc(candidates, func(c types.Type) bool {
			chosen = append(chosen, c)
			if try() {
				return true
			}
			chosen = chosen[:len(chosen)-1]
			return false
		})
	}
	if !try() {
		return nil
	}
	var with []string
	for _, c := range chosen {
		with = append(with, c.String())
	}
	return with
}
