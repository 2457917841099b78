package conformance

import (
	"fmt"
	"regexp"
	"strings"
)

// An Outcome is what a program printed, and how it ended.
type Outcome struct {
	Stdout  string
	Stderr  string
	Exit    int
	Seconds float64 // that it ran; for cells, with their building
}

// addresses are what two runs of a program need not agree on.
var (
	addresses = regexp.MustCompile(`0x[0-9a-f]+`)
	varying   = regexp.MustCompile(`\d{4}/\d\d/\d\d \d\d:\d\d:\d\d|\d{6,}`)
)

func mask(text string) string { return addresses.ReplaceAllString(text, "0x?") }

// compare tells how an outcome differs from that of the reference; empty if it does not.
func compare(want, got Outcome) string {
	var differences []string
	add := func(d string) {
		if d != "" {
			differences = append(differences, d)
		}
	}
	if want.Exit != got.Exit {
		add(fmt.Sprintf("exit status %d instead of %d", got.Exit, want.Exit))
	}
	add(difference("stdout", mask(want.Stdout), mask(got.Stdout)))
	add(difference("stderr", mask(withoutTraceback(want.Stderr)), mask(withoutTraceback(withoutNotes(got.Stderr)))))
	return strings.Join(differences, "; ")
}

// notes are lines that the kernel says of a cell.
var notes = regexp.MustCompile(`(?m)^note: (?:main is declared|declared and not used).*\n`)

func withoutNotes(stderr string) string { return notes.ReplaceAllString(stderr, "") }

// withoutTraceback leaves out what follows the text of a panic: the frames of a program that has ended
// are not those of a cell.
func withoutTraceback(stderr string) string {
	const begin = "\n\ngoroutine "
	if at := strings.Index(stderr, begin); at >= 0 && strings.Contains(stderr[:at], "panic: ") {
		return stderr[:at+1]
	}
	return stderr
}

// difference tells where two texts begin to differ; empty if they do not.
func difference(what, want, got string) string {
	if want == got {
		return ""
	}
	wanted, found := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range max(len(wanted), len(found)) {
		w, g := lineAt(wanted, i), lineAt(found, i)
		if w != g {
			return fmt.Sprintf("%s, line %d: %s instead of %s", what, i+1, g, w)
		}
	}
	return what + " differs"
}

// lineAt quotes a line, shortened.
func lineAt(lines []string, i int) string {
	const enough = 150
	if i >= len(lines) {
		return "nothing"
	}
	line := lines[i]
	if len(line) > enough {
		line = line[:enough] + "…"
	}
	return fmt.Sprintf("%q", line)
}
