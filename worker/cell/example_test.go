package cell_test

import (
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/worker/cell"
)

// What is written here is what generated code does.
func Example() {
	cell.Register("a unit", func(r *cell.Run) {
		x := cell.Var((*int)(nil), "x", "x#1")
		*x = 6 * 7
		r.Declared("x#1")
		r.Result(*x)
	})

	r := &cell.Run{Show: func(values []any) { fmt.Println("result:", values) }}
	cell.Registered("a unit")(r)
	fmt.Println("declared:", r.Reached())
	fmt.Println("later:", *cell.Var((*int)(nil), "x", "x#1"))
	// Output:
	// result: [42]
	// declared: [x#1]
	// later: 42
}
