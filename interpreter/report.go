package interpreter

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
	"github.com/gopy-kernel/gopy-kernel/interpreter/build"
)

// Colours of errors: ANSI escape sequences, which every front end knows.
const (
	red   = "\x1b[31;1m"
	green = "\x1b[32m"
	faint = "\x1b[2m"
	plain = "\x1b[0m"
)

// report turns an error into what users see.
func (i *Interpreter) report(err error) *Error {
	var (
		compile  *CompileError
		compiler *build.CompileError
		failed   *failedError
		lost     *lostError
	)
	switch {
	case errors.As(err, &compile):
		return i.reportCompile(compile)
	case errors.As(err, &compiler):
		return i.reportCompile(readCompilerOutput(compiler.Output))
	case errors.As(err, &failed):
		return i.reportFailure(failed.failure)
	case errors.As(err, &lost):
		return i.reportLost(lost)
	case errors.Is(err, context.Canceled):
		return &Error{Name: "interrupt", Value: "interrupted while it was compiled", Traceback: []string{red + "interrupted" + plain + " while it was compiled"}}
	}
	return &Error{Name: "error", Value: err.Error(), Traceback: []string{red + "error" + plain + ": " + err.Error()}}
}

func (i *Interpreter) source(file string) (source, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	s, ok := i.names.sources[filepath.Base(file)]
	return s, ok
}

// reportCompile lists what is wrong with a cell, each with the line and a caret under the place.
func (i *Interpreter) reportCompile(e *CompileError) *Error {
	report := &Error{Name: "compile error"}
	for n, d := range e.Diagnostics {
		s, known := i.source(d.File)
		place := d.File
		if known {
			place = cellLabel(s.count)
		}
		said := d.Message
		if place != "" { // what a tool says of the whole cell has none
			place = fmt.Sprintf("%s:%d:%d:", place, d.Line, d.Column)
			said = place + " " + said
		}
		if n == 0 {
			report.Value = said
		}
		report.Traceback = append(report.Traceback, green+place+plain+strings.TrimPrefix(said, place))
		if known {
			report.Traceback = append(report.Traceback, quote(s.text, d.Line, d.Column)...)
		}
	}
	if n := len(e.Diagnostics); n > 1 {
		report.Value += fmt.Sprintf(" (and %d more)", n-1)
	}
	return report
}

// quote shows a line of a cell, and a caret under a column unless that is 0.
func quote(text string, line, column int) []string {
	lines := strings.Split(text, "\n")
	if line < 1 || line > len(lines) {
		return nil
	}
	code := lines[line-1]
	quoted := []string{fmt.Sprintf("%s%5d |%s %s", faint, line, plain, code)}
	if column > 0 {
		// Tabs stay tabs, so that the caret stands where the code does.
		before := []rune(code[:min(column-1, len(code))])
		for i, r := range before {
			if r != '\t' {
				before[i] = ' '
			}
		}
		quoted = append(quoted, fmt.Sprintf("%s      |%s %s%s^%s", faint, plain, string(before), red, plain))
	}
	return quoted
}

// readCompilerOutput reads what the compiler printed: lines of file:line:column: message. It prints
// only what the type-checker does not find. What it says of code that is no user's it says of a cell, too,
// or of a type that is in the cell.
func readCompilerOutput(output string) *CompileError {
	e := &CompileError{}
	for _, line := range strings.Split(output, "\n") {
		d := Diagnostic{Message: plainName(line)}
		if parts := strings.SplitN(line, ":", 4); len(parts) == 4 {
			var at Diagnostic
			if _, err := fmt.Sscanf(parts[1]+" "+parts[2], "%d %d", &at.Line, &at.Column); err == nil {
				d.Message = plainName(strings.TrimSpace(parts[3]))
				if file := filepath.Base(parts[0]); strings.HasPrefix(file, cellPrefix) {
					d.File, d.Line, d.Column = file, at.Line, at.Column
				}
			}
		}
		if !slices.Contains(e.Diagnostics, d) {
			e.Diagnostics = append(e.Diagnostics, d)
		}
	}
	placed := slices.DeleteFunc(slices.Clone(e.Diagnostics), func(d Diagnostic) bool { return d.File == "" })
	if len(placed) > 0 {
		e.Diagnostics = placed
	}
	return e
}

