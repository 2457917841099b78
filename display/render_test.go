package display_test

import (
	"encoding/json"
	"errors"
	"image"
	"image/color"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/gopy-kernel/gopy-kernel/display"
)

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

func text(t *testing.T, v any) string {
	t.Helper()
	return sendable(t, display.Render(v)).Data["text/plain"].(string)
}

// sendable checks what holds for every bundle.
func sendable(t *testing.T, b display.Bundle) display.Bundle {
	t.Helper()
	require.IsType(t, "", b.Data["text/plain"])
	require.NotNil(t, b.Metadata)
	_, err := json.Marshal(b)
	require.NoError(t, err)
	return b
}

type allMethods struct{}

func (allMethods) HTML() string       { return "<i>h</i>" }
func (allMethods) Markdown() string   { return "*m*" }
func (allMethods) SVG() string        { return "<svg/>" }
func (allMethods) Latex() string      { return "$l$" }
func (allMethods) JavaScript() string { return "1" }
func (allMethods) PNG() []byte        { return []byte("p") }
func (allMethods) JPEG() []byte       { return []byte("j") }
func (allMethods) PDF() []byte        { return []byte("d") }
func (allMethods) JSON() any          { return []int{1} }
func (allMethods) String() string     { return "all" }

func TestRenderAsksEveryMethod(t *testing.T) {
	b := sendable(t, display.Render(allMethods{}))
	assert.Equal(t, map[string]any{
		"text/html": "<i>h</i>", "text/markdown": "*m*", "image/svg+xml": "<svg/>", "text/latex": "$l$",
		"application/javascript": "1", "image/png": []byte("p"), "image/jpeg": []byte("j"),
		"application/pdf": []byte("d"), "application/json": json.RawMessage("[1]"), "text/plain": "all",
	}, b.Data)
}

type mapJSON struct{ X int }

func (m mapJSON) JSON() map[string]any { return map[string]any{"x": m.X} }

type badJSON struct{ X int }

func (badJSON) JSON() any { return math.NaN() }

func TestRenderJSONMethods(t *testing.T) {
	assert.JSONEq(t, `{"x":1}`, string(display.Render(mapJSON{1}).Data["application/json"].(json.RawMessage)))

	b := sendable(t, display.Render(badJSON{1}))
	assert.NotContains(t, b.Data, "application/json")
	assert.Contains(t, b.Data["text/plain"], "left out: json: unsupported value: NaN")
}

type own struct{ b display.Bundle }

func (o own) MIMEBundle() display.Bundle { return o.b }
func (own) HTML() string                 { return "not asked" }
func (own) String() string               { return "own text" }

func TestRenderTakesABundle(t *testing.T) {
	data := map[string]any{"text/html": "<b/>", "x/json": map[string]int{"a": 1}, "x/bad": make(chan int)}
	b := sendable(t, display.Render(own{display.Bundle{Data: data, Metadata: map[string]any{"k": 1, "bad": math.NaN()}}}))
	assert.Equal(t, "<b/>", b.Data["text/html"])
	assert.JSONEq(t, `{"a":1}`, string(b.Data["x/json"].(json.RawMessage)))
	assert.Equal(t, "own text\n(x/bad left out: json: unsupported type: chan int)", b.Data["text/plain"])
	assert.Equal(t, []string{"k"}, sortedKeys(b.Metadata))
	assert.Len(t, data, 3, "the maps of the value must stay as they were")
}

func TestRenderOfAnEmptyBundleAsksOn(t *testing.T) {
	assert.Equal(t, "not asked", display.Render(own{}).Data["text/html"])
}

type thrower struct{ Word string }

func (thrower) MIMEBundle() display.Bundle { panic("no bundle") }
func (thrower) HTML() string               { panic(errors.New("no html")) }
func (thrower) String() string             { panic(badError{}) }

type badError struct{}

func (badError) Error() string { panic("not even an error") }

func TestRenderSurvivesPanics(t *testing.T) {
	b := sendable(t, display.Render(thrower{"w"}))
	assert.Equal(t, []string{"text/plain"}, sortedKeys(b.Data))
	got := b.Data["text/plain"].(string)
	assert.Contains(t, got, `display_test.thrower{Word: "w"}`)
	assert.Contains(t, got, "(MIMEBundle method panicked: no bundle)")
	assert.Contains(t, got, "(HTML method panicked: no html)")
	assert.Contains(t, got, "(String method panicked: ")
}

func TestRenderSkipsMethodsOfNilPointers(t *testing.T) {
	assert.Equal(t, "(*display_test.thrower)(nil)", text(t, (*thrower)(nil)))
}

type hostileImage struct{ image.Image }

