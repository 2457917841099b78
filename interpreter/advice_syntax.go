package interpreter

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// adviseSyntax adds advice to what is no Go: it may be Python, or what other languages have.
func (k *checker) adviseSyntax(source string, err error) error {
	var failed *CompileError
	if !errors.As(err, &failed) {
		return err
	}
	advised := &CompileError{Diagnostics: slices.Clone(failed.Diagnostics)}
	lines := strings.Split(source, "\n")
	for n, d := range advised.Diagnostics {
		if d.Line <= len(lines) {
			advised.Diagnostics[n].Message += k.syntaxAdvice(lines[d.Line-1], d.Message)
		}
	}
	return advised
}

var (
	pythonImport = regexp.MustCompile(`^\s*import ([\w.]+)(?: as (\w+))?\s*$`)
	pythonLine   = regexp.MustCompile(`^\s*(?:def \w+\(.*:|class \w+.*:\s*$|from \S+ import |for .+ in .+:\s*$|(?:while|if|elif|with) .+:\s*$|(?:else|try|except.*):\s*$|lambda\b.*:|.*\[.* for .+ in .+\])`)
	forIn        = regexp.MustCompile(`^\s*for .+ in .+`)
	keyword      = regexp.MustCompile(`[(,]\s*([\pL_]\w*)\s*=\s*([^=,()]+)`)
	typeFirst    = regexp.MustCompile(`^\s*(?:int|long|float|double|float64|string|char|bool|let|auto)\s+([\pL_]\w*)\s*=\s*(.+?);?\s*$`)
	otherSyntax  = []struct {
		message string
		line    *regexp.Regexp // nil for any
		advice  string
	}{
		{"syntax error: unexpected comma; expecting ]", nil, "A list has a type in Go: []int{1, 2, 3}."},
		{"syntax error: expected operand, found '{'", nil, `A map has a type in Go: map[string]int{"a": 1}.`},
		{"illegal rune literal", nil, "Strings stand in double quotes."},
		{"illegal character U+0023", nil, "Comments begin with //."},
		{"illegal character U+003F", nil, "Go has no ?: operator: an if statement does it."},
		{"syntax error: expected statement, found 'else'", nil, "In Go else stands on the line of the brace before it: } else {"},
		{"syntax error: ", regexp.MustCompile(`^\s*for\s*\(`), "Go's for has no parentheses: for i := 0; i < 3; i++ {"},
		{"syntax error: ", regexp.MustCompile(`^\s*while\b`), "Go's while is for: for x < 3 {"},
	}
)

func (k *checker) syntaxAdvice(line, message string) string {
	if m := pythonImport.FindStringSubmatch(line); m != nil {
		return "\nIn Go: " + k.goImport(m[1], m[2]) + ". A cell of Python begins with the line %%python."
	}
	if pythonLine.MatchString(line) && strings.HasPrefix(message, "syntax error") {
		return "\nIf it is Python, begin the cell with the line %%python."
	}
	if forIn.MatchString(line) {
		return "\nIn Go: for _, v := range …"
	}
	if m := typeFirst.FindStringSubmatch(line); m != nil {
		return fmt.Sprintf("\nIn Go: %s := %s", m[1], m[2])
	}
	if m := keyword.FindStringSubmatch(line); m != nil && strings.HasPrefix(message, "syntax error: expected '==', found '='") {
		return fmt.Sprintf("\nGo has no keyword arguments. Functions of Python take them as py.Kw{%q: %s}.", m[1], strings.TrimSpace(m[2]))
	}
	for _, o := range otherSyntax {
		if strings.HasPrefix(message, o.message) && (o.line == nil || o.line.MatchString(line)) {
			return "\n" + o.advice
		}
	}
	return ""
}

// goImport is the import of a package of the standard library, or of a Python module.
func (k *checker) goImport(name, as string) string {
	if as == "" && len(k.packages.byName[name]) > 0 {
		return fmt.Sprintf("import %q", k.packages.byName[name][0])
	}
	if as != "" {
		as += " "
	}
	return fmt.Sprintf(`import %s"py/%s"`, as, strings.ReplaceAll(name, ".", "/"))
}
