package display

import (
	"encoding/hex"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plainText is v as text/plain, and notes on methods of v that panicked.
func plainText(v any) (text string, notes []string) {
	rv := reflect.ValueOf(v)
	if held, ok := v.(reflect.Value); ok {
		rv = held
	}
	p := newPrinter(maxParts, maxDepth)
	note := guard("text/plain: a", func() { text = p.whole(rv) })
	if note != "" {
		// Only a fault while reading gets here: memory that another goroutine, or C, took away.
		text = shortTypeName(fmt.Sprintf("%T", v)) + " " + note
	}
	return text, p.notes
}

// whole is the text of a value that stands alone. What is one word or one text is shown as
// fmt.Println shows it; the rest is Go syntax with its type.
func (p *printer) whole(v reflect.Value) string {
	if !v.IsValid() {
		return "nil"
	}
	if !v.CanInterface() {
		return "unexported " + typeName(v.Type())
	}
	if text, f, note := ownText(v); f != noForm {
		return readable(text)
	} else if note != "" {
		p.note(note)
		return p.structure(v, 0, dynamic).layout()
	}
	switch {
	case v.Kind() == reflect.String:
		return readable(v.String())
	case isScalar(v.Kind()):
		return scalarText(v)
	case isBytes(v) && v.Len() > 0 && !printable(v.Bytes()):
		return hexDump(v)
	}
	return p.value(v, 0, dynamic).layout()
}

// readable shows a text as it is. Quotes are put only where the bare text would hide something:
// when nothing could be seen, or when a terminal would act on it. Escape sequences stay: text with
// colours is wanted.
func readable(s string) string {
	cut, rest := clip(s, maxText)
	blank := strings.TrimSpace(s) == ""
	if blank || !utf8.ValidString(cut) || strings.ContainsFunc(cut, unseen) {
		return quoted(s, maxText)
	}
	if rest > 0 {
		return cut + fmt.Sprintf("\n… %d more bytes", rest)
	}
	return cut
}

func unseen(r rune) bool {
	return unicode.IsControl(r) && !strings.ContainsRune("\n\t\x1b", r)
}

// quoted is s in Go syntax, cut at limit bytes.
func quoted[S string | []byte](s S, limit int) string {
	cut, rest := clip(s, limit)
	if rest > 0 {
		return strconv.Quote(cut) + fmt.Sprintf("… %d more bytes", rest)
	}
	return strconv.Quote(cut)
}

// clip cuts s to at most limit bytes, not inside a character, and counts the bytes cut off.
func clip[S string | []byte](s S, limit int) (string, int) {
	if len(s) <= limit {
		return string(s), 0
	}
	end := limit
	for end > limit-utf8.UTFMax && !utf8.RuneStart(s[end]) {
		end--
	}
	return string(s[:end]), len(s) - end
}

// scalarText writes a number or a bool as fmt.Println does.
func scalarText(v reflect.Value) string {
	switch {
	case v.Kind() == reflect.Bool:
		return strconv.FormatBool(v.Bool())
	case v.CanInt():
		return strconv.FormatInt(v.Int(), 10)
	case v.CanUint():
		return strconv.FormatUint(v.Uint(), 10)
	case v.CanFloat():
		return strconv.FormatFloat(v.Float(), 'g', -1, v.Type().Bits())
	}
	return strconv.FormatComplex(v.Complex(), 'g', -1, v.Type().Bits())
}

// isBytes reports whether v is a slice of bytes.
func isBytes(v reflect.Value) bool {
	return v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8
}

// printable reports whether bytes are text that reads well in quotes. The beginning decides: data
// may be long.
func printable(b []byte) bool {
	text, _ := clip(b, maxBytes)
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool {
		return !unicode.IsPrint(r) && !unicode.IsSpace(r)
	})
}

// hexDump shows binary data as hexdump -C does.
func hexDump(v reflect.Value) string {
	b := v.Bytes()
	head := typeName(v.Type()) + ", " + count(len(b), "byte") + "\n"
	text := head + strings.TrimSuffix(hex.Dump(b[:min(len(b), maxBytes)]), "\n")
	if len(b) > maxBytes {
		text += fmt.Sprintf("\n… %d more bytes", len(b)-maxBytes)
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
