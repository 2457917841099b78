package interpreter

import (
	"context"
	"fmt"
	"strings"
)

// A lineCommand is a line of a cell that is not Go: %get and what follows, !ls, or a question: ?NAME and NAME?.
type lineCommand struct {
	sign byte   // of a question '?', wherever that stands
	text string // behind the sign; of a question the name
	name string
	args []string
	at   int // offset in the cell
	rest int // and that of what stands behind the name
}

// A use is how a command is used.
type use struct {
	text string
	// least and most arguments, any number if most is negative.
	least, most int
	// inline is set for those that run in their place among the statements; the others come first.
	inline bool
}

var lineCommands = map[string]use{
	"bench":  {"%bench [PATTERN] runs the benchmarks of this cell, or of all cells", 0, 1, true},
	"cd":     {"%cd [FOLDER] changes the working directory", 0, -1, true},
	"env":    {"%env [NAME[=VALUE]] shows or sets environment variables", 0, -1, true},
	"forget": {"%forget NAME… forgets what has these names", 1, -1, false},
	"get":    {"%get MODULE@VERSION… takes modules in these versions from now on", 1, -1, false},
	"help":   {"%help lists these commands", 0, 0, false},
	"main":   {"", 0, -1, false}, // as %% is
	// Figures are shown below their cell anyway.
	"matplotlib": {"", 0, -1, false},
	"pip":        {"%pip install PACKAGE… installs packages for Python", 1, -1, true},
	"pwd":        {"%pwd shows the working directory", 0, 0, true},
	"reset":      {"%reset forgets everything that was declared", 0, 0, false},
	"restart":    {"%restart starts a new worker: all variables are lost", 0, 0, false},
	"test":       {"%test [-v] [PATTERN] runs the tests of this cell, or of all cells", 0, 2, true},
	"time":       {"%time STATEMENT shows what a statement takes", 1, -1, true},
	"timeit":     {"%timeit STATEMENT runs a statement many times, as a benchmark does", 1, -1, true},
	"vars":       {"%vars shows the variables", 0, 0, false},
	"who":        {"%who is %vars", 0, 0, false},
}

// readCommand reads a line from its sign on.
func readCommand(source string, start, end int) lineCommand {
	if question := source[start:end]; question[0] != '%' && question[0] != '!' {
		return lineCommand{sign: '?', text: strings.Trim(question, "? \t\r"), at: start}
	}
	line := source[start+1 : end]
	c := lineCommand{sign: source[start], text: strings.TrimSpace(line), at: start}
	if words := strings.Fields(line); len(words) > 0 {
		c.name, c.args = words[0], words[1:]
	}
	behind := start + 1 + strings.Index(line, c.name) + len(c.name)
	c.rest = end - len(strings.TrimLeft(source[behind:end], " \t"))
	return c
}

// takeCommands finds the commands of a cell. Those that come before all else it takes out, so that what
// is left has everything where it stood.
func takeCommands(source string) (rest string, commands []lineCommand) {
	text := []byte(source)
	for start, end := range commandLines(withoutGoCell(source)) {
		c := readCommand(source, start, end)
		if c.sign == '!' {
			continue
		}
		commands = append(commands, c)
		if !lineCommands[c.name].inline {
			blank(text[start:end])
		}
	}
	return string(text), commands
}

// withoutGoCell is a cell without a first line that says how all of it is run.
func withoutGoCell(source string) string {
	text := []byte(source)
	in := inlined{timed: map[int]string{}}
	in.takeTimed(text, source)
	return string(text)
}

// check says what is wrong with a command, "" if nothing is.
func (c lineCommand) check() string {
	use, known := lineCommands[c.name]
	switch {
	case c.sign == '?' && !isQuestion.MatchString(c.text):
		return questionUse
	case c.sign == '?':
		return ""
	case !known:
		return noCommand("%", c.name, lineCommands)
	case len(c.args) < use.least, use.most >= 0 && len(c.args) > use.most:
		return use.text
	}
	return ""
}

// noCommand is said of a command that is not known.
func noCommand(sign, name string, commands map[string]use) string {
	var names []string
	for known := range commands {
		names = append(names, sign+known)
	}
	return "there is no " + sign + name + nearest(sign+name, names) + "; %help lists what there is"
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
		switch {
		case c.sign == '?':
			if err := i.tell(ctx, *cell, c, out); err != nil {
				return nil, err
			}
			continue
		case lineCommands[c.name].inline:
			continue
		case c.name == "get":
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
	case "main", "matplotlib":
		return nil
	case "forget":
		return i.forget(cell, c)
	case "restart":
		return i.restart(ctx, out)
	case "reset":
		return i.reset(ctx, out)
	case "vars", "who":
		return i.showVariables(ctx, out)
	}
	out.Stream("stdout", uses(lineCommands)+"\n!COMMAND runs a command in the shell\n"+questionUse+"\n"+uses(cellCommands)+"\n")
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
