package display

import (
	"reflect"
	"strings"
	"unicode"
	"unicode/utf8"
)

// typeName writes a type as code in a cell would: cells are package main, so its types have no
// package name, and the words any and byte are what people type.
func typeName(t reflect.Type) string {
	const longest = 40 // an anonymous struct spells all its fields and tags
	if t.Name() == "" && t.Kind() == reflect.Struct && len(t.String()) > longest {
		return "struct{…}"
	}
	return shortTypeName(t.String())
}

func shortTypeName(name string) string {
	name = strings.ReplaceAll(name, "interface {}", "any")
	name = strings.ReplaceAll(name, "]uint8", "]byte")
	return withoutMain(withoutPaths(name))
}

// withoutPaths cuts the folders of import paths, which stand in the arguments of generic types.
func withoutPaths(name string) string {
	for {
		slash := strings.IndexByte(name, '/')
		if slash < 0 {
			return name
		}
		start := strings.LastIndexFunc(name[:slash], func(r rune) bool { return !inPath(r) }) + 1
		name = name[:start] + name[slash+1:]
	}
}

// withoutMain drops "main." where it is a whole package name: not in "domain.T".
func withoutMain(name string) string {
	const prefix = "main."
	var b strings.Builder
	for {
		before, after, found := strings.Cut(name, prefix)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		if r, _ := utf8.DecodeLastRuneInString(before); before != "" && r != '.' && inPath(r) {
			b.WriteString(prefix)
		}
		name = after
	}
}

// inPath reports whether r may be a part of an import path or a name.
func inPath(r rune) bool {
	return strings.ContainsRune("._-~", r) || unicode.IsLetter(r) || unicode.IsDigit(r)
}

// isScalar reports whether values of kind k are written as one word.
func isScalar(k reflect.Kind) bool {
	return k == reflect.String || k == reflect.Bool || isNumber(k)
}

func isNumber(k reflect.Kind) bool {
	return k >= reflect.Int && k <= reflect.Complex128
}

// hidesAll reports whether t is a struct of the standard library that shows nothing to its users,
// such as os.File or sync.Mutex. Its fields would only be noise. The fields of types in cells and
// in users' own modules are shown, exported or not.
func hidesAll(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || t.PkgPath() == "" || t.PkgPath() == "main" || t.NumField() == 0 {
		return false
	}
	if first, _, _ := strings.Cut(t.PkgPath(), "/"); strings.Contains(first, ".") {
		return false
	}
	for i := range t.NumField() {
		if t.Field(i).IsExported() {
			return false
		}
	}
	return true
}
