package pybridge_test

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
)

type account struct {
	Owner   string
	Balance float64
}

func (a *account) Deposit(amount float64) (float64, error) {
	if amount <= 0 {
		return 0, &pybridge.Error{Type: "ValueError", Message: "nothing to deposit"}
	}
	a.Balance += amount
	return a.Balance, nil
}

// A pointer to a struct is an object in Python: it has the fields and methods of the Go value.
func ExampleRuntime_Exec() {
	a := &account{Owner: "Ann"}
	err := rt.Exec(`
account.deposit(50)
account.Balance += 1
try:
    account.deposit(0)
except ValueError as e:
    account.Owner += f' ({e})'
`, pybridge.Kw{"account": a})
	fmt.Println(*a, err)
	// Output: {Ann (nothing to deposit) 51} <nil>
}

// A class of Python, written in Go.
func ExampleRuntime_NewClass() {
	base, err := rt.Get("json.JSONEncoder")
	if err != nil {
		fmt.Println(err)
		return
	}
	encoder, err := rt.NewClass(pybridge.ClassConfig{
		Name:  "Encoder",
		Bases: []*pybridge.Object{base},
		Methods: map[string]any{
			"default": func(self, value *pybridge.Object) (string, error) { return value.Repr() },
		},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(rt.Eval("__import__('json').dumps([1, 2j], cls=Encoder)", pybridge.Kw{"Encoder": encoder}))
	// Output: [1, "2j"] <nil>
}

// Errors are known in both languages.
func ExampleError_Is() {
	_, err := rt.Eval("open('/nowhere/at/all')")
	fmt.Println(errors.Is(err, fs.ErrNotExist), errors.Is(err, pybridge.FileNotFoundError))
	missing := func() error { return fmt.Errorf("no such record: %w", fs.ErrNotExist) }
	err = rt.Exec("try: f()\nexcept FileNotFoundError as e: said = str(e)", pybridge.Kw{"f": missing})
	said, _ := rt.Get("said")
	fmt.Println(said, err)
	// Output:
	// true true
	// no such record: file does not exist <nil>
}

func ExampleRuntime_Capture() {
	out, err := rt.Capture(func() error { return rt.Exec("print('kept')") })
	fmt.Printf("%q %v\n", out.Stdout, err)
	// Output: "kept\n" <nil>
}
