package interpreter

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"regexp"
	"slices"
	"strings"
)

// A parsedCell is a cell as syntax.
type parsedCell struct {
	source  string
	inline  inlined
	file    string // the name by which compiled code knows it
	fset    *token.FileSet
	items   []item
	program bool  // it has a package clause
	inOrder bool  // its statements run in the order of the text
	commas  []int // offsets of those between the expressions of a list that is the cell's last statement

	declarations *ast.File // imports, constants, types, functions; positions are those of the cell
	statements   []ast.Stmt
	placed       []item // of the statements
}

// Both texts that are parsed are as long as the cell and begin with a header of the same length, so
// that a position is an offset in the cell.
const (
	statementsHeader   = "package main;func _(){"
	declarationsHeader = "package main;         "
)

// parse reads a cell. Its declarations and its statements are parsed apart, each with the other
// blanked out.
func parse(fset *token.FileSet, source string) (*parsedCell, error) {
	code, inline := takeInline(source)
	c := &parsedCell{source: code, inline: inline, file: fileName(source), fset: fset}
	items, syntax := split(code)
	if syntax != nil {
		return nil, cmp.Or(c.missingComma(syntax), c.syntaxErrors(syntax))
	}
	for _, i := range items {
		if i.keyword == token.PACKAGE {
			c.program = true
			continue
		}
		c.items = append(c.items, i)
	}
	if err := withoutEnd(joinDiagnostics(c.parseDeclarations(), c.parseStatements())); err != nil {
		return c, err
	}
	return c, c.checkTimed()
}

// syntaxErrors are the first error of each line.
func (c *parsedCell) syntaxErrors(first *syntaxError) error {
	failed := &CompileError{}
	lines := map[int]bool{}
	for _, e := range append([]*syntaxError{first}, first.more...) {
		if d := c.diagnostic(e.offset, e.message); !lines[d.Line] {
			lines[d.Line] = true
			failed.Diagnostics = append(failed.Diagnostics, d)
		}
	}
	return failed
}

// missingComma is the line end before which a bracket was to be closed, or nil: what is wrong with a cell
// that ends in a bracket may be far before its end, and only the parser knows which brackets may go on
// over lines.
func (c *parsedCell) missingComma(syntax *syntaxError) error {
	if !syntax.open {
		return nil
	}
	for _, header := range []string{statementsHeader, declarationsHeader} {
		_, err := parser.ParseFile(token.NewFileSet(), "", header+c.source, 0)
		var failed *CompileError
		if !errors.As(c.mapErrors(err), &failed) {
			continue
		}
		for _, d := range failed.Diagnostics {
			if strings.HasPrefix(d.Message, "syntax error: missing ','") {
				return &CompileError{Diagnostics: []Diagnostic{d}}
			}
		}
	}
	return nil
}

// withoutEnd leaves out that a cell ends too early, where something else is wrong.
func withoutEnd(err error) error {
	var failed *CompileError
	if !errors.As(err, &failed) {
		return err
	}
	others := slices.DeleteFunc(slices.Clone(failed.Diagnostics), func(d Diagnostic) bool { return d.Message == endsEarly })
	if len(others) == 0 {
		return err
	}
	return &CompileError{Diagnostics: others}
}

const endsEarly = "syntax error: unexpected end of cell"

const cellPrefix = "cell-"

// fileName is what a cell is called in compiled code: by its text and not by its number, so that the
// same text is the same code.
func fileName(source string) string {
	sum := sha256.Sum256([]byte(source))
	return cellPrefix + hex.EncodeToString(sum[:8])
}

// isStatement reports whether an item is run in its place, and not declared beforehand.
func (i item) isStatement() bool { return i.keyword == token.ILLEGAL || i.keyword == token.VAR }

func (c *parsedCell) parseDeclarations() error {
	text := c.blank(func(i item) bool { return !i.isStatement() })
	mode := parser.ParseComments
	if c.importsLate() {
		mode |= parser.AllErrors // it gives up after ten others, and these are none
	}
	file, err := parser.ParseFile(c.fset, c.file, declarationsHeader+text, mode)
	c.declarations = file
	return c.mapErrors(err)
}

