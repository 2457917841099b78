package interpreter

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A lineCommand is a line of a cell that is not Go: %get and what follows.
type lineCommand struct {
	name string
	args []string
	at   int // offset in the cell
}

// lineCommands says how each is used.
var lineCommands = map[string]string{
	"get":     "%get MODULE@VERSION… takes modules in these versions from now on",
	"restart": "%restart starts a new worker: all variables are lost",
}

// takeCommands takes the commands out of a cell, so that what is left is Go, with everything where it
// stood. Lines that begin with another sign are left in.
func takeCommands(source string) (rest string, commands []lineCommand) {
	text := []byte(source)
	for from := 0; mayHaveCommand(text[from:]); {
		start := command(text, from)
		if start < 0 {
			break
		}
		end := start
		for end < len(text) && text[end] != '\n' {
			end++
		}
		from = end
		if text[start] != '%' {
			continue
		}
		words := strings.Fields(source[start+1 : end])
		c := lineCommand{at: start}
		if len(words) > 0 {
			c.name, c.args = words[0], words[1:]
		}
		commands = append(commands, c)
		for n := start; n < end; n++ {
			text[n] = ' '
		}
	}
	return string(text), commands
}

// check says what is wrong with a command, "" if nothing is.
func (c lineCommand) check() string {
	use, known := lineCommands[c.name]
	switch {
	case !known:
		var uses []string
		for _, name := range slices.Sorted(maps.Keys(lineCommands)) {
			uses = append(uses, lineCommands[name])
		}
		return fmt.Sprintf("there is no command %%%s; there are:\n%s", c.name, strings.Join(uses, "\n"))
	case c.name == "get" && len(c.args) == 0, c.name == "restart" && len(c.args) > 0:
		return use
	}
	return ""
}

// commandsOf takes the commands out of a cell, checks them, and runs those that come before all else.
// What is left for others is what modules are to be got.
func (i *Interpreter) commandsOf(ctx context.Context, cell *Cell, out Output) (get []lineCommand, err error) {
	written := cell.Source
	var commands []lineCommand
	if cell.Source, commands = takeCommands(written); len(commands) > 0 {
		cell.written = written
	}
	i.know(*cell)
	var errs []error
	for _, c := range commands {
		if problem := c.check(); problem != "" {
			errs = append(errs, cell.fail(c.at, problem))
		}
	}
	if err := joinDiagnostics(errs...); err != nil {
		return nil, err
	}
	for _, c := range commands {
		if c.name == "get" {
			get = append(get, c)
			continue
		}
		if err := i.restart(ctx, out); err != nil {
			return nil, err
		}
	}
	return get, nil
}

// know keeps the text of a cell, to quote it.
func (i *Interpreter) know(c Cell) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.names.sources[fileName(c.Source)] = source{text: c.text(), count: c.Count}
}

// text is the cell as the user wrote it.
func (c Cell) text() string {
	if c.written != "" {
		return c.written
	}
	return c.Source
}

// fail is a complaint about a place in the cell.
func (c Cell) fail(offset int, message string) error {
	line, column := position(c.Source, offset)
	return &CompileError{Diagnostics: []Diagnostic{{File: fileName(c.Source), Line: line, Column: column, Message: message}}}
}

// restart starts a new worker. The next cell that runs finds it.
func (i *Interpreter) restart(ctx context.Context, out Output) error {
	if err := i.config.Worker.Restart(ctx); err != nil {
		return fmt.Errorf("restarting the worker: %w", err)
	}
	lost := i.lose()
	i.fetched.anew = len(i.fetched.asked) > 0
	text := "The worker was restarted."
	if len(lost) > 0 {
		text += " Lost: " + strings.Join(lost, ", ") + "."
	}
	out.Stream("stderr", text+"\n")
	return nil
}
