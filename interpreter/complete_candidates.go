package interpreter

import (
	"go/types"
	"strings"
)

// candidates are completions that begin with a prefix. Of two with the same text the first counts.
type candidates struct {
	prefix    string
	only      string // kind that is wanted; empty for all
	onlyTypes bool   // types, and packages, which have types
	exact     []CompletionItem
	folded    []CompletionItem // where upper and lower case differ
	seen      map[string]bool
}

// items are the completions, in the order in which they were found.
func (l *candidates) items() []CompletionItem {
	if len(l.exact) > 0 {
		return l.exact
	}
	return l.folded
}

// add adds a completion that matches. Its signature is asked for only then.
func (l *candidates) add(text, kind string, signature func() string) {
	exact := strings.HasPrefix(text, l.prefix)
	if !exact && (len(l.exact) > 0 || !strings.HasPrefix(strings.ToLower(text), strings.ToLower(l.prefix))) {
		return
	}
	switch {
	case text == "_" || strings.HasPrefix(text, placeholder) || l.seen[text]:
		return
	case l.only != "" && kind != l.only, l.onlyTypes && kind != "type" && kind != "module" && kind != "keyword":
		return
	}
	if l.seen == nil {
		l.seen = map[string]bool{}
	}
	l.seen[text] = true
	item := CompletionItem{Text: text, Kind: kind, Signature: signature()}
	if exact {
		l.exact = append(l.exact, item)
	} else {
		l.folded = append(l.folded, item)
	}
}

func (l *candidates) addItem(item CompletionItem) {
	l.add(item.Text, item.Kind, func() string { return item.Signature })
}

func (l *candidates) addObject(o types.Object) {
	l.add(shown(o.Name()), kindOf(o), func() string { return describe(o) })
}

func (l *candidates) addPackage(name, path string) {
	l.add(name, "module", func() string { return describePackage(name, path) })
}

func (l *candidates) keywords(words ...string) {
	for _, w := range words {
		l.add(w, "keyword", func() string { return "" })
	}
}
