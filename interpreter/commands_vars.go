package interpreter

import (
	"context"
	"fmt"
	"html"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// A variableRow is what %vars says of a variable: its name, type, value and cell.
type variableRow [4]string

var variableHeader = variableRow{"name", "type", "value", "cell"}

// showVariables shows the session's variables as a table.
func (i *Interpreter) showVariables(ctx context.Context, out Output) error {
	values := map[string]string{}
	seen, err := i.config.Worker.Look(ctx)
	if err != nil {
		return fmt.Errorf("looking at the variables: %w", err)
	}
	for _, v := range seen {
		values[v.Key] = v.Value
	}
	rows := i.variableRows(values)
	if len(rows) == 0 {
		out.Stream("stdout", "There are no variables.\n")
		return nil
	}
	out.Display(variableTable(rows), "", false)
	return nil
}

func variableTable(rows []variableRow) display.Bundle {
	plain, page := new(strings.Builder), new(strings.Builder)
	table := tabwriter.NewWriter(plain, 0, 0, 2, ' ', 0)
	page.WriteString("<table>\n")
	for n, row := range slices.Insert(rows, 0, variableHeader) {
		tag := "td"
		if n == 0 {
			tag = "th"
		}
		page.WriteString("<tr>")
		for _, text := range row {
			fmt.Fprintf(page, `<%s style="text-align:left">%s</%[1]s>`, tag, html.EscapeString(text))
		}
		page.WriteString("</tr>\n")
		for column, text := range row {
			row[column] = narrow(text)
		}
		fmt.Fprintln(table, strings.Join(row[:], "\t"))
	}
	page.WriteString("</table>")
	table.Flush() // which a strings.Builder does not keep from succeeding
	return display.Bundle{Data: map[string]any{"text/plain": plain.String(), "text/html": page.String()}}
}

// narrow makes a text fit into a column of a table of text: one long value would make all lines as long.
func narrow(text string) string {
	const most = 60 // code points
	letters := []rune(strings.NewReplacer("\n", "↵", "\t", " ").Replace(text))
	if len(letters) > most {
		return string(letters[:most-1]) + "…"
	}
	return string(letters)
}

func (i *Interpreter) variableRows(values map[string]string) (rows []variableRow) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(i.names.symbols)) {
		v := i.names.symbols[name].variable
		if v == nil {
			continue
		}
		value := values[v.key]
		if v.lost {
			value = "(lost with the worker)"
		}
		rows = append(rows, variableRow{v.name, v.shown, value, cellLabel(v.origin.count)})
	}
	return rows
}
