package interpreter

import (
	"fmt"
	"strings"
	"sync"
	"time"
)

// A fetchProgress shows what is fetched and compiled as text of the cell that waits for it: a line for
// each module that is downloaded, and one for all packages, which is written over as they are compiled.
type fetchProgress struct {
	out Output

	mu       sync.Mutex
	compiled int
	shown    time.Time // when the line was written last
	width    int       // of the line; 0 if there is none
}

func newFetchProgress(out Output) *fetchProgress { return &fetchProgress{out: out} }

// often is how often the line is written over: a front end draws each.
const often = 200 * time.Millisecond

// tell is a [modules.Progress].
func (p *fetchProgress) tell(verb, what string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if verb != "compiling" {
		p.endLine()
		p.out.Stream("stderr", verb+" "+what+"\n")
		return
	}
	p.compiled++
	if now := time.Now(); now.Sub(p.shown) >= often {
		p.shown = now
		p.line(fmt.Sprintf("compiling, package %d: %s", p.compiled, what))
	}
}

// line writes over the line. Not every front end knows how to clear the rest of one, so spaces do.
func (p *fetchProgress) line(text string) {
	width := len(text)
	p.out.Stream("stderr", "\r"+text+strings.Repeat(" ", max(0, p.width-width)))
	p.width = width
}

// end says what was done. It may be called again.
func (p *fetchProgress) end() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.endLine()
}

func (p *fetchProgress) endLine() {
	if p.compiled == 0 {
		return
	}
	packages := "packages"
	if p.compiled == 1 {
		packages = "package"
	}
	p.line(fmt.Sprintf("compiled %d %s", p.compiled, packages))
	p.out.Stream("stderr", "\n")
	p.compiled, p.width, p.shown = 0, 0, time.Time{}
}
