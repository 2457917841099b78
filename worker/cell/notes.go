package cell

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// notes are what could not be taken over, with the variables where it was so, in the order in which it was
// found.
type notes struct {
	order []string
	where map[string][]string
	stay  []string // of those, what will be found again each time
}

// addOnce adds what is told one time only.
func (n *notes) addOnce(what, variable string) {
	n.add(what, variable)
	n.stay = append(n.stay, what)
}

func (n *notes) add(what, variable string) {
	if n.where == nil {
		n.where = map[string][]string{}
	}
	if !slices.Contains(n.order, what) {
		n.order = append(n.order, what)
	}
	if variable != "" && !slices.Contains(n.where[what], variable) {
		n.where[what] = append(n.where[what], variable)
	}
}

// text is a line for each, "" if there are none, but for what was told before.
func (n *notes) text(told map[string]bool) string {
	const most = 5
	var lines []string
	for _, what := range n.order {
		if told[what] {
			continue
		}
		line := "note: " + what
		names := slices.Sorted(slices.Values(n.where[what]))
		more := len(names) - most
		if more > 0 {
			names = append(names[:most], fmt.Sprintf("%d more", more))
		}
		if len(names) > 0 {
			line += " (" + strings.Join(names, ", ") + ")"
		}
		lines = append(lines, line)
	}
	for _, what := range n.stay {
		told[what] = true
	}
	return strings.Join(lines, "\n")
}

// typeName is a type as the user writes it.
func typeName(t reflect.Type) string { return strings.ReplaceAll(t.String(), mainPath+".", "") }

// difference says why one type cannot become another.
func difference(old, new reflect.Type) string {
	switch {
	case typeName(old) != typeName(new):
		return "it was " + typeName(old) + " and is " + typeName(new)
	case old.Kind() != new.Kind():
		return fmt.Sprintf("%s was %s and is %s", typeName(old), underlying(old), underlying(new))
	}
	return typeName(old) + " is made of other types now"
}

// underlying names what a declared type is, as far as that takes a word.
func underlying(t reflect.Type) string { return t.Kind().String() }
