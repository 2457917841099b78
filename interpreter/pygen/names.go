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

// nameMembers gives each member a name of its own in Go, and returns them by these names.
func nameMembers(members []Member) []named {
	order := make([]*Member, len(members))
	for i := range members {
		order[i] = &members[i]
	}
	slices.SortStableFunc(order, func(a, b *Member) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a.Of, b.Of), cmp.Compare(a.Name, b.Name))
	})
	taken := map[string]bool{moduleFunction: true}
	var list []named
	for _, m := range order {
		name := goName(m.Of) + goName(m.Name)
		if m.Of == "" {
			name = exported(name)
		}
		for taken[name] {
			name += "_"
		}
		taken[name] = true
		list = append(list, named{m, name})
	}
	slices.SortFunc(list, func(a, b named) int { return cmp.Compare(a.name, b.name) })
	return list
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
