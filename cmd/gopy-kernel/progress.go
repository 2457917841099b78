package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// A progress shows what is being done: on a terminal as one line that changes, elsewhere, where a
// line cannot be taken back, as a line for each step. Its methods may be called from any goroutine.
type progress struct {
	w        io.Writer
	terminal bool
	start    time.Time

	mu    sync.Mutex
	stage string
}

func newProgress(w io.Writer) *progress {
	return &progress{w: w, terminal: isTerminal(w), start: time.Now()}
}

// step takes the texts of build.Config.Progress: what is done now, or the import path of a package
// that is compiled for it.
func (p *progress) step(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	isPackage := !strings.Contains(text, " ")
	if !isPackage {
		p.stage, _, _ = strings.Cut(text, " (") // what stands in brackets is said once
	}
	switch {
	case p.terminal && isPackage:
		p.line(p.stage + ": " + text)
	case p.terminal:
		p.line(text)
	case !isPackage: // hundreds of packages are too many for a log
		fmt.Fprintln(p.w, text)
	}
}

// width is that of the narrowest terminal in use. A longer line would wrap, and stay.
const width = 80

func (p *progress) line(text string) {
	text = fmt.Sprintf("%3.0f s  %s", time.Since(p.start).Seconds(), text)
	if utf8.RuneCountInString(text) >= width {
		text = string([]rune(text)[:width-2]) + "…"
	}
	fmt.Fprintf(p.w, "\r\x1b[K%s", text)
}

// end takes the line away.
func (p *progress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.terminal {
		fmt.Fprint(p.w, "\r\x1b[K")
	}
}

// isTerminal asks only whether w is a character device. /dev/null is one, too, and does not mind.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok || os.Getenv("TERM") == "dumb" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
