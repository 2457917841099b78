package cell_test

import (
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/worker/cell"
)

// What is written here is what generated code does.
func Example() {
	cell.Register("a unit", func(r *cell.Run) {
		var x *int
		cell.Var(&x, "x", "x#1")
		*x = 6 * 7
		r.Declared("x#1")
		r.Result(*x)
	})

	r := &cell.Run{Show: func(values []any) { fmt.Println("result:", values) }}
	cell.Registered("a unit")(r)
	fmt.Println("declared:", r.Reached())
	var x *int
	cell.Var(&x, "x", "x#1")
	fmt.Println("later:", *x)
	// Output:
	// result: [42]
	// declared: [x#1]
	// later: 42
}