// importsLate reports whether an import stands behind another declaration.
func (c *parsedCell) importsLate() bool {
	first := slices.IndexFunc(c.items, func(i item) bool { return !i.isStatement() && i.keyword != token.IMPORT })
	return first >= 0 && slices.ContainsFunc(c.items[first:], func(i item) bool { return i.keyword == token.IMPORT })
}

func (c *parsedCell) parseStatements() error {
	text := c.separate(c.blank(item.isStatement))
	file, err := parser.ParseFile(c.fset, c.file, statementsHeader+text+"\n}", parser.ParseComments)
	for _, d := range file.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Body != nil {
			c.statements = f.Body.List
		}
	}
	if err != nil {
		return c.mapErrors(err)
	}
	c.place()
	return c.checkList()
}

// separate makes statements of the expressions of a list that is the cell's last statement, which Go has
// not.
func (c *parsedCell) separate(text string) string {
	if len(c.items) == 0 {
		return text
	}
	c.commas = listCommas(c.source, c.items[len(c.items)-1])
	separated := []byte(text)
	for _, comma := range c.commas {
		separated[comma] = ';'
	}
	return string(separated)
}

// checkList reports what is no expression in the list at the end.
func (c *parsedCell) checkList() error {
	if len(c.commas) == 0 {
		return nil
	}
	expressions := 0
	for _, s := range slices.Backward(c.statements) {
		if _, ok := s.(*ast.ExprStmt); !ok || c.offset(s.End()) <= c.items[len(c.items)-1].start {
			break
		}
		expressions++
	}
	if expressions != len(c.commas)+1 {
		at := c.commas[0]
		c.commas = nil
		return c.fail(at, "syntax error: unexpected comma")
	}
	return nil
}

// listCommas are the offsets of the commas in an item that is a list of expressions.
func listCommas(source string, i item) (commas []int) {
	lexemes, err := scan(source[i.code:i.end])
	if last, ok := lastCode(lexemes); !i.isStatement() || err != nil || !ok || last.token == token.COMMA {
		return nil
	}
	depth := 0
	for n, l := range lexemes {
		switch {
		case l.token == token.LPAREN, l.token == token.LBRACK, l.token == token.LBRACE:
			depth++
		case l.token == token.RPAREN, l.token == token.RBRACK, l.token == token.RBRACE:
			depth--
		case depth > 0:
		case n == 0 && l.token.IsKeyword() && !beginsExpression(l.token), notInExpression(l.token):
			return nil
		case l.token == token.COMMA:
			commas = append(commas, i.code+l.start)
		}
	}
	return commas
}

func beginsExpression(keyword token.Token) bool {
	return slices.Contains([]token.Token{token.FUNC, token.MAP, token.CHAN, token.STRUCT, token.INTERFACE}, keyword)
}

// notInExpression reports whether a token outside of brackets makes something a statement.
func notInExpression(t token.Token) bool {
	return t == token.ASSIGN || t == token.DEFINE || t == token.INC || t == token.DEC || t == token.COLON || t >= token.ADD_ASSIGN && t <= token.AND_NOT_ASSIGN
}

// place finds the items of the statements. Those that the cell was split into tell what stands before
// a statement and behind it, and no more: only the parser knows that the brace of []int{7} does not end
// the header of an if, and that what follows its semicolon is no statement.
func (c *parsedCell) place() {
	c.statements = slices.DeleteFunc(c.statements, func(s ast.Stmt) bool { _, empty := s.(*ast.EmptyStmt); return empty })
	for _, s := range c.statements {
		i := item{keyword: token.ILLEGAL, start: c.offset(s.Pos()), code: c.offset(s.Pos()), end: c.offset(s.End())}
		if _, ok := s.(*ast.DeclStmt); ok {
			i.keyword = token.VAR
		}
		for _, found := range c.items {
			if found.code == i.code {
				i.start = found.start
			}
			i.quiet = i.quiet || found.end == i.end && found.quiet
		}
		c.placed = append(c.placed, i)
	}
}

