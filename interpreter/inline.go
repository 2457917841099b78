package interpreter

import (
	"fmt"
	"slices"
	"strings"
)

// Lines that are not Go and run in their place among the statements: commands for the shell, %cd and the
// like. For the parser such a line is an empty block, which takes no more room than the shortest command:
// so everything stays where it stood. The call is put into the block when the cell is written. %time and
// %timeit stand before a statement, and only they themselves are taken out.

// inlined is what was taken out of a cell.
type inlined struct {
	calls map[int]string      // of functions of package cell, by the offsets of the blocks that stand for them
	tests map[int]lineCommand // %test and %bench, in the same way
	timed map[int]string      // time or timeit, by the offsets of statements
	whole bool                // the whole cell is timed
}

// takeInline takes out of a cell what is not Go and runs in its place.
func takeInline(source string) (code string, in inlined) {
	in = inlined{calls: map[int]string{}, tests: map[int]lineCommand{}, timed: map[int]string{}}
	text := []byte(source)
	end := in.takeTimed(text, source)
	for start, end := range commandLines(string(text)) {
		c := readCommand(source, start, end)
		if c.times() {
			blank(text[start:c.rest])
			in.timed[c.rest] = c.name
			continue
		}
		blank(text[start:end])
		switch call := c.call(); {
		case call != "":
			in.calls[start] = call
		case c.name == "test", c.name == "bench":
			in.tests[start] = c
		default:
			continue
		}
		copy(text[start:], "{}")
	}
	return string(text) + end, in
}

// takeTimed takes the first line out of a cell of which all is timed. With %%timeit all of it is one block,
// which ends behind the cell.
func (in *inlined) takeTimed(text []byte, source string) (end string) {
	start := len(source) - len(strings.TrimLeft(source, " \t\r\n"))
	name := goCell(source)
	if name == "" {
		return ""
	}
	line, _, _ := strings.Cut(source[start:], "\n")
	blank(text[start : start+len(line)])
	if in.whole = name == "time"; name != "timeit" {
		return ""
	}
	text[start] = '{'
	in.timed[start] = name
	return "\n}"
}

// goCell is the name of the command in the first line of a cell that is Go all the same, "" if there is
// none.
func goCell(source string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(source), "\n")
	switch line = strings.TrimSpace(line); line {
	case "%%time", "%%timeit":
		return line[2:]
	case "%%":
		return "main" // what follows runs, as it does without: cells of gonb have it
	}
	return ""
}

// times reports whether a command measures the statement behind it.
func (c lineCommand) times() bool { return c.sign == '%' && (c.name == "time" || c.name == "timeit") }

// checkTimed reports a command that should measure a statement where none begins.
func (c *parsedCell) checkTimed() error {
	for at, name := range c.inline.timed {
		if !slices.ContainsFunc(c.placed, func(i item) bool { return i.code == at }) {
			return c.fail(at, "no statement follows %"+name)
		}
	}
	return nil
}

// call is the call of a function of package cell that does what a command says, "" if there is none.
func (c lineCommand) call() string {
	switch {
	case c.sign == '!' && c.text != "":
		return fmt.Sprintf(".Shell(%q)", c.text)
	case c.sign == '!':
		return ""
	case c.name == "pip":
		return fmt.Sprintf(".Shell(%q)", `"${GOPY_PYTHON:-python3}" -m pip `+strings.Join(c.args, " "))
	case c.name == "cd":
		return fmt.Sprintf(".Chdir(%q)", strings.Join(c.args, " "))
	case c.name == "env":
		return fmt.Sprintf(".Env(%q)", c.text[len("env"):])
	case c.name == "pwd":
		return ".Pwd()"
	}
	return ""
}
