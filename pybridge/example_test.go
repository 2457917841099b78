package pybridge_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

func ExampleOpen() {
	rt, err := pybridge.Open(context.Background(), pybridge.Config{})
	if err != nil {
		fmt.Println(err) // which interpreters were tried, and why each was refused
		return
	}
	math, err := rt.Import("math")
	if err != nil {
		fmt.Println(err)
		return
	}
	root, err := pybridge.MethodAs[float64](math, "sqrt", 2.25)
	fmt.Println(root, err)
	// Output: 1.5 <nil>
}

func ExampleAs() {
	type point struct {
		X, Y int
		Name string `py:"name"`
	}
	o, _ := rt.Eval("[{'X': 1, 'Y': 2, 'name': 'a'}, {'X': 3, 'Y': 'four'}]")
	points, err := pybridge.As[[]point](o)
	fmt.Println(points[0], err)
	// Output: {1 2 a} list[1].Y: want int, got str
}

func ExampleObject_Call() {
	sorted, _ := rt.Get("sorted")
	o, _ := sorted.Call([]string{"ccc", "a", "bb"}, pybridge.Kw{
		"key":     func(s string) int { return len(s) },
		"reverse": true,
	})
	fmt.Println(o)
	// Output: ['ccc', 'bb', 'a']
}

func ExampleError() {
	open := func() error { return fmt.Errorf("no data: %w", fs.ErrNotExist) }
	_ = rt.Set("load", open)
	err := rt.Exec("load()")
	fmt.Println(errors.Is(err, fs.ErrNotExist))
	err = rt.Exec("{}['missing']")
	fmt.Println(errors.Is(err, &pybridge.Error{Type: "LookupError"}), err)
	// Output:
	// true
	// true KeyError: 'missing'
}

func ExampleOpenView() {
	o, _ := rt.Eval("__import__('array').array('d', [1, 2, 3])")
	v, err := pybridge.OpenView[float64](o)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer v.Close()
	v.Set(20, 1) // in Python's memory
	fmt.Println(o)
	// Output: array('d', [1.0, 20.0, 3.0])
}
