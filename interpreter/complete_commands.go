package interpreter

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

var (
	lineBegin = regexp.MustCompile(`(?:^|\n)[ \t]*(%\w*)$`)
	cellBegin = regexp.MustCompile(`^\s*(%%\w*)$`)
)

// completeCommand lists the commands that may stand at the cursor, and where what is written of one
// begins. There are none if it does not stand behind a sign that begins a line.
func (p *place) completeCommand() (start int, items []CompletionItem) {
	if !p.foreign {
		return 0, nil
	}
	before, sign, commands := p.whole[:p.cursor], "%", lineCommands
	found := lineBegin.FindStringSubmatch(before)
	if found == nil {
		sign, commands, found = "%%", cellCommands, cellBegin.FindStringSubmatch(before)
	}
	if found == nil {
		return 0, nil
	}
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		if use := commands[name]; use.text != "" && strings.HasPrefix(sign+name, found[1]) {
			items = append(items, CompletionItem{Text: sign + name, Kind: "keyword"})
		}
	}
	return p.points(p.cursor - len(found[1])), items
}
