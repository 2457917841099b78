package pybridge

import "iter"

// Kw holds keyword arguments; it stands last in a call: f.Call(x, Kw{"axis": 0}). Python gets them
// sorted by name.
type Kw map[string]any

// A Tuple is a Python tuple; a []any is a list.
type Tuple []any

// A HashSet is a Python set. (The name Set belongs to the function that sets a name.)
type HashSet []any

// A FrozenSet is a Python frozenset.
type FrozenSet []any

// A Dict is a Python dict, in its order, with any values as keys. Where the keys are plain and the
// order does not matter a Go map is simpler: both become a dict.
type Dict []Item

// An Item is one pair of a Dict.
type Item struct {
	Key, Value any
}

// Get returns the value that belongs to a key which Go can compare, such as a string or an int.
func (d Dict) Get(key any) (value any, found bool) {
	for _, item := range d {
		if comparable(item.Key) && item.Key == key {
			return item.Value, true
		}
	}
	return nil, false
}

// All yields the pairs.
func (d Dict) All() iter.Seq2[any, any] {
	return func(yield func(any, any) bool) {
		for _, item := range d {
			if !yield(item.Key, item.Value) {
				return
			}
		}
	}
}

func comparable(v any) bool {
	switch v.(type) {
	case Tuple, Dict, HashSet, FrozenSet, []any, []byte:
		return false
	}
	return true
}

// A Slice is what stands between the brackets in a[1:10:2]: Index(Slice{1, 10, 2}). A nil is what is
// left out in Python.
type Slice struct {
	Start, Stop, Step any
}

// Ellipsis is the ... of Python: Index(Ellipsis, 0).
var Ellipsis ellipsis

type ellipsis struct{}
