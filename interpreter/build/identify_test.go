package build

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIdentify(t *testing.T) {
	types := map[string]string{"T": "t", "List": "l", "L·1": "local", "main": "m"}
	for _, c := range []struct{ name, in, want string }{
		{"a type", "type:main.T", "type:main.T#t"},
		{"a pointer", "type:*main.T", "type:*main.T#t"},
		{"no type of ours", "type:map[string]time.Time", "type:map[string]time.Time"},
		{"unknown types stay", "type:main.U", "type:main.U"},
		{"a map", "type:map[main.T][]main.T", "type:map[main.T#t][]main.T#t"},
		{"functions", "type:func(main.T, ...main.T) (main.T, error)", "type:func(main.T#t, ...main.T#t) (main.T#t, error)"},
		{"an instance", "type:main.List[main.T,int]", "type:main.List#l[main.T#t,int]"},
		{"a local type", "type:main.L·1", "type:main.L·1#local"},
		{"an itab", "go:itab.main.T,main.List[int]", "go:itab.main.T#t,main.List#l[int]"},
		{"an embedded field", "type:struct { main.T; X int }", "type:struct { main.T#t; X int }"},
		{"an embedded field with a tag", `type:struct { main.T "json" }`, `type:struct { main.T#t "json" }`},
		{"an embedded field at the end", "type:struct { X int; main.T }", "type:struct { X int; main.T#t }"},
		{"an unexported field of a type's name", "type:struct { main.T int; main.x main.T }", "type:struct { main.T int; main.x main.T#t }"},
		{"an unexported method of a type's name", "type:interface { main.T() main.T }", "type:interface { main.T() main.T#t }"},
		{"another package called main", "type:example.com/main.T", "type:example.com/main.T"},
		{"a package whose name ends in main", "type:domain.T", "type:domain.T"},
		{"a channel", "type:chan<- main.T", "type:chan<- main.T#t"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := identify(c.in, types)
			require.NoError(t, err)
			require.Equal(t, c.want, got)
		})
	}
	_, err := identify("type:main.Unknown·7", types)
	require.ErrorContains(t, err, "Unknown·7")
}

func TestSharedNames(t *testing.T) {
	types := map[string]string{"T": "t"}
	names, err := sharedNames([]string{"type:main.T", "type:*main.T", "type:[]int", "type:.namedata.*main.T.", "main.f", "go:itab.main.T,fmt.Stringer"}, types)
	require.NoError(t, err)
	require.Len(t, names, 3)
	require.Contains(t, names, "type:main.T")
	require.Contains(t, names, "go:itab.main.T,fmt.Stringer")

	other, err := sharedNames([]string{"type:main.T"}, map[string]string{"T": "another"})
	require.NoError(t, err)
	require.NotEqual(t, names["type:main.T"], other["type:main.T"], "another identity is another type")
}

func TestPlaceRefusesOtherFiles(t *testing.T) {
	_, err := (&step{Workspace: &Workspace{symbols: &symbolTable{}}}).place([]byte("not an object file"), nil, nil)
	require.ErrorContains(t, err, "linker's output")
}

func TestMangle(t *testing.T) {
	require.Equal(t, "type:int", mangle("type:int"))
	require.Equal(t, "fmt.Sprint", mangle("fmt.Sprint"))
	require.Equal(t, "type:runtime.moduledata", mangle("type:runtime.moduledata"))
	require.Len(t, mangle("type:map[string]interface {}"), len("type:")+8)
}
