package interpreter

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// A labelled output shows the names that cells have in compiled code as people know them: those that
// testing.T.Error prints, log.Lshortfile, and whoever else asks runtime.Caller.
type labelled struct {
	Output
	source func(file string) (source, bool)
}

var cellFile = regexp.MustCompile(`\b` + cellPrefix + `[0-9a-f]{16}\b`)

func (l *labelled) Stream(name, text string) { l.Output.Stream(name, withLabels(text, l.source)) }

// withLabels is a text with cells named as people know them.
func withLabels(text string, source func(file string) (source, bool)) string {
	if !strings.Contains(text, cellPrefix) {
		return text
	}
	return cellFile.ReplaceAllStringFunc(text, func(file string) string {
		if s, ok := source(file); ok {
			return cellLabel(s.count)
		}
		return file
	})
}

// inTraceback reports whether a traceback of Python tells of a cell, which is then itself one of Python.
func inTraceback(traceback []string, label string) bool {
	return slices.ContainsFunc(traceback, func(line string) bool {
		return strings.HasPrefix(line, fmt.Sprintf("  File %q, line ", label))
	})
}
