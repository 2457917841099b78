package display

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
)

// An entry is one key of a map with its value.
type entry struct {
	key, value reflect.Value
	sortText   string // for keys of no ordered kind
}

// sortedEntries gives the first entries of a map in the order of its keys, limit at most. A map
// of more than maxSortedKeys entries is not sorted, for that would take time and memory without
// bound: then it gives any limit entries, in order among themselves.
//
// Entries are taken while iterating, not looked up by key: a NaN key is never found again.
// A map that another goroutine writes at this moment ends the process, as in any range loop;
// nothing in Go can prevent or catch that.
func sortedEntries(m reflect.Value, limit int) []entry {
	most := m.Len()
	if most > maxSortedKeys {
		most = limit
	}
	entries := make([]entry, 0, most)
	for it := m.MapRange(); len(entries) < most && it.Next(); {
		entries = append(entries, newEntry(it.Key(), it.Value()))
	}
	slices.SortStableFunc(entries, compareEntries)
	return entries[:min(limit, len(entries))]
}

func newEntry(key, value reflect.Value) entry {
	e := entry{key: key, value: value}
	if k := throughInterfaces(key); !isScalar(k.Kind()) {
		e.sortText = newPrinter(cellParts, cellDepth).value(k, 0, dynamic).flat()
	}
	return e
}

// compareEntries orders numbers and strings by value and other keys by their text; keys of
// different kinds, which only a map with interface keys has, by kind.
func compareEntries(x, y entry) int {
	a, b := throughInterfaces(x.key), throughInterfaces(y.key)
	switch {
	case a.Kind() != b.Kind():
		return cmp.Compare(a.Kind(), b.Kind())
	case a.Kind() == reflect.String:
		return strings.Compare(a.String(), b.String())
	case a.CanInt():
		return cmp.Compare(a.Int(), b.Int())
	case a.CanUint():
		return cmp.Compare(a.Uint(), b.Uint())
	case a.CanFloat():
		return cmp.Compare(a.Float(), b.Float())
	case a.Kind() == reflect.Bool:
		return strings.Compare(scalarText(a), scalarText(b))
	case a.CanComplex():
		return cmp.Or(cmp.Compare(real(a.Complex()), real(b.Complex())),
			cmp.Compare(imag(a.Complex()), imag(b.Complex())))
	}
	return strings.Compare(x.sortText, y.sortText)
}
