package display

import (
	"bytes"
	"fmt"
	"io"
	"reflect"
)

// A drawing is a value that writes itself in the size and the format that it is told, as plots of
// gonum.org/v1/plot do: WriterTo(w, h vg.Length, format string) (io.WriterTo, error). An interface cannot
// say that without vg, so the method's shape is looked at.
type drawing struct{ method reflect.Value }

// The size of a drawing is that of matplotlib's figures: in points, of which an inch has 72.
const (
	drawingWidth  = 460.8
	drawingHeight = 345.6
)

var writerToType = reflect.TypeFor[io.WriterTo]()

func drawingOf(v any) (drawing, bool) {
	rv := reflect.ValueOf(v)
	if !rv.IsValid() {
		return drawing{}, false
	}
	m := rv.MethodByName("WriterTo")
	if !m.IsValid() {
		return drawing{}, false
	}
	t := m.Type()
	ok := t.NumIn() == 3 && !t.IsVariadic() && t.In(0).Kind() == reflect.Float64 && t.In(1) == t.In(0) && t.In(2).Kind() == reflect.String &&
		t.NumOut() == 2 && t.Out(0).Implements(writerToType) && t.Out(1) == errorType
	return drawing{m}, ok
}

// write draws in a format, "svg" or "png".
func (d drawing) write(format string) ([]byte, error) {
	t := d.method.Type()
	results := d.method.Call([]reflect.Value{
		reflect.ValueOf(drawingWidth).Convert(t.In(0)),
		reflect.ValueOf(drawingHeight).Convert(t.In(1)),
		reflect.ValueOf(format).Convert(t.In(2)),
	})
	if err, _ := results[1].Interface().(error); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	_, err := results[0].Interface().(io.WriterTo).WriteTo(&b)
	return b.Bytes(), err
}

// addDrawing shows SVG, which is sharp on every screen, or PNG where that would be too large: a drawing may
// have a million points.
func (r *rendering) addDrawing(v any) {
	d, ok := drawingOf(v)
	if !ok {
		return
	}
	r.guard("WriterTo", func() {
		mime := mimeSVG
		data, err := d.write("svg")
		if err == nil && len(data) > maxDrawing {
			mime = mimePNG
			data, err = d.write("png")
		}
		switch {
		case err != nil:
			r.notes = append(r.notes, fmt.Sprintf("(not drawn: %v)", err))
			return
		case len(data) == 0:
			return
		case mime == mimeSVG:
			r.bundle.Data[mime] = string(data)
		default:
			r.bundle.Data[mime] = data
		}
		r.bundle.Data[mimeText] = typeName(reflect.Indirect(reflect.ValueOf(v)).Type())
	})
}
