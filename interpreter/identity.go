package interpreter

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"go/types"
	"slices"
	"strings"
)

// A type is what it consists of: two cells that declare a type alike declare one type, and a type
// that is declared anew with another structure is another. So each type of the session has an
// identity, a hash over its resolved structure and the signatures of its methods, and over those of
// all types of the session that it leads to. Texts do not count: a length may be a constant that
// has changed, a package's name may stand for another package.

// identities computes the identities of types of package main.
type identities struct {
	// local names a type that is declared in a function so that it is called alike in all units:
	// by the function and its number there.
	local  map[*types.TypeName]string
	shapes map[*types.TypeName]*shape
}

// A shape is a type's structure with other types of the session as names, and those types.
type shape struct {
	text string
	uses []*types.TypeName
}

func newIdentities(local map[*types.TypeName]string) *identities {
	return &identities{local: local, shapes: map[*types.TypeName]*shape{}}
}

// ofName is the identity of a declared type.
func (ids *identities) ofName(n *types.TypeName) string {
	return ids.hash(ids.name(n), []*types.TypeName{n})
}

// ofType is the identity of any type.
func (ids *identities) ofType(t types.Type) string {
	s := ids.write(t)
	return ids.hash(s.text, s.uses)
}

// hash is over a text and the shapes of all types that are reached from those that it names.
func (ids *identities) hash(text string, names []*types.TypeName) string {
	reached := map[*types.TypeName]bool{}
	var reach func([]*types.TypeName)
	reach = func(names []*types.TypeName) {
		for _, n := range names {
			if !reached[n] {
				reached[n] = true
				reach(ids.shape(n).uses)
			}
		}
	}
	reach(names)
	var lines []string
	for n := range reached {
		lines = append(lines, ids.name(n)+" = "+ids.shape(n).text)
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(text + "\n" + strings.Join(lines, "\n")))
	return strings.ToLower(base32.StdEncoding.EncodeToString(sum[:15]))
}

func (ids *identities) name(n *types.TypeName) string {
	return cmp.Or(ids.local[n], plainName(n.Name()))
}

// shape is the structure of a declared type: its type parameters, what it is, and its methods.
func (ids *identities) shape(n *types.TypeName) *shape {
	if s := ids.shapes[n]; s != nil {
		return s
	}
	s := &shape{}
	ids.shapes[n] = s
	named, ok := n.Type().(*types.Named)
	if !ok {
		return s
	}
	var parts []string
	add := func(t types.Type) {
		part := ids.write(t)
		parts = append(parts, part.text)
		s.uses = append(s.uses, part.uses...)
	}
	for p := range named.TypeParams().TypeParams() {
		add(p.Constraint())
	}
	add(named.Underlying())
	methods := slices.SortedFunc(named.Methods(), func(a, b *types.Func) int { return cmp.Compare(a.Name(), b.Name()) })
	for _, m := range methods {
		_, pointer := m.Signature().Recv().Type().(*types.Pointer)
		parts = append(parts, fmt.Sprintf("%s %v", m.Name(), pointer))
		add(m.Signature())
	}
	s.text = strings.Join(parts, "; ")
	return s
}

// write is a type with full import paths, and the types of the session that it names.
func (ids *identities) write(t types.Type) shape {
	s := shape{}
	w := &typeWriter{}
	w.named = func(n *types.TypeName) string {
		switch pkg := n.Pkg(); {
		case pkg == nil:
			return n.Name()
		case pkg.Path() == mainPath:
			s.uses = append(s.uses, n)
			return "main." + ids.name(n)
		default:
			return fmt.Sprintf("%q.%s", pkg.Path(), n.Name())
		}
	}
	w.parameter = func(p *types.TypeParam) string { return fmt.Sprintf("$%d", p.Index()) }
	w.write(t)
	s.text = w.String()
	return s
}