// reportFailure shows how a cell's code failed, with the frames of cells and libraries.
func (i *Interpreter) reportFailure(f *link.Failure) *Error {
	report := &Error{Name: f.Name, Value: withLabels(f.Value, i.source)}
	for _, line := range f.Traceback { // Python's, which ends with the error itself
		report.Traceback = append(report.Traceback, withLabels(line, i.source))
	}
	if len(f.Traceback) == 0 {
		report.Traceback = append(report.Traceback, fmt.Sprintf("%s%s%s: %s", red, f.Name, plain, f.Value))
	}
	frames := slices.DeleteFunc(slices.Clone(f.Frames), func(frame link.Frame) bool {
		s, known := i.source(frame.File)
		return known && inTraceback(report.Traceback, cellLabel(s.count))
	})
	report.Traceback = append(report.Traceback, i.renewedNotes(f.Value)...)
	report.Traceback = append(report.Traceback, i.frames(frames)...)
	return report
}

var mainTypes = regexp.MustCompile(`\bmain\.(\w+)`)

// renewedNotes explains a text that names a type twice, as if it were two: it is, if it was declared
// anew and something kept the old one.
func (i *Interpreter) renewedNotes(text string) []string {
	i.mu.Lock()
	defer i.mu.Unlock()
	var notes []string
	seen := map[string]int{}
	for _, found := range mainTypes.FindAllStringSubmatch(text, -1) {
		name := found[1]
		seen[name]++
		if count, ok := i.names.renewed[name]; ok && seen[name] == 2 {
			notes = append(notes, fmt.Sprintf("main.%s has been another type since cell %s: what was kept before is of the old one", name, cellLabel(count)))
		}
	}
	return notes
}

// frames shows the frames of a traceback, an empty line before them.
func (i *Interpreter) frames(frames []link.Frame) []string {
	var shown []string
	for _, frame := range frames {
		base := filepath.Base(frame.File)
		if base != generatedFile && !strings.HasPrefix(base, cgoFile) && !isPython(frame.Function) {
			shown = append(shown, i.frame(frame)...)
		}
	}
	if len(shown) > 0 {
		shown = slices.Insert(shown, 0, "")
	}
	return shown
}

// frame shows one frame of a traceback.
func (i *Interpreter) frame(f link.Frame) []string {
	name := plainName(strings.TrimPrefix(f.Function, mainPath+"."))
	s, known := i.source(f.File)
	if !known {
		return []string{fmt.Sprintf("%s%s:%d%s, in %s", faint, f.File, f.Line, plain, name)}
	}
	place := fmt.Sprintf("%s%s:%d%s", green, cellLabel(s.count), f.Line, plain)
	if name != mainPath && !strings.HasPrefix(name, mainPath+".func") {
		place += ", in " + name
	}
	return append([]string{place}, quote(s.text, f.Line, 0)...)
}

// A crash is the error of a lost worker that left a report.
type crash interface {
	error
	// Report is what the Go runtime wrote, and where the cell's code was.
	Report() (lines []string, frames []link.Frame)
}

// reportLost says what ended the worker, and what was lost with it.
func (i *Interpreter) reportLost(e *lostError) *Error {
	report := &Error{Name: "worker lost", Value: e.cause.Error()}
	report.Traceback = append(report.Traceback, fmt.Sprintf("%sworker lost%s: %s", red, plain, e.cause.Error()))
	var crash crash
	if errors.As(e.cause, &crash) {
		lines, frames := crash.Report()
		for _, line := range lines {
			report.Traceback = append(report.Traceback, faint+line+plain)
		}
		report.Traceback = append(report.Traceback, i.frames(frames)...)
	}
	what := "No variables were lost."
	if len(e.variables) > 0 {
		what = "Lost with it: " + strings.Join(e.variables, ", ") + ". Run the cells that declare them again."
	}
	report.Traceback = append(report.Traceback, "", what+" What Python held is lost too. Types, functions and imports are kept.")
	return report
}
