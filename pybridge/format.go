package pybridge

import (
	"fmt"
	"strconv"
	"strings"
)

// parseFormat reads a description of elements in the language of PEP 3118, as numpy and ctypes write it.
func parseFormat(text string, size int) (*element, error) {
	if e, found := plainElement(text, size); found {
		return e, nil
	}
	p := formatParser{rest: text, order: '@'}
	fields, n, err := p.items(false)
	if err != nil {
		return nil, fmt.Errorf("elements of format %q have no type in Go: %w", text, err)
	}
	if len(fields) == 1 && fields[0].name == "" && len(fields[0].shape) == 0 {
		e := fields[0].element
		e.text = text
		return &e, nil
	}
	return &element{text: text, kind: "T", size: max(n, size), fields: fields}, nil
}

// plainElement serves the formats of numbers, which are nearly all, without reading them.
func plainElement(text string, size int) (*element, bool) {
	e := newElement(text, trimFormat(text), size)
	e.swapped = swapped(text)
	return e, e.goType != nil
}

// A formatParser reads a description from left to right.
type formatParser struct {
	rest  string
	order byte // '@', '=', '<', '>', '!' or '^'
}

func (p *formatParser) next() byte {
	if p.rest == "" {
		return 0
	}
	return p.rest[0]
}

// items reads fields to the end, or to the } of a record.
func (p *formatParser) items(inRecord bool) (fields []recordField, size int, err error) {
	for {
		if strings.IndexByte("@=<>!^", p.next()) >= 0 && p.rest != "" {
			p.order = p.next()
			p.rest = p.rest[1:]
			continue
		}
		if p.rest == "" {
			if inRecord {
				return nil, 0, fmt.Errorf("a } is missing")
			}
			return fields, size, nil
		}
		if p.next() == '}' {
			p.rest = p.rest[1:]
			return fields, size, nil
		}
		f, padding, err := p.item()
		if err != nil {
			return nil, 0, err
		}
		if padding > 0 {
			size += padding
			continue
		}
		if p.order == '@' {
			size = roundUp(size, f.alignment())
		}
		f.offset = size
		size += f.bytes()
		fields = append(fields, *f)
	}
}

// item reads one field, or some bytes of padding.
func (p *formatParser) item() (f *recordField, padding int, err error) {
	f = &recordField{}
	if p.next() == '(' {
		sizes, rest, _ := strings.Cut(p.rest[1:], ")")
		for _, text := range strings.Split(sizes, ",") {
			n, err := strconv.Atoi(strings.TrimSpace(text))
			if err != nil {
				return nil, 0, fmt.Errorf("shape (%s)", sizes)
			}
			f.shape = append(f.shape, n)
		}
		p.rest = rest
	}
	count, counted := p.number()
	if err := p.kind(f, count); err != nil {
		return nil, 0, err
	}
	if f.element.kind == "x" && p.next() != ':' {
		return nil, max(count, 1), nil
	}
	if counted && !isText(f.element.kind) {
		f.shape = append(f.shape, count)
	}
	if p.next() == ':' {
		f.name, p.rest, _ = strings.Cut(p.rest[1:], ":")
	}
	return f, 0, nil
}

func (p *formatParser) number() (n int, found bool) {
	digits := 0
	for digits < len(p.rest) && p.rest[digits] >= '0' && p.rest[digits] <= '9' {
		digits++
	}
	if digits == 0 {
		return 1, false
	}
	n, err := strconv.Atoi(p.rest[:digits])
	p.rest = p.rest[digits:]
	return n, err == nil
}

func isText(kind string) bool { return kind == "s" || kind == "w" || kind == "x" }

// kind reads what a field is.
func (p *formatParser) kind(f *recordField, count int) error {
	if strings.HasPrefix(p.rest, "T{") {
		p.rest = p.rest[2:]
		fields, size, err := p.items(true)
		f.element = element{text: "T", kind: "T", size: size, fields: fields}
		return err
	}
	length := 1
	if p.next() == 'Z' {
		length = 2
	}
	if len(p.rest) < length {
		return fmt.Errorf("it ends too early")
	}
	kind := p.rest[:length]
	p.rest = p.rest[length:]
	size := p.sizeOf(kind)
	if size == 0 {
		return fmt.Errorf("%q is unknown", kind)
	}
	if isText(kind) {
		size *= count
	}
	f.element = *newElement(string(p.order)+kind, kind, size)
	f.swapped = swapped(string(p.order))
	return nil
}

// sizeOf returns the size of a kind, in which native and standard differ for some; 0 if it is unknown.
func (p *formatParser) sizeOf(kind string) int {
	switch kind {
	case "l", "L":
		if p.order == '@' || p.order == '^' {
			return 8
		}
		return 4
	}
	return map[string]int{"x": 1, "?": 1, "b": 1, "B": 1, "c": 1, "s": 1, "h": 2, "H": 2, "e": 2, "i": 4, "I": 4, "f": 4, "w": 4,
		"q": 8, "Q": 8, "n": 8, "N": 8, "d": 8, "Zf": 8, "Zd": 16}[kind]
}

// alignment is what the compiler of C gives a field.
func (f *recordField) alignment() int {
	most := 1
	for i := range f.fields {
		most = max(most, f.fields[i].alignment())
	}
	switch {
	case f.kind == "T" || isText(f.kind):
		return most
	case f.kind[0] == 'Z':
		return f.size / 2
	}
	return f.size
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }
