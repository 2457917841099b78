package interpreter

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode"
)

// Complete lists the names of the session that may stand at the cursor, which is given in code
// points.
func (i *Interpreter) Complete(_ context.Context, code string, cursor int) (Completion, error) {
	text := []rune(code)
	cursor = max(0, min(cursor, len(text)))
	start := cursor
	for start > 0 && isWordRune(text[start-1]) {
		start--
	}
	prefix := string(text[start:cursor])
	found := Completion{Start: start, End: cursor}
	i.mu.Lock()
	defer i.mu.Unlock()
	for name, s := range i.names.symbols {
		if strings.HasPrefix(name, prefix) {
			found.Items = append(found.Items, CompletionItem{Text: name, Kind: s.kind.String()})
		}
	}
	slices.SortFunc(found.Items, func(a, b CompletionItem) int { return cmp.Compare(a.Text, b.Text) })
	return found, nil
}

func isWordRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// String is the kind as a completion has it.
func (k kind) String() string {
	switch k {
	case variableName:
		return "variable"
	case functionKind:
		return "function"
	case constantName:
		return "constant"
	case typeKind:
		return "type"
	}
	return ""
}
