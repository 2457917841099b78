package interpreter

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

// A library reads what the source says about names, and keeps it. Its methods may be called from any
// goroutine; the zero value is empty.
type library struct {
	mu      sync.Mutex
	entries map[address]entry
}

// An entry is what the source says about a name.
type entry struct {
	doc    string // the text of the comment
	decl   string // a type as it is declared; empty for everything else
	source string
	err    error // why there is nothing
}

// An address is where an entry comes from.
type address struct {
	path string
	name string
	line int
}

// libraryLimit is how many entries are kept.
const libraryLimit = 500

// read finds what a file, or the folder of a package, says about a subject.
func (l *library) read(s *subject) entry {
	if s.cell != "" {
		return readCell(s)
	}
	key := address{s.file + s.dir, s.name, s.line}
	l.mu.Lock()
	defer l.mu.Unlock()
	if e, ok := l.entries[key]; ok {
		return e
	}
	var e entry
	switch {
	case s.file != "":
		e = readFile(s)
	case s.dir != "":
		e = readPackage(s)
	default:
		return e
	}
	if l.entries == nil || len(l.entries) >= libraryLimit {
		l.entries = map[address]entry{}
	}
	l.entries[key] = e
	return e
}

// readFile finds the declaration of a name in a source file.
func readFile(s *subject) entry {
	text, err := os.ReadFile(s.file)
	if err != nil {
		return entry{err: fmt.Errorf("its source is not installed: %w", err)}
	}
	line := s.line
	if isPython(s.path) && line > 0 {
		text, line = generatedAt(text, line), 0
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, s.file, text, parser.ParseComments|parser.SkipObjectResolution)
	if file == nil {
		return entry{err: err}
	}
	found := findDeclared(file.Decls, func(id *ast.Ident) bool {
		return id.Name == s.name && (line == 0 || fset.PositionFor(id.Pos(), false).Line == line)
	})
	if found == nil {
		return entry{err: errors.New("its source has changed")}
	}
	return found.entry(fset, string(text), func(p token.Pos) int { return fset.PositionFor(p, false).Offset }, !s.isLocal)
}

// generatedAt is a file with one declaration of the package of a Python module, that on a line. The packages have megabytes,
// which would take a tenth of a second to parse; their declarations stand apart by empty lines, and have none.
func generatedAt(text []byte, line int) []byte {
	at := 0
	for range line - 1 {
		at += bytes.IndexByte(text[at:], '\n') + 1
	}
	from, to := max(0, bytes.LastIndex(text[:at], []byte("\n\n"))), len(text)
	if end := bytes.Index(text[at:], []byte("\n\n")); end >= 0 {
		to = at + end
	}
	return append([]byte("package p\n"), text[from:to]...)
}

// readPackage finds the documentation of a package. It stands in doc.go, in the file named as the
// package, or in another.
func readPackage(s *subject) entry {
	files, err := filepath.Glob(filepath.Join(s.dir, "*.go"))
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("no Go files in %s", s.dir)
	}
	if err != nil {
		return entry{err: fmt.Errorf("its source is not installed: %w", err)}
	}
	first := func(file string) bool {
		base := filepath.Base(file)
		return base == "doc.go" || base == s.name+".go"
	}
	slices.SortStableFunc(files, func(a, b string) int {
		switch {
		case first(a) == first(b):
			return strings.Compare(a, b)
		case first(a):
			return -1
		}
		return 1
	})
	for _, path := range files {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.PackageClauseOnly|parser.ParseComments)
		if err == nil && file.Name.Name == s.name && file.Doc.Text() != "" {
			return entry{doc: file.Doc.Text()}
		}
	}
	return entry{}
}

// A declared name is found in a syntax tree.
type declared struct {
	node  ast.Node     // *ast.FuncDecl, *ast.TypeSpec, *ast.ValueSpec or *ast.Field
	group *ast.GenDecl // that a spec is in
}

