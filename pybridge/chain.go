package pybridge

import (
	"errors"
	"fmt"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// A Chain is several steps that are made in one crossing, each on the result of the one before it:
//
//	pybridge.ChainAs[string](o.Chain().Attr("name").Index(0).Method("upper"))
//
// No Objects are made of what comes in between. A Chain that is an argument, of another chain too, is what
// it comes to. A Chain is written by one goroutine; Do, Object and
// ChainAs run it, and it may be run again.
type Chain struct {
	start *Object
	links []link
	few   [4]link
}

type link struct {
	step capi.Step
	name string
	args []any
}

// Chain begins a chain.
func (o *Object) Chain() *Chain {
	c := &Chain{start: o}
	c.links = c.few[:0]
	return c
}

func (c *Chain) add(step capi.Step, name string, args []any) *Chain {
	c.links = append(c.links, link{step, name, args})
	return c
}

// Call calls what the chain has come to.
func (c *Chain) Call(args ...any) *Chain { return c.add(capi.StepCall, "", args) }

// Method calls a method of it.
func (c *Chain) Method(name string, args ...any) *Chain { return c.add(capi.StepMethod, name, args) }

// Attr goes on to an attribute.
func (c *Chain) Attr(name string) *Chain { return c.add(capi.StepGetAttr, name, nil) }

// Index goes on to an item: [key], or [i, j] for several.
func (c *Chain) Index(key ...any) *Chain { return c.add(capi.StepGetItem, "", key) }

// SetAttr sets an attribute; the chain goes on with None.
func (c *Chain) SetAttr(name string, value any) *Chain {
	return c.add(capi.StepSetAttr, name, []any{value})
}

// SetIndex sets an item; the chain goes on with None.
func (c *Chain) SetIndex(value any, key ...any) *Chain {
	return c.add(capi.StepSetItem, "", append([]any{value}, key...))
}

// PyChain returns the chain, so that the face for cells can have a type of its own.
func (c *Chain) PyChain() *Chain { return c }

// chain runs the chain and writes what it ends with.
func (e *encoder) chain(c *Chain) error {
	o, err := c.Object()
	if err != nil {
		return err
	}
	return e.value(o)
}

// Do runs the chain.
func (c *Chain) Do() error {
	f := capi.NewFrame()
	defer f.Free()
	if err := c.run(f, capi.WantNothing); err != nil {
		return err
	}
	return failure(f)
}

// Object runs the chain and returns what it ends with.
func (c *Chain) Object() (*Object, error) {
	f := capi.NewFrame()
	defer f.Free()
	if err := c.run(f, capi.WantObject); err != nil {
		return nil, err
	}
	return c.start.passOn(result(f))
}

// ChainAs runs a chain and copies what it ends with into a Go type.
func ChainAs[T any](c *Chain) (T, error) {
	into := new(T)
	f := capi.NewFrame()
	defer f.Free()
	if err := c.run(f, wanted(f, into)); err != nil {
		return *into, err
	}
	err := scanInto(f, into)
	return *into, err
}

func (c *Chain) run(f *capi.Frame, want capi.Want) error {
	r, err := started()
	if err != nil {
		return err
	}
	if !c.start.begin(r, f) {
		return ErrClosed
	}
	for i, l := range c.links {
		if err := r.encodeLink(f, l); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	f.Run(want)
	return nil
}

func (r *Runtime) encodeLink(f *capi.Frame, l link) error {
	switch l.step {
	case capi.StepSetAttr:
		f.Step(l.step, 2)
		r.putName(f, l.name)
		return r.encodeAll(f, l.args)
	case capi.StepGetItem:
		f.Step(l.step, 1)
		return r.encodeKey(f, l.args)
	case capi.StepSetItem:
		f.Step(l.step, 2)
		if err := r.encodeKey(f, l.args[1:]); err != nil {
			return err
		}
		return r.encode(f, l.args[0])
	case capi.StepCall, capi.StepMethod, capi.StepGetAttr:
		return r.encodeCall(f, l.step, l.name, l.args)
	}
	return errors.New("no step of a chain")
}
