package interpreter

import (
	"regexp"
	"strings"
)

// A labelled output shows the names that cells have in compiled code as people know them: those that
// testing.T.Error prints, log.Lshortfile, and whoever else asks runtime.Caller.
type labelled struct {
	Output
	source func(file string) (source, bool)
}

var cellFile = regexp.MustCompile(`\b` + cellPrefix + `[0-9a-f]{16}\b`)

func (l *labelled) Stream(name, text string) {
	if strings.Contains(text, cellPrefix) {
		text = cellFile.ReplaceAllStringFunc(text, func(file string) string {
			if s, ok := l.source(file); ok {
				return cellLabel(s.count)
			}
			return file
		})
	}
	l.Output.Stream(name, text)
}
