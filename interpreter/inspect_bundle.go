package interpreter

import (
	"cmp"
	"go/doc/comment"
	"go/token"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// describe puts together what is known of a subject and what the source says.
func (l *library) describe(s *subject, detailed bool) display.Bundle {
	e := l.read(s)
	if s.doc != "" {
		e.doc = s.doc
	}
	if s.dir != "" && !detailed {
		e.doc = synopsis(e.doc)
	}
	head := s.title
	if e.decl != "" {
		head = e.decl
	}
	sheet := &sheet{}
	sheet.code(head)
	sheet.documentation(e.doc, s.path)
	if len(s.methods) > 0 {
		sheet.code(strings.Join(s.methods, "\n"))
	}
	if detailed && e.source != "" {
		sheet.code(e.source)
	}
	sheet.line(s.note)
	switch {
	case s.isLocal:
		sheet.line("declared in " + s.origin)
	default:
		sheet.line(s.origin)
	}
	if e.err != nil {
		sheet.line("no documentation: " + e.err.Error())
	}
	return sheet.bundle()
}

// A sheet is written as text and as Markdown.
type sheet struct {
	text, markdown []string
}

func (s *sheet) code(text string) {
	text = strings.TrimSpace(text)
	s.text = append(s.text, text)
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	s.markdown = append(s.markdown, fence+"go\n"+text+"\n"+fence)
}

func (s *sheet) line(text string) {
	if text != "" {
		s.text = append(s.text, text)
		s.markdown = append(s.markdown, "*"+strings.TrimSuffix(text, "*")+"*")
	}
}

// documentation writes a doc comment of a package, or of a cell if the path is empty. Links lead to
// where Go's documentation is on the web.
func (s *sheet) documentation(text, path string) {
	if strings.TrimSpace(text) == "" {
		return
	}
	parser := &comment.Parser{LookupSym: func(_, name string) bool { return path != "" && token.IsExported(name) }}
	printer := &comment.Printer{
		HeadingLevel: 4,
		HeadingID:    func(*comment.Heading) string { return "" },
		DocLinkURL: func(link *comment.DocLink) string {
			link.ImportPath = cmp.Or(link.ImportPath, path)
			return link.DefaultURL("https://pkg.go.dev")
		},
	}
	doc := parser.Parse(text)
	s.text = append(s.text, strings.TrimSpace(string(printer.Text(doc))))
	s.markdown = append(s.markdown, strings.TrimSpace(string(printer.Markdown(doc))))
}

func (s *sheet) bundle() display.Bundle {
	return display.Bundle{Data: map[string]any{
		"text/plain":    strings.Join(s.text, "\n\n"),
		"text/markdown": strings.Join(s.markdown, "\n\n"),
	}}
}

// synopsis is the first paragraph of a package's documentation.
func synopsis(doc string) string {
	first, _, _ := strings.Cut(strings.TrimSpace(doc), "\n\n")
	return first
}
