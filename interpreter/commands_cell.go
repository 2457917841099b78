package interpreter

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/display"
)

// A cell whose first line begins with %% is of another language: the line says which.

// otherLanguage reports whether a cell is of another language.
func otherLanguage(source string) bool { return strings.HasPrefix(strings.TrimSpace(source), "%%") }

// cellCommands say how each is used.
var cellCommands = map[string]string{
	"bash":      "%%bash runs the cell in bash",
	"sh":        "%%sh runs the cell in sh",
	"python":    "%%python runs the cell in Python and shows the value of the last expression",
	"writefile": "%%writefile FILE writes the cell into a file",
	"html":      "%%html shows the cell as HTML",
	"markdown":  "%%markdown shows the cell as Markdown",
	"latex":     "%%latex shows the cell as LaTeX",
	"svg":       "%%svg shows the cell as an SVG picture",
}

// takeCell turns a cell of another language into Go. One that is only to be shown is shown, and nothing
// is left.
func takeCell(cell *Cell, out Output) error {
	first, text, _ := strings.Cut(strings.TrimLeft(cell.Source, " \t\r\n"), "\n")
	words := strings.Fields(strings.TrimPrefix(first, "%%"))
	name, args := "", words
	if len(words) > 0 {
		name, args = words[0], words[1:]
	}
	if use, known := cellCommands[name]; !known {
		return cell.fail(0, fmt.Sprintf("there is no %%%%%s; there are:\n%s", name, uses(cellCommands)))
	} else if wanted := name == "writefile"; wanted != (len(args) == 1) || !wanted && len(args) > 0 {
		return cell.fail(0, use)
	}
	cell.written = cell.Source
	shown, code := cellCode(name, text, args)
	if shown != nil {
		out.Display(display.Render(shown), "", false)
	}
	cell.Source = code
	return nil
}

// cellCode is what is shown of a cell of another language, and the Go that runs it.
func cellCode(name, text string, args []string) (shown any, code string) {
	quoted := strconv.Quote(text)
	switch name {
	case "html":
		return display.HTML(text), ""
	case "markdown":
		return display.Markdown(text), ""
	case "latex":
		return display.Latex(text), ""
	case "svg":
		return display.SVG(text), ""
	case "python":
		return nil, `py.Import("gopy_kernel.cells").Method("run", ` + quoted + `)`
	case "writefile":
		return nil, fmt.Sprintf(`if err := os.WriteFile(%q, []byte(%s), 0o644); err != nil { panic(err) }; fmt.Println("wrote", %[1]q)`, args[0], quoted)
	}
	return nil, fmt.Sprintf(`if c := exec.Command(%q, "-c", %s); c != nil {
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Run(); err != nil { fmt.Fprintln(os.Stderr, err) }
}`, name, quoted)
}

func uses(commands map[string]string) string {
	lines := slices.Sorted(maps.Values(commands))
	return strings.Join(lines, "\n")
}
