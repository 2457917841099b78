package pygen

import (
	"cmp"
	"go/token"
	"slices"
	"strings"
	"unicode"
)

// moduleFunction is the name of the function that returns the module.
const moduleFunction = "Module"

// A named member has its name in Go.
type named struct {
	*Member
	name string
}

// nameMembers gives each member a name of its own in Go, and returns them by these names; classes apart, by those in
// Python.
func nameMembers(members []Member) (list []named, classes map[string]*class) {
	order := make([]*Member, len(members))
	for i := range members {
		order[i] = &members[i]
	}
	slices.SortStableFunc(order, func(a, b *Member) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Of, b.Of), cmp.Compare(a.Name, b.Name))
	})
	taken := map[string]bool{moduleFunction: true}
	classes = map[string]*class{}
	behind := slices.IndexFunc(order, func(m *Member) bool { return m.Of != "" })
	if behind < 0 {
		behind = len(order)
	}
	for _, m := range order[:behind] {
		n := named{m, free(taken, exported(goName(m.Name)))}
		if m.Kind == Class {
			classes[m.Name] = &class{Member: m, name: n.name}
		} else {
			list = append(list, n)
		}
	}
	for _, m := range order[:behind] {
		if c := classes[m.Name]; m.Kind == Class {
			c.finish(classes[c.Alias], taken)
		}
	}
	for _, m := range order[behind:] {
		list = append(list, named{m, free(taken, goName(m.Of)+goName(m.Name))})
	}
	slices.SortFunc(list, func(a, b named) int { return cmp.Compare(a.name, b.name) })
	return list, classes
}

// rank is small for members that have the first choice of names. A module that was made for plotting and
// has a function figure may have imported a class Figure to work with; and re has a function match, and a
// class Match of which nobody makes an instance.
func rank(m *Member) int {
	r := slices.Index([]Kind{Function, Class, Value, Submodule}, m.Kind)
	if !m.Own {
		r += 4
	}
	if m.Of != "" {
		r += 8
	}
	return r
}

// goName is the name in Go of a name in Python: the parts between underscores, each with a capital. What
// is no letter in Go, such as an accent that stands alone, is left out.
func goName(python string) string {
	python = strings.Trim(python, "_")
	if strings.IndexFunc(python, unicode.IsLower) < 0 {
		return strings.Map(letter, python)
	}
	b := new(strings.Builder)
	for part := range strings.SplitSeq(python, "_") {
		for i, r := range []rune(strings.Map(letter, part)) {
			if i == 0 {
				r = unicode.ToUpper(r)
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// free returns the name, or that with underscores behind it, and takes it.
func free(taken map[string]bool, name string) string {
	for taken[name] {
		name += "_"
	}
	taken[name] = true
	return name
}

func letter(r rune) rune {
	if r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}

// exported puts an X before a name that no other package could use: in many scripts there are no capitals.
func exported(name string) string {
	if token.IsExported(name) {
		return name
	}
	return "X" + name
}

// PackageName is the name of the package for a module: the last part of the module's.
func PackageName(module string) string {
	name := strings.Map(letter, module[strings.LastIndexByte(module, '.')+1:])
	if !token.IsIdentifier(name) || name == "main" || name == "_" {
		name += "_"
	}
	if !token.IsIdentifier(name) { // it begins with a digit, or nothing is left
		name = "python" + name
	}
	return name
}
