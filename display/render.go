package display

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"maps"
	"reflect"
	"runtime/debug"
	"slices"
	"strings"
)

// Render gives the bundle that shows v; see the package documentation for the rules. The bundle
// always has text/plain, its maps are not nil, it belongs to the caller, and everything in it can
// be encoded as JSON.
//
// Methods of v are called on the calling goroutine, so that a Python object is asked on the thread
// that asked for it. A method that panics is passed over, and text/plain says so. A method that
// never returns keeps Render from returning: it is the interrupt of the cell that ends it.
func Render(v any) Bundle {
	// A value may lie in memory that is no longer there: a view of an array that Python freed, or
	// a slice caught while another goroutine writes it. That fault must not end the process.
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))

	r := rendering{bundle: Bundle{Data: map[string]any{}, Metadata: map[string]any{}}}
	if rv := reflect.ValueOf(v); rv.Kind() != reflect.Pointer || !rv.IsNil() {
		r.askMethods(v)
	}
	if _, empty := v.(Bundle); !empty && len(r.bundle.Data) == 0 && len(r.notes) == 0 {
		r.addHTML(v)
	}
	r.addText(v)
	return r.bundle
}

// A rendering is one bundle being made.
type rendering struct {
	bundle Bundle
	notes  []string // what the reader should know about methods that failed
}

func (r *rendering) guard(method string, call func()) {
	if note := guard(method, call); note != "" {
		r.notes = append(r.notes, note)
	}
}

// askMethods lets v say how it is shown: all of it, or type by type, or as an image.
func (r *rendering) askMethods(v any) {
	if m, ok := v.(Renderer); ok {
		r.guard("MIMEBundle", func() { r.addBundle(m.MIMEBundle()) })
		if len(r.bundle.Data) > 0 {
			return
		}
	}
	r.askTextMethods(v)
	r.askBinaryMethods(v)
	r.askJSON(v)
	if img, ok := v.(image.Image); ok && len(r.bundle.Data) == 0 {
		r.addImage(img)
	}
	if len(r.bundle.Data) == 0 {
		r.addDrawing(v)
	}
}

func (r *rendering) askTextMethods(v any) {
	ask := func(method, mime string, call func() string) {
		r.guard(method, func() {
			if text := call(); text != "" {
				r.bundle.Data[mime] = text
			}
		})
	}
	if m, ok := v.(interface{ HTML() string }); ok {
		ask("HTML", mimeHTML, m.HTML)
	}
	if m, ok := v.(interface{ Markdown() string }); ok {
		ask("Markdown", mimeMarkdown, m.Markdown)
	}
	if m, ok := v.(interface{ SVG() string }); ok {
		ask("SVG", mimeSVG, m.SVG)
	}
	if m, ok := v.(interface{ Latex() string }); ok {
		ask("Latex", mimeLatex, m.Latex)
	}
	if m, ok := v.(interface{ JavaScript() string }); ok {
		ask("JavaScript", mimeJavaScript, m.JavaScript)
	}
}

func (r *rendering) askBinaryMethods(v any) {
	ask := func(method, mime string, call func() []byte) {
		r.guard(method, func() {
			if data := call(); len(data) > 0 {
				r.bundle.Data[mime] = data
			}
		})
	}
	if m, ok := v.(interface{ PNG() []byte }); ok {
		ask("PNG", mimePNG, m.PNG)
	}
	if m, ok := v.(interface{ JPEG() []byte }); ok {
		ask("JPEG", mimeJPEG, m.JPEG)
	}
	if m, ok := v.(interface{ PDF() []byte }); ok {
		ask("PDF", mimePDF, m.PDF)
	}
}

// askJSON takes the method in two shapes: the second is what gophernotes asks for.
func (r *rendering) askJSON(v any) {
	switch m := v.(type) {
	case interface{ JSON() any }:
		r.guard("JSON", func() { r.addJSON(mimeJSON, m.JSON()) })
	case interface{ JSON() map[string]any }:
		r.guard("JSON", func() { r.addJSON(mimeJSON, m.JSON()) })
	}
}

// addBundle takes over what a value made itself, without keeping its maps.
func (r *rendering) addBundle(b Bundle) {
	for _, mime := range slices.Sorted(maps.Keys(b.Data)) {
		switch data := b.Data[mime].(type) {
		case string, []byte:
			r.bundle.Data[mime] = data
		default:
			r.addJSON(mime, data)
		}
	}
	for key, hint := range b.Metadata {
		if encoded, err := encodeJSON(hint); err == nil {
			r.bundle.Metadata[key] = encoded
		}
	}
}

// addJSON encodes at once: later it would fail where nobody can tell the user why.
func (r *rendering) addJSON(mime string, data any) {
	encoded, err := encodeJSON(data)
	if err != nil {
		r.notes = append(r.notes, fmt.Sprintf("(%s left out: %v)", mime, err))
		return
	}
	r.bundle.Data[mime] = encoded
}

// encodeJSON leaves < and > as they are, for people read it too.
func encodeJSON(v any) (json.RawMessage, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(buf.Bytes()), nil
}

func (r *rendering) addImage(img image.Image) {
	r.guard("image.Image", func() {
		p, err := encodePNG(img)
		if err != nil {
			r.notes = append(r.notes, "("+err.Error()+")")
			return
		}
		r.bundle.Data[mimeText] = p.text
		if p.data != nil {
			r.bundle.Data[mimePNG] = p.data
			r.bundle.Metadata[mimePNG] = map[string]any{"width": p.width, "height": p.height}
		}
	})
}

// addHTML adds the table for values that have the shape of one.
func (r *rendering) addHTML(v any) {
	r.guard("text/html: a", func() {
		if t, ok := tableOf(reflect.ValueOf(v)); ok {
			r.bundle.Data[mimeHTML] = t.html()
		}
	})
}

// addText makes sure of text/plain, and puts the notes where they are seen.
func (r *rendering) addText(v any) {
	text, ok := r.bundle.Data[mimeText].(string)
	if own, is := v.(Bundle); !ok && is {
		text, ok = describe(own), true
	}
	if !ok {
		var notes []string
		text, notes = plainText(v)
		r.notes = append(r.notes, notes...)
	}
	for _, note := range slices.Compact(r.notes) {
		text += "\n" + note
	}
	r.bundle.Data[mimeText] = text
}

// RenderAll gives one bundle for the results of a call: all of them, one below the other, but
// a nil at the end, which is an error that did not happen. If nothing is left, as for os.Chdir,
// the bundle has no data and nothing is to be shown.
func RenderAll(values []any) Bundle {
	if n := len(values); n > 0 && values[n-1] == nil {
		values = values[:n-1]
	}
	switch len(values) {
	case 0:
		return Bundle{Data: map[string]any{}, Metadata: map[string]any{}}
	case 1:
		return Render(values[0])
	}
	bundles := make([]Bundle, len(values))
	for i, v := range values {
		bundles[i] = Render(v)
	}
	return stack(bundles)
}

// stack puts bundles below each other. A page can hold HTML and images; anything else is there as
// text. Without either the result is text only.
func stack(bundles []Bundle) Bundle {
	var texts []string
	var page strings.Builder
	rich := false
	for _, b := range bundles {
		texts = append(texts, b.Data[mimeText].(string))
		block, isRich := htmlBlock(b)
		page.WriteString(block)
		rich = rich || isRich
	}
	all := Bundle{Data: map[string]any{mimeText: strings.Join(texts, "\n")}, Metadata: map[string]any{}}
	if rich {
		all.Data[mimeHTML] = page.String()
	}
	return all
}
