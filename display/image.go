package display

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"reflect"
)

// A picture is an image as a front end takes it.
type picture struct {
	data          []byte // PNG; nil for an image without pixels
	width, height int    // as shown
	text          string
}

// encodePNG makes img a PNG. An image of more than maxPixels is shown smaller, by a whole factor:
// a notebook file keeps every output, and no page is that wide. The same bound makes image.Uniform
// safe, which says that it is two thousand million pixels wide.
func encodePNG(img image.Image) (picture, error) {
	b := img.Bounds()
	width, height := b.Dx(), b.Dy()
	p := picture{text: fmt.Sprintf("%s %d×%d", imageTypeName(img), width, height)}
	if width <= 0 || height <= 0 {
		return p, nil
	}
	if by := shrinkFactor(width, height); by > 1 {
		img = sampled{img, by}
		p.text += fmt.Sprintf(", shown at 1/%d of its size", by)
	}
	p.width, p.height = img.Bounds().Dx(), img.Bounds().Dy()
	data, err := pngBytes(img)
	if err != nil {
		return picture{}, fmt.Errorf("encode the image as PNG: %w", err)
	}
	p.data = data
	return p, nil
}

// shrinkFactor is a factor that brings an image under maxPixels.
func shrinkFactor(width, height int) int {
	by := 1
	for ceilDiv(width, by) > maxPixels/ceilDiv(height, by) {
		by += max(1, by/16) // steps grow with the factor: it may have to be a million
	}
	return by
}

func ceilDiv(a, b int) int { return (a-1)/b + 1 }

// pngBytes encodes img. What the encoder refuses, such as an empty palette, is drawn on a plain
// canvas first.
func pngBytes(img image.Image) ([]byte, error) {
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err == nil {
		return buf.Bytes(), nil
	}
	canvas := image.NewNRGBA(image.Rect(0, 0, img.Bounds().Dx(), img.Bounds().Dy()))
	draw.Draw(canvas, canvas.Bounds(), img, img.Bounds().Min, draw.Src)
	buf.Reset()
	err := png.Encode(&buf, canvas)
	return buf.Bytes(), err
}

func imageTypeName(img image.Image) string {
	t := reflect.TypeOf(img)
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	return typeName(t)
}

// sampled shows an image at 1/by of its size. A pixel is the mean of four that lie apart in its
// square, which is enough against the worst of the jags and costs the same for any factor.
type sampled struct {
	image.Image
	by int
}

func (s sampled) ColorModel() color.Model { return color.NRGBA64Model }

func (s sampled) Bounds() image.Rectangle {
	b := s.Image.Bounds()
	return image.Rect(0, 0, ceilDiv(b.Dx(), s.by), ceilDiv(b.Dy(), s.by))
}

func (s sampled) At(x, y int) color.Color {
	b := s.Image.Bounds()
	var r, g, bl, a uint32
	for _, d := range [4][2]int{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
		px := min(b.Min.X+x*s.by+d[0]*s.by/2, b.Max.X-1)
		py := min(b.Min.Y+y*s.by+d[1]*s.by/2, b.Max.Y-1)
		cr, cg, cb, ca := s.Image.At(px, py).RGBA()
		r, g, bl, a = r+cr, g+cg, bl+cb, a+ca
	}
	return color.RGBA64{R: uint16(r / 4), G: uint16(g / 4), B: uint16(bl / 4), A: uint16(a / 4)}
}