// blank replaces what is not wanted by spaces, and keeps line ends.
func (c *parsedCell) blank(want func(item) bool) string {
	text := []byte(c.source)
	at := 0
	clear := func(to int) {
		for ; at < to; at++ {
			if text[at] != '\n' {
				text[at] = ' '
			}
		}
	}
	for _, i := range c.items {
		if want(i) {
			clear(i.start)
			at = i.end
			if i.quiet {
				at += strings.IndexByte(c.source[i.end:], ';') + 1
			}
		}
	}
	clear(len(text))
	return string(text)
}

// hasStatements reports whether the cell has statements that are not declarations: then everything
// runs in the order of the text, and names are declared where they stand. Otherwise it is as in a
// Go file.
func (c *parsedCell) hasStatements() bool {
	return slices.ContainsFunc(c.statements, func(s ast.Stmt) bool { _, ok := s.(*ast.DeclStmt); return !ok })
}

// offset is where a position of this cell's syntax is in its text.
func (c *parsedCell) offset(pos token.Pos) int {
	file := c.fset.File(pos)
	if file == nil {
		return 0
	}
	return min(max(file.Offset(pos)-len(statementsHeader), 0), len(c.source))
}

// statementDirective says where the statement on the next line stands: at an offset in the cell, or where
// a line directive of the cell has it.
func (c *parsedCell) statementDirective(offset int) string {
	file := c.fset.File(c.statements[0].Pos())
	at := file.Position(file.Pos(offset + len(statementsHeader)))
	switch {
	case at.Filename == c.file:
		return lineDirective(c.file, c.source, offset)
	case at.Filename == "", at.Column == 0: // without a name, a column would stand for the name before
		return fmt.Sprintf("\n//line %s:%d\n", at.Filename, at.Line)
	}
	return fmt.Sprintf("\n//line %s:%d:%d\n", at.Filename, at.Line, at.Column)
}

func (c *parsedCell) fail(offset int, message string) error {
	return &CompileError{Diagnostics: []Diagnostic{c.diagnostic(offset, message)}}
}

func (c *parsedCell) diagnostic(offset int, message string) Diagnostic {
	line, column := position(c.source, offset)
	return Diagnostic{File: c.file, Line: line, Column: column, Message: message}
}

// position is the line and the column of an offset, both from 1, the column in bytes as Go counts it.
func position(source string, offset int) (line, column int) {
	before := source[:min(offset, len(source))]
	return 1 + strings.Count(before, "\n"), offset - strings.LastIndex(before, "\n")
}

// offsetAt is the offset of a line and a column.
func (c *parsedCell) offsetAt(line, column int) int {
	offset := column - 1
	for text := range strings.Lines(c.source) {
		if line--; line == 0 {
			break
		}
		offset += len(text)
	}
	return offset
}

// mapErrors turns the parser's errors into the cell's.
func (c *parsedCell) mapErrors(err error) error {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		return err
	}
	failed := &CompileError{}
	for _, e := range list {
		if e.Msg == importsLater {
			continue // in a cell they may stand anywhere
		}
		offset := max(e.Pos.Offset-len(statementsHeader), 0)
		message := "syntax error: " + notAtEnd.ReplaceAllString(e.Msg, "unexpected $1, expecting a line end")
		if offset >= len(c.source) {
			message = endsEarly // and not the brace that we have put there
		}
		failed.Diagnostics = append(failed.Diagnostics, c.diagnostic(offset, message))
	}
	return joinDiagnostics(failed)
}

// notAtEnd is what the parser says of what stands behind a statement.
var notAtEnd = regexp.MustCompile(`^expected ';', found (.+)$`)

// importsLater is what the parser says of imports behind other declarations, after which it goes on.
const importsLater = "imports must appear before other declarations"