// findDeclared finds the declaration of the first identifier that matches.
func findDeclared(decls []ast.Decl, match func(*ast.Ident) bool) *declared {
	var found *declared
	var group *ast.GenDecl
	visit := func(n ast.Node) bool {
		if found != nil {
			return false
		}
		var ids []*ast.Ident
		switch n := n.(type) {
		case *ast.GenDecl:
			group = n
		case *ast.FuncDecl:
			ids = []*ast.Ident{n.Name}
		case *ast.TypeSpec:
			ids = []*ast.Ident{n.Name}
		case *ast.ValueSpec:
			ids = n.Names
		case *ast.Field:
			ids = n.Names
			if len(ids) == 0 {
				ids = embeddedName(n.Type)
			}
		}
		if slices.ContainsFunc(ids, match) {
			found = &declared{node: n, group: group}
		}
		return found == nil
	}
	for _, d := range decls {
		group = nil
		ast.Inspect(d, visit)
	}
	return found
}

// embeddedName is the name of a field that has only a type.
func embeddedName(t ast.Expr) []*ast.Ident {
	switch t := t.(type) {
	case *ast.Ident:
		return []*ast.Ident{t}
	case *ast.StarExpr:
		return embeddedName(t.X)
	case *ast.SelectorExpr:
		return []*ast.Ident{t.Sel}
	case *ast.IndexExpr:
		return embeddedName(t.X)
	case *ast.IndexListExpr:
		return embeddedName(t.X)
	}
	return nil
}

// entry is what is said about a declared name. Only exported fields and methods are shown of a type
// if asked so.
func (d *declared) entry(fset *token.FileSet, text string, offset func(token.Pos) int, exported bool) entry {
	e := entry{doc: d.doc()}
	source := d.node
	if d.group != nil && !isField(d.node) {
		source = d.group
	}
	if spec, ok := d.node.(*ast.TypeSpec); ok {
		e.decl = declarationOf(fset, spec, exported)
		if d.group != nil && d.group.Lparen.IsValid() {
			source = spec
			e.source = "type "
		}
	}
	if from, to := offset(source.Pos()), offset(source.End()); from < to { // not so where half of it is missing
		e.source += text[from:to]
	}
	return e
}

func isField(n ast.Node) bool {
	_, ok := n.(*ast.Field)
	return ok
}

// doc is the comment of a declared name: its own, or else that of its group.
func (d *declared) doc() string {
	var groups []*ast.CommentGroup
	switch n := d.node.(type) {
	case *ast.FuncDecl:
		groups = append(groups, n.Doc)
	case *ast.TypeSpec:
		groups = append(groups, n.Doc, n.Comment)
	case *ast.ValueSpec:
		groups = append(groups, n.Doc, n.Comment)
	case *ast.Field:
		return firstText(n.Doc, n.Comment)
	}
	if d.group != nil {
		groups = append(groups, d.group.Doc)
	}
	return firstText(groups...)
}

func firstText(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if text := g.Text(); text != "" {
			return text
		}
	}
	return ""
}

// declarationOf prints the declaration of a type, if asked so without what is not exported.
func declarationOf(fset *token.FileSet, spec *ast.TypeSpec, exported bool) string {
	shown := *spec
	shown.Doc, shown.Comment = nil, nil
	if exported {
		shown.Type = exportedOnly(spec.Type)
	}
	b := new(bytes.Buffer)
	if err := format.Node(b, fset, &ast.GenDecl{TokPos: spec.Pos(), Tok: token.TYPE, Specs: []ast.Spec{&shown}}); err != nil {
		return ""
	}
	return b.String()
}

// exportedOnly is a struct or an interface without what is not exported.
func exportedOnly(t ast.Expr) ast.Expr {
	switch t := t.(type) {
	case *ast.StructType:
		kept := *t
		kept.Fields, kept.Incomplete = exportedFields(t.Fields)
		return &kept
	case *ast.InterfaceType:
		kept := *t
		kept.Methods, kept.Incomplete = exportedFields(t.Methods)
		return &kept
	}
	return t
}

func exportedFields(list *ast.FieldList) (kept *ast.FieldList, incomplete bool) {
	kept = &ast.FieldList{Opening: list.Opening, Closing: list.Closing}
	for _, f := range list.List {
		names := f.Names
		if len(names) == 0 {
			names = embeddedName(f.Type)
		}
		if len(names) == 0 || slices.ContainsFunc(names, (*ast.Ident).IsExported) {
			kept.List = append(kept.List, f)
		} else {
			incomplete = true
		}
	}
	return kept, incomplete
}
