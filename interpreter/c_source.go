package interpreter

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A preamble is the C code of a cell: the comments before its imports of "C".
type preamble []cPiece

// A cPiece is a text that stands somewhere in a cell.
type cPiece struct {
	file string
	line int
	text string
}

func (p preamble) text() string {
	b := new(strings.Builder)
	for _, piece := range p {
		b.WriteString(strings.TrimRight(piece.text, " \t\n") + "\n")
	}
	return b.String()
}

// importsC are the items that import "C".
func (c *parsedCell) importsC() []item {
	return slices.DeleteFunc(slices.Clone(c.items), func(i item) bool {
		return i.keyword != token.IMPORT || !slices.ContainsFunc(c.declarations.Imports, func(s *ast.ImportSpec) bool {
			at := c.offset(s.Pos())
			return s.Path.Value == strconv.Quote(pathC) && i.start <= at && at < i.end
		})
	})
}

// selectsC reports whether something is selected from C.
func (c *parsedCell) selectsC() bool {
	found := false
	visit := func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			id, ok := s.X.(*ast.Ident)
			found = found || ok && id.Name == pathC
		}
		return true
	}
	ast.Inspect(c.declarations, visit)
	for _, s := range c.statements {
		ast.Inspect(s, visit)
	}
	return found
}

// piecesForC are the cell as a Go file, in which more of C is used than in the cell. Types are
// of no interest to the cgo tool.
func (c *parsedCell) piecesForC(p preamble, more []cName) []cPiece {
	pieces := []cPiece{{text: "package main\n"}}
	for _, piece := range p {
		pieces = append(pieces, cPiece{piece.file, piece.line, strings.TrimRight(piece.text, " \t\n")})
	}
	pieces = append(pieces, cPiece{text: "import \"C\""})
	for _, n := range more {
		use := fmt.Sprintf("func _() { _ = C.%s }", n.name)
		if n.function {
			use = fmt.Sprintf("func _() { C.%s(); _, _ = C.%[1]s() }", n.name)
		}
		pieces = append(pieces, cPiece{text: use})
	}
	return append(pieces,
		cPiece{c.file, 1, c.blank(func(i item) bool { return !i.isStatement() && i.keyword != token.IMPORT })},
		cPiece{text: "func _() {"}, cPiece{c.file, 1, c.blank(item.isStatement)}, cPiece{text: "}"})
}

var (
	cComment    = regexp.MustCompile(`(?s)/\*.*?\*/|//[^\n]*`)
	cQuoted     = regexp.MustCompile(`"(\\.|[^"\\\n])*"|'(\\.|[^'\\\n])*'`)
	cLine       = regexp.MustCompile(`(?m)^[ \t]*#([^\n]*\\\n)*[^\n]*`)
	cFunction   = regexp.MustCompile(`(\w+)\s*\([^;{}]*\)\s*\{\}`)
	cVariable   = regexp.MustCompile(`(?m)^[ \t]*(?:(?:unsigned|signed|long|short|const|struct|enum|union)\s+)*\w+[\s*]+(\w+)\s*(?:\[[^\]]*\]\s*)*(?:=[^;]*)?;`)
	cMacro      = regexp.MustCompile(`(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+\S`)
	cNoVariable = regexp.MustCompile(`^\s*(typedef|static|extern|struct|enum|union|return)\b`)
)

// cText is the C code in the comments before an import.
func cText(preamble string) string {
	b := new(strings.Builder)
	for _, comment := range cComment.FindAllString(preamble, -1) {
		text, line := strings.CutPrefix(comment, "//")
		if !line {
			text = strings.TrimSuffix(strings.TrimPrefix(comment, "/*"), "*/")
		}
		if line && (strings.HasPrefix(text, "line ") || strings.HasPrefix(text, "export ")) {
			continue
		}
		for l := range strings.Lines(text + "\n") {
			if !strings.HasPrefix(strings.TrimSpace(l), "#cgo ") {
				b.WriteString(l)
			}
		}
	}
	return b.String()
}

// A cName is what C code may declare.
type cName struct {
	name     string
	function bool
}

// cDeclared is what C code seems to declare, as far as Go can use it: the functions whose bodies stand
// there, variables, macros that are values. What turns out to be none is left out later.
func cDeclared(preamble string) []cName {
	text := cQuoted.ReplaceAllString(cComment.ReplaceAllString(cText(preamble), ""), "0")
	var found []cName
	add := func(name string, function bool) {
		if n := (cName{name, function}); !slices.Contains(found, n) && name != mainPath {
			found = append(found, n)
		}
	}
	for _, m := range cMacro.FindAllStringSubmatch(text, -1) {
		add(m[1], false)
	}
	text = outermost(cLine.ReplaceAllString(text, ""))
	for _, m := range cFunction.FindAllStringSubmatch(text, -1) {
		add(m[1], true)
	}
	for _, m := range cVariable.FindAllStringSubmatch(text, -1) {
		if !cNoVariable.MatchString(m[0]) {
			add(m[1], false)
		}
	}
	return found
}

// outermost is C code without what is in braces.
func outermost(text string) string {
	b := new(strings.Builder)
	depth := 0
	for _, r := range text {
		if r == '}' {
			depth--
		}
		if depth <= 0 {
			b.WriteRune(r)
		}
		if r == '{' {
			depth++
		}
	}
	return b.String()
}

var cPlace = regexp.MustCompile(`(?m)^(?:\S*/)?cell\.go:(\d+)`)

// inCells replaces places in the file that was made of pieces by those in cells. What the C compiler says
// of no such place, it says of what it has said before.
func inCells(pieces []cPiece, output string) string {
	var placed []string
	for line := range strings.Lines(placeInCells(pieces, output)) {
		if strings.HasPrefix(line, cellPrefix) && !strings.Contains(line, ": note: ") {
			placed = append(placed, strings.TrimSpace(line))
		}
	}
	if len(placed) == 0 {
		return output
	}
	return strings.Join(placed, "\n")
}

func placeInCells(pieces []cPiece, output string) string {
	return cPlace.ReplaceAllStringFunc(output, func(place string) string {
		line, _ := strconv.Atoi(cPlace.FindStringSubmatch(place)[1])
		for _, p := range pieces {
			lines := 1 + strings.Count(p.text, "\n")
			if line <= lines && p.file == "" {
				break
			}
			if line <= lines {
				return fmt.Sprintf("%s:%d", p.file, p.line+line-1)
			}
			line -= lines
		}
		return place
	})
}
