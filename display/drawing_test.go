package display_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// A length and a plot are as gonum.org/v1/plot/vg and plot have them.
type length float64

type plot struct {
	size int // of the SVG
	err  error
}

func (p *plot) WriterTo(w, h length, format string) (io.WriterTo, error) {
	if p.err != nil {
		return nil, p.err
	}
	if format == "svg" {
		return bytes.NewBufferString(fmt.Sprintf("<svg %v %v>%s</svg>", w, h, strings.Repeat("x", p.size))), nil
	}
	return bytes.NewBufferString(format), nil
}

type brokenPlot struct{}

func (brokenPlot) WriterTo(w, h length, format string) (io.WriterTo, error) { panic("no canvas") }

// Methods of that name that have another shape.
type (
	fileWriter  struct{ A int }
	wholeLength struct{ A int }
	noError     struct{ A int }
)

func (fileWriter) WriterTo(name string) (io.WriterTo, error)          { panic("called") }
func (wholeLength) WriterTo(w, h int, s string) (io.WriterTo, error)  { panic("called") }
func (noError) WriterTo(w, h float64, s string) (io.WriterTo, string) { panic("called") }

func TestRenderDrawings(t *testing.T) {
	b := sendable(t, display.Render(&plot{}))
	assert.Equal(t, map[string]any{"text/plain": "display_test.plot", "image/svg+xml": "<svg 460.8 345.6></svg>"}, b.Data)

	b = sendable(t, display.Render(&plot{size: 2 << 20}))
	assert.Equal(t, map[string]any{"text/plain": "display_test.plot", "image/png": []byte("png")}, b.Data)

	b = sendable(t, display.Render(&plot{err: errors.New("no such font")}))
	assert.NotContains(t, b.Data, "image/svg+xml")
	assert.Contains(t, b.Data["text/plain"], "(not drawn: no such font)")

	assert.Contains(t, text(t, brokenPlot{}), "(WriterTo method panicked: no canvas)")
	assert.Equal(t, "(*display_test.plot)(nil)", text(t, (*plot)(nil)))
	for _, v := range []any{fileWriter{1}, wholeLength{1}, noError{1}} {
		assert.Contains(t, display.Render(v).Data, "text/html", "it is a table as all structs are")
	}
}
