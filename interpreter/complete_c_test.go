package interpreter_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/interpreter"
)

// TestCompleteC completes what is selected from C: what the C code of a cell that ran has in it, and what is there
// always.
func TestCompleteC(t *testing.T) {
	s := newSession(t)
	s.must(`/*
#include <stdlib.h>
#define LIMIT 10
typedef struct point { int x; } point;
int count;
static int addUp(int a, point *p) { return a + p->x; }
*/
import "C"`)
	require.Equal(t, []interpreter.CompletionItem{{Text: "addUp", Kind: "function", Signature: "func C.addUp(p0 C.int, p1 *C.struct_point) (r1 C.int)"}}, s.complete(t, "C.add|").Items)
	all := texts(s.complete(t, "n := C.|"))
	require.Subset(t, all, []string{"addUp", "LIMIT", "point", "count", "int", "CString", "GoBytes"})
	require.NotContains(t, all, "_Cfunc_addUp")
	require.Equal(t, []string{"CString"}, texts(s.complete(t, "func f() {\n\tC.CS|\n\tx y\n}")))
	require.Equal(t, []string{"x"}, texts(s.complete(t, "p := C.point{}\np.|")))
}
