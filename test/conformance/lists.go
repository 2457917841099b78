package conformance

import (
	"bufio"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A Reason is why a program is not run as cells.
type Reason string

// The only reasons there are.
const (
	BuildFlags Reason = "needs build flags"
	OwnName    Reason = "looks for its own file name"
	Address    Reason = "address of a zero-size or low-memory variable"
	Slow       Reason = "over a minute"
)

// MostExcluded is how many programs may be excluded.
const MostExcluded = 60

// An Exclusion is a program that no cell can be.
type Exclusion struct {
	Program string
	Reason  Reason
	// Shown is the line of the program, of an earlier Go it may be, that shows the reason.
	Shown string
}

// ReadExclusions reads a list of lines "program: reason: line that shows it".
func ReadExclusions(list fs.FS, name string) ([]Exclusion, error) {
	var found []Exclusion
	err := eachLine(list, name, func(line string) error {
		parts := strings.SplitN(line, ": ", 3)
		if len(parts) < 3 {
			return fmt.Errorf("%q is not a program, a reason and a line", line)
		}
		e := Exclusion{Program: parts[0], Reason: Reason(parts[1]), Shown: parts[2]}
		if !slices.Contains([]Reason{BuildFlags, OwnName, Address, Slow}, e.Reason) {
			return fmt.Errorf("%s is excluded for a reason that is none: %s", e.Program, e.Reason)
		}
		found = append(found, e)
		return nil
	})
	return found, err
}

// Exclude takes the excluded programs out. It fails if the list is too long, or names what is not there.
func Exclude(programs []Program, exclusions []Exclusion) ([]Program, error) {
	if len(exclusions) > MostExcluded {
		return nil, fmt.Errorf("%d programs are excluded, and at most %d may be", len(exclusions), MostExcluded)
	}
	excluded := map[string]Exclusion{}
	for _, e := range exclusions {
		excluded[e.Program] = e
	}
	var kept []Program
	for _, p := range programs {
		e, ok := excluded[p.Name]
		if !ok {
			kept = append(kept, p)
			continue
		}
		delete(excluded, p.Name)
		if !slices.ContainsFunc(p.Files, func(f File) bool { return strings.Contains(f.Text, e.Shown) }) {
			return nil, fmt.Errorf("%s is excluded, and has no line %q that would show why", e.Program, e.Shown)
		}
	}
	for name := range excluded {
		return nil, fmt.Errorf("%s is excluded and is no program of this Go distribution", name)
	}
	return kept, nil
}

// An Entry of a sample is a program and the modes in which it is run.
type Entry struct {
	Program string
	Modes   []Mode
}

// ReadSample reads a list of lines "program: mode mode".
func ReadSample(list fs.FS, name string) ([]Entry, error) {
	var found []Entry
	err := eachLine(list, name, func(line string) error {
		program, modes, _ := strings.Cut(line, ": ")
		e := Entry{Program: program}
		for _, m := range strings.Fields(modes) {
			if !slices.Contains(Modes(), Mode(m)) {
				return fmt.Errorf("%s: there is no mode %s", program, m)
			}
			e.Modes = append(e.Modes, Mode(m))
		}
		if len(e.Modes) == 0 {
			return fmt.Errorf("%s is to be run in no mode", program)
		}
		found = append(found, e)
		return nil
	})
	return found, err
}

// Choose finds the programs of a sample that are run in a mode.
func Choose(programs []Program, sample []Entry, m Mode) ([]Program, error) {
	var chosen []Program
	for _, e := range sample {
		i := slices.IndexFunc(programs, func(p Program) bool { return p.Name == e.Program })
		if i < 0 {
			return nil, fmt.Errorf("%s is in the sample and is no program of this Go distribution", e.Program)
		}
		if slices.Contains(e.Modes, m) {
			chosen = append(chosen, programs[i])
		}
	}
	return chosen, nil
}

// eachLine calls f with the lines of a list, without comments and empty lines. A list without lines is
// an error.
func eachLine(list fs.FS, name string, f func(line string) error) error {
	file, err := list.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	n := 0
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		n++
		if err := f(line); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	if n == 0 && lines.Err() == nil {
		return fmt.Errorf("%s: an empty list", name)
	}
	return lines.Err()
}
