package interpreter

import (
	"crypto/sha256"
	"encoding/hex"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// mainPath is the import path of the package that every cell is.
const mainPath = "main"

// What a session's names are called in generated code. Functions, constants and variables go by
// names that cannot collide with an import or a predeclared name in another cell's text, and that
// are not exported; types keep their names, which people see when a program prints a type.

// functionName is what a function or a constant is called.
func functionName(name string) string { return build.Marker + name }

// pointerName is the variable that points to a session variable.
func pointerName(name string) string { return build.Marker + build.Marker + name }

// placeName is a variable that cannot be in the heap, should this file be the first that has it.
func placeName(name string) string { return build.Marker + pointerName(name) }

// variableText stands where a cell has the name of a session variable.
func variableText(name string) string { return "(*" + pointerName(name) + ")" }

// typeName is what a type is called: its own name, unless it is a predeclared one, which the text
// of another cell may mean.
func typeName(name string) string {
	if predeclared(name) {
		return build.Marker + name
	}
	return name
}

// checkedName is what a function, a constant, a type or a variable is called while a cell is
// type-checked: its own name, for the sake of the messages.
func checkedName(name string) string { return typeName(name) }

func predeclared(name string) bool { return types.Universe.Lookup(name) != nil }

// What generated code has of its own. The mark stands behind, where no name of a cell has it: a cell
// may declare functions r and first. What runs the statements is main.main for whoever asks the runtime.
const (
	runFunction   = mainPath + build.Marker
	runParameter  = "r" + build.Marker
	firstFunction = "first" + build.Marker
)

// importAlias is what a package is called in generated code, in all of it.
func importAlias(path string) string {
	sum := sha256.Sum256([]byte(path))
	base := path[strings.LastIndexByte(path, '/')+1:]
	return build.Marker + notIdentifier.ReplaceAllString(base, "") + "_" + hex.EncodeToString(sum[:3])
}

var (
	notIdentifier = regexp.MustCompile(`[^A-Za-z0-9]+`)
	marks         = regexp.MustCompile(build.Marker + `[0-9]*`)
)

// plainName takes the marks of generated code out of a name, or of a message.
func plainName(name string) string { return marks.ReplaceAllString(name, "") }

// pointedTo matches a session variable in a function, as the type-checker writes it in a message.
var pointedTo = regexp.MustCompile(`\(\*` + build.Marker + build.Marker + `([\pL_][\pL\pN_]*)\)`)

// quotedPackage matches a package that the type-checker quotes because there is another of its name, if
// only an internal one: "sync".Mutex. Of a longer path the quotes stay, for there it tells something.
var quotedPackage = regexp.MustCompile(`"([a-z][a-z0-9]*)"\.([A-Z])`)

// plainMessage is a message of the type-checker as if it had seen the user's text.
func plainMessage(message string) string {
	message = strings.ReplaceAll(message, " in argument to "+resultFunction, "")
	return plainName(quotedPackage.ReplaceAllString(pointedTo.ReplaceAllString(message, "$1"), "$1.$2"))
}

// A set keeps strings in the order in which they came.
type set struct {
	list []string
	has  map[string]bool
}

func newSet(elements ...string) *set {
	s := &set{has: map[string]bool{}}
	for _, e := range elements {
		s.add(e)
	}
	return s
}

func (s *set) add(e string) (added bool) {
	if s.has[e] {
		return false
	}
	s.has[e] = true
	s.list = append(s.list, e)
	return true
}

func (s *set) sorted() []string { return slices.Sorted(slices.Values(s.list)) }
