package interpreter

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestDeclaredInC(t *testing.T) {
	code := preamble{{text: `/*
#cgo LDFLAGS: -lm
#include <stdio.h>
#define NAME "a name { with a brace"
#define TWICE(x) (2*(x))
#define LONG a \
	b
typedef int (*callback)(int);
typedef struct { int x; } point; // int commented(void) {}
struct node { struct node *next; };
enum color { RED, GREEN };
static int hidden;
int global = 7, *list[3];
const char *text = "int quoted(void) {}";
extern int elsewhere;
int declared(int);
static inline int add(int a, int b) { if (a) { return b; } return a; }
unsigned long
next(void)
{
	int local = 1;
	while (local) {}
	return local;
}
int main(void) { return 0; }
*/
`}}
	assert.Equal(t, []cName{{"NAME", false}, {"LONG", false}, {"add", true}, {"next", true}, {"global", false}, {"text", false}}, cDeclared(code.text()))
	assert.Empty(t, cDeclared(""))
}

func TestTextOfC(t *testing.T) {
	text := cText("// #include <a.h>\n// #cgo LDFLAGS: -lm\n/* int f(void);\n#cgo CFLAGS: -O3\n*/\n")
	assert.Equal(t, " #include <a.h>\n int f(void);\n\n", text)
}

func TestPlacesInCells(t *testing.T) {
	pieces := []cPiece{{text: "package main\n"}, {"cell-a", 3, "/*\nint f;\n*/"}, {text: "import \"C\""}, {"cell-b", 1, "func g() {\n\tC.f()\n}"}}
	for _, test := range []struct{ name, output, want string }{
		{"in the C code", "cell.go:4:5: error: no\n    4 | int f;\n", "cell-a:4:5: error: no"},
		{"in the Go code", "./cell.go:8:2: could not determine what C.f refers to", "cell-b:2:2: could not determine what C.f refers to"},
		{"notes are left out", "cell.go: In function 'f':\ncell.go:3:1: error: no\ncell.go:3:1: note: once", "cell-a:3:1: error: no"},
		{"in what is of no cell", "cell.go:1:1: expected 'package'", "cell.go:1:1: expected 'package'"},
		{"nowhere", "ld: cannot find -lnothing", "ld: cannot find -lnothing"},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, inCells(pieces, test.output)) })
	}
}
