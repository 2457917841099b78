package pygen_test

import (
	"fmt"
	"log"

	"github.com/gopy-kernel/gopy-kernel/interpreter/pygen"
)

// What Inspect says of a module is written as a Go file.
func Example() {
	m := &pygen.Module{Name: "greetings", Version: "1.0", Members: []pygen.Member{{
		Name: "say_hello", Kind: pygen.Function, Own: true,
		Signature: true, Parameters: []string{"name", "*", "loud=False"}, Doc: "Say hello to somebody.",
	}}}
	source, err := m.Source(pygen.Options{})
	if err != nil {
		log.Fatal(err)
	}
	lines := string(source)
	fmt.Println(lines[len(lines)-len(tail)+1:])
	fmt.Println(pygen.ImportPath("matplotlib.pyplot"))
	// Output:
	// // SayHello calls greetings.say_hello. Say hello to somebody.
	// //
	// //	say_hello(name, *, loud=False)
	// func SayHello(args ...any) *py.Object { return Module().Method("say_hello", args...) }
	//
	// py/matplotlib/pyplot
}

const tail = `
// SayHello calls greetings.say_hello. Say hello to somebody.
//
//	say_hello(name, *, loud=False)
func SayHello(args ...any) *py.Object { return Module().Method("say_hello", args...) }
`
