package display

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// A part is a piece of text/plain before its line breaks are chosen: a leaf, or a group of items
// between an opening and a closing text.
type part struct {
	label string // what stands before it in a group: "Name: "
	text  string // the leaf, or what opens the group
	group bool
	fill  bool // when broken, as many items on a line as fit, instead of one
	items []part
	close string
	comma bool // takes a comma when it stands on a line of its own; marks of omission do not
	width int  // columns when written on one line, without the label
}

const (
	separator = ", "
	indention = "    " // not a tab: browsers show eight columns
)

func leaf(text string) part {
	return part{text: text, comma: true, width: utf8.RuneCountInString(text)}
}

// omission stands for n more items, or for an unknown number.
func omission(n int) part {
	text := "…"
	if n > 0 {
		text = fmt.Sprintf("… %d more", n)
	}
	return part{text: text, width: utf8.RuneCountInString(text)}
}

// group makes a part of items between open and "}".
func group(open string, items []part, fill bool) part {
	n := part{text: open, group: true, comma: true, fill: fill, items: items, close: "}"}
	n.width = utf8.RuneCountInString(open) + len(n.close)
	for i, it := range items {
		if i > 0 {
			n.width += len(separator)
		}
		n.width += utf8.RuneCountInString(it.label) + it.width
	}
	return n
}

// flat writes p on one line.
func (p part) flat() string {
	var b strings.Builder
	p.writeFlat(&b)
	return b.String()
}

func (p part) writeFlat(b *strings.Builder) {
	b.WriteString(p.text)
	for i, it := range p.items {
		if i > 0 {
			b.WriteString(separator)
		}
		b.WriteString(it.label)
		it.writeFlat(b)
	}
	b.WriteString(p.close)
}

// layout writes p on one line if it fits into textWidth, else broken as gofmt would break it.
func (p part) layout() string {
	var b strings.Builder
	p.write(&b, 0, 0)
	return b.String()
}

// write lays p out at a nesting level, when used columns of its line are taken already.
func (p part) write(b *strings.Builder, level, used int) {
	if !p.group || len(p.items) == 0 || used+p.width < textWidth {
		p.writeFlat(b)
		return
	}
	b.WriteString(p.text)
	if p.fill {
		p.writeFilled(b, level+1)
	} else {
		p.writeLines(b, level+1)
	}
	newLine(b, level)
	b.WriteString(p.close)
}

func (p part) writeLines(b *strings.Builder, level int) {
	align := labelWidth(p.items)
	for _, it := range p.items {
		newLine(b, level)
		b.WriteString(it.label)
		pad := 0
		if it.label != "" {
			pad = max(0, align-utf8.RuneCountInString(it.label))
			b.WriteString(strings.Repeat(" ", pad))
		}
		it.write(b, level, len(indention)*level+utf8.RuneCountInString(it.label)+pad)
		if it.comma {
			b.WriteByte(',')
		}
	}
}

func (p part) writeFilled(b *strings.Builder, level int) {
	column := textWidth
	for _, it := range p.items {
		width := utf8.RuneCountInString(it.label) + it.width + 1 // the comma
		if column+1+width > textWidth {
			newLine(b, level)
			column = len(indention) * level
		} else {
			b.WriteByte(' ')
			column++
		}
		b.WriteString(it.label)
		it.writeFlat(b)
		b.WriteByte(',')
		column += width
	}
}

func newLine(b *strings.Builder, level int) {
	b.WriteByte('\n')
	for range level {
		b.WriteString(indention)
	}
}

// labelWidth is where the values of a broken group begin, as gofmt aligns them. Labels that are
// long (map keys may be) do not push the others away.
func labelWidth(items []part) int {
	const longest = 24
	width := 0
	for _, it := range items {
		if n := utf8.RuneCountInString(it.label); n <= longest {
			width = max(width, n)
		}
	}
	return width
}
