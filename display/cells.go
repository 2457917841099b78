package display

import (
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A cell is one place of a table.
type cell struct {
	text   string
	number bool
	isNil  bool
	value  float64
	float  bool // text is made from value, alike for the whole column
}

func cellOf(v reflect.Value) cell {
	v = throughInterfaces(v)
	if !v.IsValid() || isNil(v) {
		return cell{text: "nil", isNil: true}
	}
	bare := formOf(v.Type()) == noForm
	c := cell{number: bare && isNumber(v.Kind())}
	if c.number && v.CanFloat() {
		c.value, c.float = v.Float(), true
		c.text = scalarText(v)
		return c
	}
	c.text = newPrinter(cellParts, cellDepth).unquoted(v)
	return c
}

// formatFloats gives all floats of a column the same number of decimals, so that their points
// stand below each other. text/plain keeps every digit.
func (t *table) formatFloats() {
	if len(t.rows) == 0 {
		return
	}
	for column := range t.rows[0] {
		var values []float64
		for _, row := range t.rows {
			if row[column].float {
				values = append(values, row[column].value)
			}
		}
		format := floatFormat(values)
		for _, row := range t.rows {
			if row[column].float {
				row[column].text = format(row[column].value)
			}
		}
	}
}

// floatFormat chooses the decimals that the values need, maxDecimals at most; very large and very
// small ones are left in the short form.
func floatFormat(values []float64) func(float64) string {
	decimals := 0
	for _, x := range values {
		size := math.Abs(x)
		switch {
		case math.IsInf(x, 0) || math.IsNaN(x):
			continue
		case size >= 1e15 || size > 0 && size < 1e-4:
			return func(x float64) string { return fmt.Sprintf("%.6g", x) }
		}
		_, fraction, _ := strings.Cut(strconv.FormatFloat(x, 'f', -1, 64), ".")
		decimals = max(decimals, min(len(fraction), maxDecimals))
	}
	return func(x float64) string { return strconv.FormatFloat(x, 'f', decimals, 64) }
}

// unquoted is the text of a value in a table cell: strings stand without quotes.
func (p *printer) unquoted(v reflect.Value) string {
	v = throughInterfaces(v)
	if v.IsValid() && v.Kind() == reflect.String && formOf(v.Type()) == noForm {
		return cellString(v.String())
	}
	return cellString(p.value(v, 0, element).flat())
}

func throughInterfaces(v reflect.Value) reflect.Value {
	for v.Kind() == reflect.Interface && !v.IsNil() {
		v = v.Elem()
	}
	return v
}

// cellString is s on what fits into a table cell, quoted if it holds what a page cannot show.
func cellString(s string) string {
	cut, rest := clip(s, 4*maxCell)
	if !utf8.ValidString(cut) || strings.ContainsFunc(cut, unseen) {
		cut = strconv.Quote(cut)
	}
	runes := []rune(cut)
	if len(runes) > maxCell {
		return string(runes[:maxCell]) + "…"
	}
	if rest > 0 {
		return cut + "…"
	}
	return cut
}
