package display

import (
	"encoding/base64"
	"html"
	"strings"
)

// The look of tables. Colours and backgrounds are left to the front end, so that light and dark
// themes both work; lines are of a grey that shows on either. It is inline, since GitHub and
// untrusted notebooks drop style elements. Alignment stands on every cell, because JupyterLab and
// nbconvert align all cells of a table to the right; padding too, because VS Code gives none.
const (
	tableStyle = "border-collapse:collapse;border:none;margin:0"
	headStyle  = "border-bottom:1px solid rgba(128,128,128,.5)"
	leftStyle  = "text-align:left;padding:.3em .6em"
	rightStyle = "text-align:right;padding:.3em .6em"
	dimStyle   = "opacity:.6"
	noteStyle  = "margin:.3em 0 0;font-size:90%;opacity:.7"
)

// A page is the HTML being written.
type page struct{ strings.Builder }

func (p *page) text(s string) { p.WriteString(html.EscapeString(s)) }

// cell writes one th or td.
func (p *page) cell(tag, style, content string) {
	p.WriteString("<" + tag + ` style="` + style + `">`)
	p.text(content)
	p.WriteString("</" + tag + ">")
}

// html writes the table.
func (t table) html() string {
	var p page
	p.WriteString(`<table style="` + tableStyle + `">` + "\n")
	aligned := t.alignments()
	t.writeHead(&p, aligned)
	p.WriteString("<tbody>\n")
	for i, row := range t.rows {
		if i == t.rowGap {
			t.writeGap(&p, aligned)
		}
		t.writeRow(&p, t.labels[i], row, aligned)
	}
	if t.rowGap == len(t.rows) {
		t.writeGap(&p, aligned)
	}
	p.WriteString("</tbody>\n</table>\n")
	t.writeNote(&p)
	return p.String()
}

// alignments gives the style of each column: numbers stand on the right, if all of them are.
func (t table) alignments() []string {
	if len(t.rows) == 0 {
		return nil
	}
	styles := make([]string, len(t.rows[0]))
	for column := range styles {
		numbers, others := 0, 0
		for _, row := range t.rows {
			switch c := row[column]; {
			case c.number:
				numbers++
			case c.text != "" && !c.isNil:
				others++
			}
		}
		styles[column] = leftStyle
		if numbers > 0 && others == 0 {
			styles[column] = rightStyle
		}
	}
	return styles
}

func (t table) writeHead(p *page, aligned []string) {
	if len(t.head) == 0 {
		return
	}
	p.WriteString(`<thead><tr style="` + headStyle + `">`)
	p.cell("th", leftStyle, "")
	for i, name := range t.head {
		if i == t.colGap {
			p.cell("th", leftStyle+";"+dimStyle, "…")
		}
		p.cell("th", aligned[i], name)
	}
	p.WriteString("</tr></thead>\n")
}

func (t table) writeRow(p *page, label string, row []cell, aligned []string) {
	p.WriteString("<tr>")
	p.cell("th", leftStyle, label)
	for i, c := range row {
		if i == t.colGap {
			p.cell("td", leftStyle+";"+dimStyle, "…")
		}
		style := aligned[i]
		switch {
		case c.isNil:
			style += ";" + dimStyle
		case strings.ContainsAny(c.text, "\n\t") || strings.Contains(c.text, "  "):
			style += ";white-space:pre-wrap"
		}
		p.cell("td", style, c.text)
	}
	p.WriteString("</tr>\n")
}

// writeGap is the row that stands for those left out.
func (t table) writeGap(p *page, aligned []string) {
	p.WriteString("<tr>")
	p.cell("th", leftStyle+";"+dimStyle, "…")
	for i, style := range aligned {
		if i == t.colGap {
			p.cell("td", leftStyle+";"+dimStyle, "")
		}
		p.cell("td", style+";"+dimStyle, "…")
	}
	p.WriteString("</tr>\n")
}

// writeNote names the type below the table, and the size where the table does not show it.
func (t table) writeNote(p *page) {
	note := t.caption
	if t.size != "" {
		note += ", " + t.size
	}
	p.WriteString(`<p style="` + noteStyle + `">`)
	p.text(note)
	p.WriteString("</p>\n")
}

// htmlBlock is a bundle as a part of a page, and whether it is more than its text.
func htmlBlock(b Bundle) (block string, rich bool) {
	if own, ok := b.Data[mimeHTML].(string); ok {
		return "<div>" + own + "</div>\n", true
	}
	if own, ok := b.Data[mimeSVG].(string); ok {
		return "<div>" + own + "</div>\n", true
	}
	for _, mime := range []string{mimePNG, mimeJPEG} {
		if data, ok := b.Data[mime].([]byte); ok {
			encoded := base64.StdEncoding.EncodeToString(data)
			return `<div><img src="data:` + mime + ";base64," + encoded + `"></div>` + "\n", true
		}
	}
	text, _ := b.Data[mimeText].(string)
	return "<pre>" + html.EscapeString(text) + "</pre>\n", false
}
