package pygen

import (
	"fmt"
	"strings"
	"unicode"
)

// lineWidth is how long signatures may be in one line.
const lineWidth = 100

// A comment is the text of a doc comment in the making.
type comment struct{ strings.Builder }

// paragraph adds a text in one line. Text that is not ours must not stand at the beginning of one: signs there
// mean headings and lists.
func (c *comment) paragraph(text string) {
	c.gap()
	c.WriteString("// " + strings.Join(strings.Fields(clean(text)), " ") + "\n")
}

// verbatim adds lines that are shown as they are. Docstrings have tables, underlined headings and
// examples, which Go would take for running text.
func (c *comment) verbatim(text string) {
	text = strings.Trim(text, "\n")
	if strings.TrimSpace(text) == "" {
		return
	}
	c.gap()
	for line := range strings.Lines(text) {
		line = strings.TrimRightFunc(clean(line), unicode.IsSpace)
		if strings.HasPrefix(strings.TrimSpace(line), "+build") { // a build constraint, in a comment before the package clause
			line = strings.Replace(line, "+", "'+", 1)
		}
		if line == "" {
			c.WriteString("//\n")
		} else {
			c.WriteString("//\t" + line + "\n")
		}
	}
}

func (c *comment) gap() {
	if c.Len() > 0 {
		c.WriteString("//\n")
	}
}

// clean leaves what can be seen. Signs for the direction of text, and those that no Go file may have, have no
// place in source.
func clean(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || unicode.IsPrint(r):
			return r
		case unicode.IsSpace(r):
			return ' '
		}
		return -1
	}, strings.ToValidUTF8(text, "?"))
}

// summary splits a docstring into its first paragraph, if that is one sentence or two, and the rest.
func summary(doc string) (first, rest string) {
	first, rest, _ = strings.Cut(strings.Trim(doc, "\n"), "\n\n")
	if len(first) > 300 || strings.Contains(first, "\n ") || strings.Contains(first, "\n-") || strings.Contains(first, "\n=") || strings.Contains(first, "\n\t") {
		return "", doc
	}
	return first, rest
}

// signature is how the member is called in Python.
func (m *Member) signature() string {
	switch {
	case m.Signature:
		return m.async() + m.python() + m.parameters()
	case len(m.Usage) > 0:
		return strings.Join(m.Usage, "\n")
	}
	return m.async() + m.python() + "(...)"
}

func (m *Member) async() string {
	if m.Async {
		return "async "
	}
	return ""
}

func (m *Member) parameters() string {
	returns := ""
	if m.Returns != "" {
		returns = " -> " + m.Returns
	}
	line := "(" + strings.Join(m.Parameters, ", ") + ")" + returns
	if len(m.python())+len(line) <= lineWidth || len(m.Parameters) < 2 {
		return line
	}
	return "(\n    " + strings.Join(m.Parameters, ",\n    ") + ",\n)" + returns
}

// comment is the doc comment of a member's function.
func (m named) comment(module string) string {
	c := new(comment)
	full := module + "." + m.python()
	first, rest := summary(m.Doc)
	if !m.Callable() {
		c.paragraph(fmt.Sprintf("%s returns %s %s", m.name, m.what(full), first))
		c.verbatim(rest)
		return c.String()
	}
	c.paragraph(fmt.Sprintf("%s calls %s. %s", m.name, full, first))
	if m.Async {
		c.paragraph("What it returns is to be waited for with Await.")
	}
	c.verbatim(m.signature() + "\n\n" + rest)
	return c.String()
}

// what describes what is not called.
func (m *Member) what(full string) string {
	switch {
	case m.Kind == Submodule:
		return fmt.Sprintf("the module %s. In cells, import %q has its functions.", m.Module, ImportPath(m.Module))
	case m.Text != "" && m.Type != "NoneType":
		return fmt.Sprintf("%s, of type %s: %s", full, m.Type, m.Text)
	}
	if m.Type == "" {
		return full + "."
	}
	return fmt.Sprintf("%s, of type %s.", full, m.Type)
}
