package display

import (
	"fmt"
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A place says how much of its type a value must write, by where it stands.
type place int

const (
	element place = iota // of a slice, array or map: the composite literal may leave the type out
	named                // a field, or behind a pointer: composites write their type
	dynamic              // in an interface, or alone: everything but int, string, bool and the like
)

// A printer turns one value into parts. Its budget bounds what one value costs.
type printer struct {
	left  int // parts that may still be made
	depth int // levels that may be opened
	seen  map[visit]bool
	notes []string
}

// A visit is a pointer that was followed. The type belongs to it: a struct and its first field
// have one address.
type visit struct {
	at uintptr
	t  reflect.Type
}

func newPrinter(parts, depth int) *printer {
	return &printer{left: parts, depth: depth, seen: map[visit]bool{}}
}

// note keeps the first words about a method that panicked; a thousand elements would say the same.
func (p *printer) note(text string) {
	if len(p.notes) == 0 {
		p.notes = append(p.notes, text)
	}
}

// value gives the part for v, which must be free of reflect's mark for unexported fields.
func (p *printer) value(v reflect.Value, level int, at place) part {
	p.left--
	switch {
	case !v.IsValid():
		return leaf("nil")
	case p.left < 0:
		return omission(0)
	case v.Kind() == reflect.Interface:
		return p.value(v.Elem(), level, dynamic)
	}
	text, f, note := ownText(v)
	switch {
	case note != "":
		p.note(note)
	case f != noForm:
		return leaf(ownLeaf(v.Type(), text, f))
	}
	return p.structure(v, level, at)
}

// ownLeaf puts a value's own text among other values. Bare words stand for String methods, so
// a text that is not one plain line gets quotes and its type.
func ownLeaf(t reflect.Type, text string, f form) string {
	switch {
	case f == errorForm:
		return "error(" + quoted(text, maxString) + ")"
	case f == goForm:
		cut, _ := clip(text, maxString)
		return cut
	case text != "" && len(text) <= maxString && utf8.ValidString(text) && !strings.ContainsFunc(text, isUnprintable):
		return text
	}
	return strings.TrimPrefix(typeName(t), "*") + "(" + quoted(text, maxString) + ")"
}

func isUnprintable(r rune) bool { return !unicode.IsPrint(r) }

// structure gives the part for v by its kind, whatever methods it has.
func (p *printer) structure(v reflect.Value, level int, at place) part {
	switch v.Kind() {
	case reflect.Pointer:
		return p.pointer(v, level, at)
	case reflect.Struct:
		return p.fields(v, level, at)
	case reflect.Map:
		return p.entries(v, level, at)
	case reflect.Slice, reflect.Array:
		return p.elements(v, level, at)
	case reflect.String:
		return leaf(converted(v, quoted(v.String(), maxString), at))
	case reflect.Func, reflect.Chan, reflect.UnsafePointer:
		return leaf(reference(v, at))
	}
	return leaf(number(v, at))
}

// number writes what is left, a number or a bool, so that its type can be told from the place.
func number(v reflect.Value, at place) string {
	text := scalarText(v)
	if at == dynamic && v.Type() == reflect.TypeFor[float64]() && !strings.ContainsAny(text, ".eIN") {
		return text + ".0" // any(1.0) is not any(1)
	}
	return converted(v, text, at)
}

// converted writes T(text) where the type would not be known otherwise.
func converted(v reflect.Value, text string, at place) string {
	if at != dynamic {
		return text
	}
	switch v.Type() {
	case reflect.TypeFor[int](), reflect.TypeFor[string](), reflect.TypeFor[bool](),
		reflect.TypeFor[float64](), reflect.TypeFor[complex128]():
		return text
	}
	return typeName(v.Type()) + "(" + text + ")"
}

func nilText(t reflect.Type, at place) string {
	if at != dynamic {
		return "nil"
	}
	if t.Name() == "" && t.Kind() != reflect.Slice && t.Kind() != reflect.Map {
		return "(" + typeName(t) + ")(nil)"
	}
	return typeName(t) + "(nil)"
}

// reference shows what has no content to look at.
func reference(v reflect.Value, at place) string {
	switch {
	case v.IsNil():
		return nilText(v.Type(), at)
	case v.Kind() == reflect.Chan:
		return fmt.Sprintf("%s(len %d, cap %d)", typeName(v.Type()), v.Len(), v.Cap())
	case v.Kind() == reflect.UnsafePointer:
		return fmt.Sprintf("unsafe.Pointer(%#x)", v.Pointer())
	}
	return typeName(v.Type())
}

// pointer follows a pointer the first time it is met. That ends cycles, and keeps a value in which
// everything points to everything from being written out many times.
func (p *printer) pointer(v reflect.Value, level int, at place) part {
	if v.IsNil() {
		return leaf(nilText(v.Type(), at))
	}
	key := visit{v.Pointer(), v.Type()}
	if p.seen[key] {
		return leaf("&" + typeName(v.Type().Elem()) + "{… shown above}")
	}
	p.seen[key] = true
	if at == element && v.Elem().Kind() == reflect.Struct {
		return p.value(v.Elem(), level, element) // []*T{{...}} is how Go writes it
	}
	target := p.value(v.Elem(), level, dynamic)
	target.text = "&" + target.text
	target.width++
	return target
}

func (p *printer) fields(v reflect.Value, level int, at place) part {
	t := v.Type()
	open := openText(t, at)
	if level >= p.depth || hidesAll(t) {
		return elided(open, t.NumField())
	}
	v = addressable(v)
	var items []part
	for i := range t.NumField() {
		if t.Field(i).Name == "_" {
			continue
		}
		if p.left <= 0 {
			items = append(items, omission(0))
			break
		}
		item := p.value(field(v, i), level+1, named)
		item.label = t.Field(i).Name + ": "
		items = append(items, item)
	}
	return group(open, items, false)
}

func (p *printer) elements(v reflect.Value, level int, at place) part {
	t := v.Type()
	if isNil(v) {
		return leaf(nilText(t, at))
	}
	if isBytes(v) && v.Len() > 0 && printable(v.Bytes()) {
		return leaf(typeName(t) + "(" + quoted(v.Bytes(), maxString) + ")")
	}
	open, n := openText(t, at), v.Len()
	if level >= p.depth {
		return elided(open, n)
	}
	words := isScalar(t.Elem().Kind()) || formOf(t.Elem()) != noForm
	head, tail := cutFor(words, level).ends(n)
	items := p.run(nil, v, 0, head, level)
	if n > head+tail {
		items = append(items, omission(n-head-tail))
		items = p.run(items, v, n-tail, n, level)
	}
	return group(open, items, words)
}

// run appends the elements from i to j.
func (p *printer) run(items []part, v reflect.Value, i, j, level int) []part {
	hex := v.Type().Elem().Kind() == reflect.Uint8 && formOf(v.Type().Elem()) == noForm
	for ; i < j; i++ {
		if p.left <= 0 {
			return append(items, omission(0))
		}
		if hex {
			p.left--
			items = append(items, leaf(fmt.Sprintf("0x%02x", v.Index(i).Uint())))
			continue
		}
		items = append(items, p.value(v.Index(i), level+1, element))
	}
	return items
}

func (p *printer) entries(v reflect.Value, level int, at place) part {
	t := v.Type()
	if v.IsNil() {
		return leaf(nilText(t, at))
	}
	open := openText(t, at)
	if level >= p.depth {
		return elided(open, v.Len())
	}
	head, tail := cutFor(false, level).ends(v.Len())
	entries := sortedEntries(v, head+tail)
	var items []part
	for _, e := range entries {
		if p.left <= 0 {
			items = append(items, omission(0))
			break
		}
		key := p.value(e.key, level+1, element).flat()
		item := p.value(e.value, level+1, element)
		item.label = key + ": "
		items = append(items, item)
	}
	if rest := v.Len() - len(entries); rest > 0 {
		items = append(items, omission(rest))
	}
	return group(open, items, false)
}

// openText begins a composite: with its type, unless the literal around it gives the type.
func openText(t reflect.Type, at place) string {
	if at == element {
		return "{"
	}
	return typeName(t) + "{"
}

// elided is a composite whose content is not shown.
func elided(open string, n int) part {
	if n == 0 {
		return leaf(open + "}")
	}
	return leaf(open + "…}")
}
