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
func otherLanguage(source string) bool {
	return strings.HasPrefix(strings.TrimSpace(source), "%%") && goCell(source) == ""
}

// cellCommands are the first lines of cells that are not statements of Go.
var cellCommands = map[string]use{
	"capture":    {text: "%%capture [NAME] runs the cell and puts what it prints into the string NAME, or drops it", most: 1},
	"bash":       {text: "%%bash runs the cell in bash"},
	"sh":         {text: "%%sh runs the cell in sh"},
	"script":     {text: "%%script COMMAND gives the cell to a command as its input", least: 1, most: -1},
	"python":     {text: "%%python runs the cell in Python and shows the value of the last expression"},
	"writefile":  {text: "%%writefile [-a] FILE writes the cell into a file; -a appends it", least: 1, most: 2},
	"html":       {text: "%%html shows the cell as HTML"},
	"javascript": {text: "%%javascript runs the cell in the browser"},
	"markdown":   {text: "%%markdown shows the cell as Markdown"},
	"latex":      {text: "%%latex shows the cell as LaTeX"},
	"svg":        {text: "%%svg shows the cell as an SVG picture"},
	"time":       {text: "%%time shows what the cell takes"},
	"timeit":     {text: "%%timeit runs the cell many times, as a benchmark does"},
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
	use, known := cellCommands[name]
	switch {
	case !known:
		return cell.fail(0, noCommand("%%", name, cellCommands))
	case len(args) < use.least, use.most >= 0 && len(args) > use.most, name == "writefile" && (len(args) == 2) != (args[0] == "-a"):
		return cell.fail(0, use.text)
	}
	cell.written = cell.Source
	if name == "python" {
		cell.Source = pythonCell(cell.written, text)
		return nil
	}
	shown, code := cellCode(name, text, args)
	if shown != nil {
		out.Display(display.Render(shown), "", false)
	}
	cell.Source = code
	return nil
}

// pythonCell is Go that runs a cell of Python. For Python it has the file name that it has in compiled code, and
// the lines that it has on the page.
func pythonCell(written, text string) string {
	before := strings.Count(strings.TrimSuffix(written, text), "\n")
	return fmt.Sprintf(`py.Import("gopy_kernel.running").Method("run_cell", %q, %q)`, strings.Repeat("\n", before)+text, fileName(written))
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
	case "javascript":
		return display.JavaScript(text), ""
	case "writefile":
		return nil, writeFile(args, strconv.Quote(text+"\n"))
	case "script":
		return nil, runScript("sh", strings.Join(args, " "), "strings.NewReader("+quoted+")")
	}
	return nil, runScript(name, text, "nil")
}

// runScript is Go that runs a script in a shell, with an input.
func runScript(shell, script, input string) string {
	return fmt.Sprintf(`if c := exec.Command(%q, "-c", %q); c != nil {
	c.Stdin, c.Stdout, c.Stderr = %s, os.Stdout, os.Stderr
	if err := c.Run(); err != nil { fmt.Fprintln(os.Stderr, err) }
}`, shell, script, input)
}

func writeFile(args []string, quoted string) string {
	how, file := "os.O_TRUNC", args[0]
	if file == "-a" {
		how, file = "os.O_APPEND", args[1]
	}
	return fmt.Sprintf(`if f, err := os.OpenFile(%q, os.O_CREATE|os.O_WRONLY|%s, 0o666); err != nil {
	panic(err)
} else if _, err := f.WriteString(%s); err != nil {
	panic(err)
} else if err := f.Close(); err != nil {
	panic(err)
}
fmt.Println("wrote", %[1]q)`, file, how, quoted)
}

func uses(commands map[string]use) string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(commands)) {
		if text := commands[name].text; text != "" {
			lines = append(lines, text)
		}
	}
	return strings.Join(lines, "\n")
}
