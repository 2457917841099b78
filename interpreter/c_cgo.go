package interpreter

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"strconv"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// cgoFile begins the name of what the cgo tool has made, in place of a cell's name. The compiler allows
// some directives only in files with such a name.
const cgoFile = "_cgo_"

func hashed(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

// A cgoReader reads what the cgo tool has made.
type cgoReader struct {
	part    build.CPart
	origin  origin
	fset    *token.FileSet
	imports map[string]string // names to paths
	linked  map[string]string // variables to symbols of C
	names   *set
}

// readCgo makes declarations of what the cgo tool has made. All names in it are its own.
func readCgo(part build.CPart, file string) ([]*declaration, error) {
	r := &cgoReader{part: part, origin: origin{file: file}, fset: token.NewFileSet(), imports: map[string]string{}, linked: map[string]string{}, names: newSet()}
	syntax, err := parser.ParseFile(r.fset, file, part.Go, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	for _, s := range syntax.Imports {
		path, _ := strconv.Unquote(s.Path.Value)
		name := path
		if s.Name != nil {
			name = s.Name.Name
		}
		r.imports[name] = path
	}
	for _, m := range regexp.MustCompile(`(?m)^//go:linkname (__cgo\S+) (\S+)$`).FindAllStringSubmatch(part.Go, -1) {
		r.linked[m[1]] = m[2]
	}
	var found []*declaration
	var declared []ast.Decl
	for _, d := range syntax.Decls {
		if names, kind := declaredByCgo(d); len(names) > 0 && r.linked[names[0]] == "" {
			found, declared = append(found, &declaration{names: names, kind: kind, origin: r.origin, part: r.read(d)}), append(declared, d)
			r.names.add(names[0])
		}
	}
	var exports []*declaration
	for _, d := range found {
		if m := cExported.FindStringSubmatch(d.names[0]); m != nil {
			r.names.add(m[1]) // of the cell
			exports = append(exports, r.export(d.names[0]))
		}
	}
	for n, d := range found {
		r.collect(d, declared[n], exports)
	}
	return append(found, exports...), nil
}

var cExported = regexp.MustCompile(`^_cgoexp_[0-9a-f]+_(\w+)$`)

// export gives C a function that it calls. Whatever uses the C code has to do it.
func (r *cgoReader) export(name string) *declaration {
	const before, function = "var ", " = function"
	set := "_cgoset" + strings.TrimPrefix(name, "_cgoexp")
	d := &declaration{names: []string{set}, kind: cKind, origin: r.origin, uses: []string{name}}
	text := before + set + function
	d.part = part{source: text, to: len(text), edits: []edit{
		{at: len(text) - len("function"), end: len(text) - len("function"), path: cellPackage, text: fmt.Sprintf(".CExport(%q, %q, ", r.part.Library, build.ExportPrefix+name)},
		{at: len(text) - len("function"), end: len(text), symbol: name},
		{at: len(text), end: len(text), text: ")"},
	}}
	return d
}

// declaredByCgo are the names of a declaration, and what they are. Nothing is C's as such but types and
// constants: functions and variables are what they are called.
func declaredByCgo(d ast.Decl) ([]string, kind) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		return []string{d.Name.Name}, cKind
	case *ast.GenDecl:
		if d.Tok == token.IMPORT {
			return nil, noName
		}
		switch s := d.Specs[0].(type) {
		case *ast.TypeSpec:
			if s.Name.Name != "_" {
				return []string{s.Name.Name}, typeKind
			}
		case *ast.ValueSpec:
			if s.Names[0].Name != "_" {
				return []string{s.Names[0].Name}, cKind
			}
		}
	}
	return nil, noName
}

func (r *cgoReader) offset(pos token.Pos) int { return r.fset.PositionFor(pos, false).Offset }

// read is the text of a declaration, with its directives.
func (r *cgoReader) read(d ast.Decl) part {
	from := d.Pos()
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc != nil && !cExported.MatchString(d.Name.Name) { // what is said of those is for the system's linker
			from = d.Doc.Pos()
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			from = d.Doc.Pos()
		}
	}
	return part{source: r.part.Go, from: r.offset(from), to: r.offset(d.End())}
}

// collect finds what a declaration uses. A variable that stands for a symbol of C becomes a question for
// the symbol.
func (r *cgoReader) collect(d *declaration, syntax ast.Decl, exports []*declaration) {
	uses := newSet()
	ast.Inspect(syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			if id, ok := n.X.(*ast.Ident); ok && r.linked[id.Name] != "" {
				d.edits = append(d.edits, edit{at: r.offset(n.Pos()), end: r.offset(n.End()), path: cellPackage, text: fmt.Sprintf(".CSymbol(%q, %q)", r.part.Library, r.linked[id.Name])})
				for _, e := range exports {
					uses.add(e.names[0])
				}
				return false
			}
		case *ast.SelectorExpr:
			if id, ok := n.X.(*ast.Ident); ok && r.imports[id.Name] != "" {
				d.edits = append(d.edits, edit{at: r.offset(id.Pos()), end: r.offset(id.End()), path: r.imports[id.Name]})
				return false
			}
			ast.Inspect(n.X, func(n ast.Node) bool { r.use(d, uses, n); return true })
			return false
		default:
			r.use(d, uses, n)
		}
		return true
	})
	d.uses = uses.list
}

func (r *cgoReader) use(d *declaration, uses *set, n ast.Node) {
	if id, ok := n.(*ast.Ident); ok && r.names.has[id.Name] {
		uses.add(id.Name)
		d.edits = append(d.edits, edit{at: r.offset(id.Pos()), end: r.offset(id.End()), symbol: id.Name})
	}
}
