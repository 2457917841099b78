package interpreter

import (
	"cmp"
	"go/token"
	"slices"
	"strings"
)

// addImportPaths lists the packages whose path begins with what stands in the string of an import,
// or, if there are none, those whose last element does.
func (d *desk) addImportPaths(l *candidates) {
	paths := d.checker.packages.paths()
	for _, path := range slices.Concat(paths, d.python) {
		l.addImportPath(path)
	}
	if len(l.items()) > 0 {
		return
	}
	prefix := l.prefix
	l.prefix = ""
	for _, path := range paths {
		if strings.HasPrefix(path[strings.LastIndexByte(path, '/')+1:], prefix) {
			l.addImportPath(path)
		}
	}
}

func (l *candidates) addImportPath(path string) {
	l.add(path, "module", func() string { return "import " + `"` + path + `"` })
}

// paths are the import paths of all packages that are offered, those of the standard library first.
func (p *packages) paths() []string {
	var paths []string
	for _, list := range p.byName {
		paths = append(paths, list...)
	}
	isModule := func(path string) int {
		first, _, _ := strings.Cut(path, "/")
		return strings.Count(first, ".")
	}
	slices.SortFunc(paths, func(a, b string) int { return cmp.Or(cmp.Compare(isModule(a), isModule(b)), cmp.Compare(a, b)) })
	return paths
}

// imports reports whether the string that the cursor is in is the path of an import.
func (p *place) imports() bool {
	inGroup := false
	var previous token.Token
	for k, l := range p.lexemes {
		if l.token == token.COMMENT {
			continue
		}
		if k == p.literal {
			return inGroup || previous == token.IMPORT
		}
		switch {
		case l.token == token.LPAREN && previous == token.IMPORT:
			inGroup = true
		case l.token == token.RPAREN:
			inGroup = false
		}
		if !(previous == token.IMPORT && (l.token == token.IDENT || l.token == token.PERIOD)) { // a name may stand before the path
			previous = l.token
		}
	}
	return false
}
