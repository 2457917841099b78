package pybridge_test

import (
	"testing"

	"github.com/gopy-kernel/gopy-kernel/pybridge"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestChain(t *testing.T) {
	execute(t, `
class Node:
    def __init__(self, *items, **names):
        self.items = list(items)
        self.__dict__.update(names)
    def add(self, a, b=0):
        return Node(a, b)
`)
	node := eval(t, "Node('hello {0}', Node(1, 2, left=3))")
	text, err := pybridge.ChainAs[string](node.Chain().Attr("items").Index(0).Method("format", "world").Method("capitalize"))
	require.NoError(t, err)
	assert.Equal(t, "Hello world", text)
	left, err := pybridge.ChainAs[int](node.Chain().Attr("items").Index(1).Attr("left"))
	require.NoError(t, err)
	assert.Equal(t, 3, left)
	sum, err := pybridge.ChainAs[[]int](node.Chain().Method("add", 1, pybridge.Kw{"b": 5}).Attr("items"))
	require.NoError(t, err)
	assert.Equal(t, []int{1, 5}, sum)
	stop, err := pybridge.ChainAs[int](eval(t, "slice").Chain().Call(3).Attr("stop"))
	require.NoError(t, err)
	assert.Equal(t, 3, stop)
	o, err := node.Chain().Attr("items").Index(1).Object()
	require.NoError(t, err)
	assert.Equal(t, "Node", must(pybridge.ChainAs[string](o.Chain().Attr("__class__").Attr("__name__"))))

	require.NoError(t, node.Chain().Attr("items").Index(1).SetAttr("left", 4).Do())
	require.NoError(t, node.Chain().Attr("items").SetIndex("x", 0).Do())
	assert.Equal(t, 4, must(pybridge.ChainAs[int](node.Chain().Attr("items").Index(1).Attr("left"))))
	assert.Equal(t, "x", must(pybridge.ChainAs[string](node.Chain().Attr("items").Index(0))))

	again := node.Chain().Attr("items").Method("__len__")
	assert.Equal(t, 2, must(pybridge.ChainAs[int](again)))
	assert.Equal(t, 2, must(pybridge.ChainAs[int](again)), "it can be run again")
}

func TestChainOfArrays(t *testing.T) {
	needNumpy(t)
	a, err := rt.Of(pybridge.Array{Data: []int{1, 2, 3, 4, 5, 6}, Shape: []int{2, 3}})
	require.NoError(t, err)
	assert.Equal(t, 4, must(pybridge.ChainAs[int](a.Chain().Index(1, 0))))
	assert.Equal(t, []int{4, 5}, must(pybridge.ChainAs[[]int](a.Chain().Index(1, pybridge.Slice{Start: 0, Stop: 2}))))
}

func TestChainFails(t *testing.T) {
	o := eval(t, "object()")
	_, err := o.Chain().Attr("missing").Call().Object()
	assert.ErrorIs(t, err, &pybridge.Error{Type: "AttributeError"})
	err = o.Chain().Attr("__class__").Call(1, make(chan<- int)).Do()
	assert.EqualError(t, err, "step 2: argument 2: a chan<- int has no counterpart in Python")
	_, err = pybridge.ChainAs[int](o.Chain().Method("__str__"))
	assert.EqualError(t, err, "want int, got str")
	o.Close()
	assert.ErrorIs(t, o.Chain().Do(), pybridge.ErrClosed)
}
