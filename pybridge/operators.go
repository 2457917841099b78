package pybridge

import (
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// operators are the functions of Python's module operator, by how Python writes them.
var operators = map[string]string{
	"+": "add", "-": "sub", "*": "mul", "@": "matmul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow",
	"<<": "lshift", ">>": "rshift", "&": "and_", "|": "or_", "^": "xor",
	"+=": "iadd", "-=": "isub", "*=": "imul", "@=": "imatmul", "/=": "itruediv", "//=": "ifloordiv", "%=": "imod", "**=": "ipow",
	"<<=": "ilshift", ">>=": "irshift", "&=": "iand", "|=": "ior", "^=": "ixor",
	"<": "lt", "<=": "le", "==": "eq", "!=": "ne", ">": "gt", ">=": "ge",
}

// unaryOperators are those that stand before one value.
var unaryOperators = map[string]string{"-": "neg", "+": "pos", "~": "invert", "not": "not_", "abs": "abs"}

// Op applies an operator as Python does: a.Op("+", b), or a.Op("-") for one that stands before its value
// (-, +, ~, not, abs). An operator such as "+=" may change the object, and returns what Python would
// assign to the name: the object itself, or a new one.
func (o *Object) Op(operator string, other ...any) (*Object, error) {
	f, err := o.operator(operator, len(other))
	if err != nil {
		return nil, err
	}
	return f.Call(append([]any{o}, other...)...)
}

// OpAs applies an operator and copies the result into a Go type.
func OpAs[T any](o *Object, operator string, other ...any) (T, error) {
	f, err := o.operator(operator, len(other))
	if err != nil {
		var none T
		return none, err
	}
	return CallAs[T](f, append([]any{o}, other...)...)
}

// operator returns the function of an operator, with the rules of the object.
func (o *Object) operator(operator string, others int) (*Object, error) {
	r, err := started()
	if err != nil {
		return nil, err
	}
	names := operators
	if others == 0 {
		names = unaryOperators
	}
	name, found := names[operator]
	if !found || others > 1 {
		return nil, fmt.Errorf("no operator of Python is %q with %d values", operator, others+1)
	}
	f, err := r.helper("operator", name)
	if c := o.converters(r); err == nil && c != nil {
		f = f.Using(c)
	}
	return f, err
}

// Compare compares as Python does with <, <=, ==, !=, > and >=. Where Python answers with more than a
// bool, as for arrays, the answer is whether that is true; see Op for the whole answer.
func (o *Object) Compare(operator string, other any) (bool, error) {
	for n, text := range [...]string{"<", "<=", "==", "!=", ">", ">="} { // in CPython's order
		if text == operator {
			return o.truth(capi.StepCompare, n, other)
		}
	}
	return false, fmt.Errorf("%q compares nothing", operator)
}
