package interpreter

import (
	"context"
	"fmt"
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
	"forget":  "%forget NAME… forgets what has these names",
	"get":     "%get MODULE@VERSION… takes modules in these versions from now on",
	"help":    "%help lists these commands",
	"reset":   "%reset forgets everything that was declared",
	"restart": "%restart starts a new worker: all variables are lost",
	"vars":    "%vars shows the variables",
	"who":     "%who is %vars",
}

// takeCommands takes the commands out of a cell, so that what is left is Go, with everything where it
// stood. Lines that begin with another sign are left in.
func takeCommands(source string) (rest string, commands []lineCommand) {
	text := []byte(source)
	for start, end := range commandLines(source) {
		if text[start] != '%' {
			continue
		}
		words := strings.Fields(source[start+1 : end])
		c := lineCommand{at: start}
		if len(words) > 0 {
			c.name, c.args = words[0], words[1:]
		}
		commands = append(commands, c)
		blank(text[start:end])
	}
	return string(text), commands
}

// check says what is wrong with a command, "" if nothing is.
func (c lineCommand) check() string {
	use, known := lineCommands[c.name]
	switch {
	case !known:
		return fmt.Sprintf("there is no command %%%s; there are:\n%s", c.name, uses(lineCommands))
	case (c.name == "get" || c.name == "forget") != (len(c.args) > 0):
		return use
	}
	return ""
}

// commandsOf takes the commands out of a cell, checks them, and runs those that come before all else.
// What is left for others is what modules are to be got.
func (i *Interpreter) commandsOf(ctx context.Context, cell *Cell, out Output) (get []lineCommand, err error) {
	if otherLanguage(cell.Source) {
		i.know(*cell)
		if err := takeCell(cell, out); err != nil {
			return nil, err
		}
		i.know(*cell)
		return nil, nil
	}
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
		if err := i.runCommand(ctx, *cell, c, out); err != nil {
			return nil, err
		}
	}
	return get, nil
}

func (i *Interpreter) runCommand(ctx context.Context, cell Cell, c lineCommand, out Output) error {
	switch c.name {
	case "forget":
		return i.forget(cell, c)
	case "restart":
		return i.restart(ctx, out)
	case "reset":
		return i.reset(ctx, out)
	case "vars", "who":
		return i.showVariables(ctx, out)
	}
	out.Stream("stdout", uses(lineCommands)+"\n!COMMAND runs a command in the shell\n"+uses(cellCommands)+"\n")
	return nil
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
	i.fetched.pythonAnew = true
	text := "The worker was restarted."
	if len(lost) > 0 {
		text += " Lost: " + strings.Join(lost, ", ") + "."
	}
	out.Stream("stderr", text+"\n")
	return nil
}

// reset forgets all that was declared, and starts a new worker.
func (i *Interpreter) reset(ctx context.Context, out Output) error {
	if err := i.restart(ctx, &quiet{out}); err != nil {
		return err
	}
	i.mu.Lock()
	run := i.names.run
	i.names = newNames()
	i.names.run = run
	i.mu.Unlock()
	out.Stream("stderr", "Everything that was declared is forgotten.\n")
	return nil
}

// forget takes names out of the session. A function that uses one is an error where it is used next.
func (i *Interpreter) forget(cell Cell, c lineCommand) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	var unknown []string
	for _, name := range c.args {
		if i.names.kind(name) == noName && i.names.imports[name] == "" {
			unknown = append(unknown, name)
		}
		delete(i.names.symbols, name)
		delete(i.names.imports, name)
	}
	if len(unknown) > 0 {
		return cell.fail(c.at, "nothing has the name "+strings.Join(unknown, ", "))
	}
	return nil
}

// quiet is an output without streams.
type quiet struct{ Output }

func (quiet) Stream(string, string) {}
