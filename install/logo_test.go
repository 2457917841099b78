package install

import (
	"bytes"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "draw the logos anew")

// The logo, in a square of 64: the prompt of a cell, with a snake for a cursor. The SVG file and both PNG files are made from these numbers, so that they are one picture.
const (
	side   = 64.0
	inset  = 2.0
	corner = 14.0
	stroke = 3.4 // half the width of a line
)

var (
	top    = color.RGBA{0x12, 0xB3, 0xD6, 0xFF}
	bottom = color.RGBA{0x0A, 0x5C, 0x86, 0xFF}
	white  = color.RGBA{0xFF, 0xFF, 0xFF, 0xFF}
	yellow = color.RGBA{0xFF, 0xD4, 0x3B, 0xFF}

	prompt = []point{{13.5, 19}, {26, 31.5}, {13.5, 44}}
	// Two cubic curves: start, control points, middle, control points, end.
	snake = []point{{32.5, 44}, {35, 37}, {39.5, 37}, {42.25, 42}, {45, 47}, {49.5, 47}, {52, 40}}
)

type point struct{ x, y float64 }

func (p point) to(q point, t float64) point { return point{p.x + (q.x-p.x)*t, p.y + (q.y-p.y)*t} }

// TestLogos compares the files with what is drawn here, pixel by pixel: the bytes depend on the
// version of Go. `go test -run TestLogos -update` writes the files.
func TestLogos(t *testing.T) {
	for _, size := range []int{32, 64} {
		name := fmt.Sprintf("logo-%dx%[1]d.png", size)
		drawn := draw(size)
		if *update {
			var b bytes.Buffer
			require.NoError(t, png.Encode(&b, drawn))
			require.NoError(t, os.WriteFile(name, b.Bytes(), 0o644))
		}
		text, err := logos.ReadFile(name)
		if *update {
			text, err = os.ReadFile(name)
		}
		require.NoError(t, err)
		kept, err := png.Decode(bytes.NewReader(text))
		require.NoError(t, err)
		require.Equal(t, drawn.Bounds(), kept.Bounds())
		assert.Equal(t, drawn.Pix, kept.(*image.NRGBA).Pix, "%s is not what is drawn: run with -update", name)
	}
	if *update {
		require.NoError(t, os.WriteFile("logo-svg.svg", []byte(vector()), 0o644))
	}
	text, err := os.ReadFile("logo-svg.svg")
	require.NoError(t, err)
	assert.Equal(t, vector(), string(text))
}

func vector() string {
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %[1]g %[1]g" width="%[1]g" height="%[1]g" role="img" aria-label="Go with Python">
  <linearGradient id="ground" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="%[2]s"/><stop offset="1" stop-color="%[3]s"/></linearGradient>
  <rect x="%[4]g" y="%[4]g" width="%[5]g" height="%[5]g" rx="%[6]g" fill="url(#ground)"/>
  <g fill="none" stroke-width="%[7]g" stroke-linecap="round" stroke-linejoin="round">
    <path stroke="%[8]s" d="M%[9]s"/>
    <path stroke="%[10]s" d="M%[11]s"/>
  </g>
</svg>
`, side, hex(top), hex(bottom), inset, side-2*inset, corner, 2*stroke, hex(white), path(prompt, "L"), hex(yellow), path(snake, "C"))
}

func path(points []point, command string) string {
	var words []string
	for _, p := range points {
		words = append(words, fmt.Sprintf("%g %g", p.x, p.y))
	}
	return words[0] + command + strings.Join(words[1:], " ")
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// draw makes each pixel from its distance to the shapes.
func draw(size int) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	scale := side / float64(size)
	lines := [][]point{prompt, flatten(snake)}
	for y := range size {
		for x := range size {
			p := point{(float64(x) + 0.5) * scale, (float64(y) + 0.5) * scale}
			c := mix(top, bottom, (p.y-inset)/(side-2*inset))
			for i, ink := range []color.RGBA{white, yellow} {
				c = mix(c, ink, cover((distance(p, lines[i])-stroke)/scale))
			}
			img.SetNRGBA(x, y, color.NRGBA{c.R, c.G, c.B, uint8(math.Round(255 * cover(ground(p)/scale)))})
		}
	}
	return img
}

// cover says how much of a pixel lies inside an edge that is so many pixels away.
func cover(distance float64) float64 { return min(max(0.5-distance, 0), 1) }

func mix(a, b color.RGBA, t float64) color.RGBA {
	t = min(max(t, 0), 1)
	blend := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + (float64(y)-float64(x))*t)) }
	return color.RGBA{blend(a.R, b.R), blend(a.G, b.G), blend(a.B, b.B), 0xFF}
}

// ground is the distance to the square with round corners, negative inside.
func ground(p point) float64 {
	half := side/2 - inset - corner
	dx, dy := math.Abs(p.x-side/2)-half, math.Abs(p.y-side/2)-half
	return math.Hypot(max(dx, 0), max(dy, 0)) + min(max(dx, dy), 0) - corner
}

func distance(p point, line []point) float64 {
	nearest := math.Inf(1)
	for i := range len(line) - 1 {
		a, b := line[i], line[i+1]
		dx, dy := b.x-a.x, b.y-a.y
		q := a.to(b, min(max(((p.x-a.x)*dx+(p.y-a.y)*dy)/(dx*dx+dy*dy), 0), 1))
		nearest = min(nearest, math.Hypot(p.x-q.x, p.y-q.y))
	}
	return nearest
}

// flatten makes a line of cubic curves.
func flatten(curve []point) []point {
	const steps = 32
	line := []point{curve[0]}
	for i := 0; i+3 < len(curve); i += 3 {
		a, b, c, d := curve[i], curve[i+1], curve[i+2], curve[i+3]
		for n := 1; n <= steps; n++ {
			t := float64(n) / steps
			ab, bc, cd := a.to(b, t), b.to(c, t), c.to(d, t)
			line = append(line, ab.to(bc, t).to(bc.to(cd, t), t))
		}
	}
	return line
}
