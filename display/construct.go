package display

import (
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
)

// Text shows s as it is, without the quotes that Render puts around an empty string.
func Text(s string) Bundle { return single(mimeText, s) }

// HTML shows s as a piece of a page. The front end decides whether scripts in it run.
func HTML(s string) Bundle { return single(mimeHTML, s) }

// Markdown shows s as Markdown, in front ends with formulas between dollar signs.
func Markdown(s string) Bundle { return single(mimeMarkdown, s) }

// Latex shows s, which brings its own dollar signs or environment, as a formula.
func Latex(s string) Bundle { return single(mimeLatex, s) }

// SVG shows s, a whole svg element, as a drawing.
func SVG(s string) Bundle { return single(mimeSVG, s) }

// JavaScript runs s in the page of front ends that allow it.
func JavaScript(s string) Bundle { return single(mimeJavaScript, s) }

// PNG shows an encoded image. The bytes are not copied. An image.Image needs no call: it shows
// itself.
func PNG(data []byte) Bundle { return single(mimePNG, data) }

// JPEG shows an encoded image. The bytes are not copied.
func JPEG(data []byte) Bundle { return single(mimeJPEG, data) }

// JSON shows v, which is encoded at once, as a tree to open and close. What encoding/json cannot
// encode is shown as the text of its error.
func JSON(v any) Bundle {
	encoded, err := encodeJSON(v)
	if err != nil {
		return Text(err.Error())
	}
	return single(mimeJSON, encoded)
}

func single(mime string, data any) Bundle {
	b := Bundle{Data: map[string]any{mime: data}, Metadata: map[string]any{}}
	if mime != mimeText {
		b.Data[mimeText] = describe(b)
	}
	return b
}

// describe is text/plain for a bundle that has none, for terminals and other places that show
// nothing else: the source where people can read it, else what it is and how large.
func describe(b Bundle) string {
	for _, mime := range []string{mimeMarkdown, mimeLatex, mimeJSON} {
		switch data := b.Data[mime].(type) {
		case string:
			return readable(data)
		case json.RawMessage:
			return readable(string(data))
		}
	}
	if page, ok := b.Data[mimeHTML].(string); ok {
		if text := withoutTags(page); text != "" {
			return readable(text)
		}
	}
	var kinds []string
	for _, mime := range slices.Sorted(maps.Keys(b.Data)) {
		kinds = append(kinds, fmt.Sprintf("%s, %s", mime, count(size(b.Data[mime]), "byte")))
	}
	return strings.Join(kinds, "; ")
}

func size(data any) int {
	switch data := data.(type) {
	case string:
		return len(data)
	case []byte:
		return len(data)
	case json.RawMessage:
		return len(data)
	}
	return 0
}

// withoutTags is what a reader would see of a simple page. It is for terminals only; nothing
// relies on it to make HTML safe.
func withoutTags(page string) string {
	page, _ = clip(page, maxText)
	for _, hidden := range []string{"script", "style"} {
		page = withoutElement(page, hidden)
	}
	var text strings.Builder
	for page != "" {
		before, rest, found := strings.Cut(page, "<")
		text.WriteString(before)
		if !found {
			break
		}
		_, page, _ = strings.Cut(rest, ">")
		text.WriteByte(' ')
	}
	return strings.Join(strings.Fields(html.UnescapeString(text.String())), " ")
}

func withoutElement(page, name string) string {
	var kept strings.Builder
	for {
		before, rest, found := strings.Cut(page, "<"+name)
		kept.WriteString(before)
		if !found {
			return kept.String()
		}
		_, page, _ = strings.Cut(rest, "</"+name+">")
	}
}
