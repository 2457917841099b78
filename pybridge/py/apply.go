package py

import "github.com/gopy-kernel/gopy-kernel/pybridge"

// Map calls f with each value of a slice, many in one crossing, and copies the results into a Go slice.
func Map[R, A any](f Referrer, in []A) []R { return must(pybridge.Map[R](f.PyObject(), in)) }

// Func1 returns a callable as a Go function with one parameter.
func Func1[A, R any](o Referrer) func(A) R {
	f := pybridge.Func1[A, R](o.PyObject())
	return func(a A) R { return must(f(a)) }
}

// Func2 returns a callable as a Go function with two parameters.
func Func2[A, B, R any](o Referrer) func(A, B) R {
	f := pybridge.Func2[A, B, R](o.PyObject())
	return func(a A, b B) R { return must(f(a, b)) }
}

// A Chain is several steps that are made in one crossing, each on the result of the one before it.
type Chain pybridge.Chain

// Chain begins a chain.
func (o *Object) Chain() *Chain { return (*Chain)(o.PyObject().Chain()) }

// ChainAs runs a chain and copies what it ends with into a Go type.
func ChainAs[T any](c *Chain) T { return must(pybridge.ChainAs[T](c.chain())) }

// PyChain returns the chain as the library knows it.
func (c *Chain) PyChain() *pybridge.Chain { return c.chain() }

func (c *Chain) chain() *pybridge.Chain { return (*pybridge.Chain)(c) }

// Call calls what the chain has come to.
func (c *Chain) Call(args ...any) *Chain { return (*Chain)(c.chain().Call(args...)) }

// Method calls a method of it.
func (c *Chain) Method(name string, args ...any) *Chain {
	return (*Chain)(c.chain().Method(name, args...))
}

// Attr goes on to an attribute.
func (c *Chain) Attr(name string) *Chain { return (*Chain)(c.chain().Attr(name)) }

// Index goes on to an item.
func (c *Chain) Index(key ...any) *Chain { return (*Chain)(c.chain().Index(key...)) }

// SetAttr sets an attribute.
func (c *Chain) SetAttr(name string, value any) *Chain {
	return (*Chain)(c.chain().SetAttr(name, value))
}

// SetIndex sets an item.
func (c *Chain) SetIndex(value any, key ...any) *Chain {
	return (*Chain)(c.chain().SetIndex(value, key...))
}

// Do runs the chain.
func (c *Chain) Do() { check(c.chain().Do()) }

// Object runs the chain and returns what it ends with.
func (c *Chain) Object() *Object { return object(c.chain().Object()) }

// Short marks a Go function that is over within a microsecond and waits for nothing: Python calls it
// without giving up its lock.
func Short(f any) any { return pybridge.Short(f) }