func (hostileImage) Bounds() image.Rectangle { return image.Rect(0, 0, 4, 4) }
func (hostileImage) ColorModel() color.Model { return color.RGBAModel }
func (hostileImage) At(int, int) color.Color { panic("no pixel") }

func TestRenderImages(t *testing.T) {
	gray16 := image.NewGray16(image.Rect(0, 0, 3, 2))
	tests := []struct {
		name          string
		img           image.Image
		width, height int
		text          string
	}{
		{"plain", image.NewRGBA(image.Rect(0, 0, 4, 3)), 4, 3, "image.RGBA 4×3"},
		{"16 bit", gray16, 3, 2, "image.Gray16 3×2"},
		{"sub-image", gray16.SubImage(image.Rect(1, 1, 3, 2)), 2, 1, "image.Gray16 2×1"},
		{"paletted", image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black}), 2, 2, "image.Paletted 2×2"},
		{"large", image.NewGray(image.Rect(0, 0, 3000, 1500)), 1500, 750, "image.Gray 3000×1500, shown at 1/2 of its size"},
		{"one line", image.NewGray(image.Rect(0, 0, 5<<20, 1)), 5 << 19, 1, "image.Gray 5242880×1, shown at 1/2 of its size"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := sendable(t, display.Render(tt.img))
			assert.Equal(t, tt.text, b.Data["text/plain"])
			assert.Equal(t, map[string]any{"width": tt.width, "height": tt.height}, b.Metadata["image/png"])
			shown := decode(t, b)
			assert.Equal(t, image.Pt(tt.width, tt.height), shown.Bounds().Size())
		})
	}
}

func decode(t *testing.T, b display.Bundle) image.Image {
	t.Helper()
	img, format, err := image.Decode(strings.NewReader(string(b.Data["image/png"].([]byte))))
	require.NoError(t, err)
	require.Equal(t, "png", format)
	return img
}

func TestRenderKeepsColours(t *testing.T) {
	img := image.NewNRGBA(image.Rect(10, 10, 12, 11))
	img.Set(10, 10, color.NRGBA{200, 100, 50, 128})
	shown := decode(t, display.Render(img))
	assert.Equal(t, color.NRGBA{200, 100, 50, 128}, color.NRGBAModel.Convert(shown.At(0, 0)))
}

func TestRenderBoundsAnEndlessImage(t *testing.T) {
	b := sendable(t, display.Render(image.NewUniform(color.NRGBA{255, 0, 0, 255})))
	shown := decode(t, b)
	size := shown.Bounds().Size()
	assert.LessOrEqual(t, size.X*size.Y, 4<<20)
	assert.Equal(t, color.NRGBA{255, 0, 0, 255}, color.NRGBAModel.Convert(shown.At(5, 5)))
}

func TestRenderOddImages(t *testing.T) {
	assert.Contains(t, text(t, hostileImage{}), "(image.Image method panicked: no pixel)")
	assert.Contains(t, text(t, image.NewPaletted(image.Rect(0, 0, 2, 2), nil)), "image.Paletted")
	assert.Contains(t, text(t, &image.RGBA{Rect: image.Rect(0, 0, 100, 100)}), "panicked")
}

func TestRenderAll(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 1, 1))
	tests := []struct {
		name   string
		values []any
		text   any
		types  []string
	}{
		{"nothing", nil, nil, nil},
		{"nil error only", []any{nil}, nil, nil},
		{"value and nil error", []any{7, nil}, "7", []string{"text/plain"}},
		{"value and error", []any{0, errors.New("bad")}, "0\nbad", []string{"text/plain"}},
		{"nil in front stays", []any{nil, 1}, "nil\n1", []string{"text/plain"}},
		{"image alone", []any{img, nil}, "image.Gray 1×1", []string{"image/png", "text/plain"}},
		{"image and name", []any{img, "png", nil}, "image.Gray 1×1\npng", []string{"text/html", "text/plain"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := display.RenderAll(tt.values)
			assert.Equal(t, tt.text, b.Data["text/plain"])
			assert.Equal(t, tt.types, sortedKeys(b.Data))
			assert.NotNil(t, b.Data)
			assert.NotNil(t, b.Metadata)
		})
	}
}

func TestRenderAllStacksHTML(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 1, 1))
	page := display.RenderAll([]any{"a < b", img, []person{{"Ann", 1, 2}}, display.SVG("<svg/>")}).Data["text/html"].(string)
	assert.Contains(t, page, "<pre>a &lt; b</pre>")
	assert.Contains(t, page, `<img src="data:image/png;base64,iVBOR`)
	assert.Contains(t, page, ">Ann</td>")
	assert.Contains(t, page, "<div><svg/></div>")
}
