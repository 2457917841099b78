package supervisor

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/gopy-kernel/gopy-kernel/internal/link"
)

// A Crash is the end of a worker under a running cell.
type Crash struct {
	Cause string // such as "SIGSEGV: segmentation fault", "fatal error: stack overflow", "exit status 3"

	report []string // what the Go runtime wrote about it
}

func (c *Crash) Error() string { return "the worker was ended by " + c.Cause }

// Report is what the Go runtime said beside the cause, and the frames of cells of the goroutine that
// it happened to, the innermost first.
func (c *Crash) Report() (lines []string, frames []link.Frame) {
	rest := c.report
	for ; len(rest) > 0 && rest[0] != "" && !strings.HasPrefix(rest[0], "goroutine "); rest = rest[1:] {
		// Addresses help nobody: the process is gone.
		if rest[0] != c.Cause && !strings.Contains(rest[0], "0x") {
			lines = append(lines, rest[0])
		}
	}
	for len(rest) > 0 && !strings.HasPrefix(rest[0], "goroutine ") {
		rest = rest[1:]
	}
	return lines, crashFrames(rest)
}

// runsCell is the function of the worker that runs a cell.
const runsCell = "github.com/gopy-kernel/gopy-kernel/worker.(*Worker).run("

// crashFrames reads the first goroutine of a dump: for each frame a line with the function and its
// arguments, and one with its place. Only the frames of cells are told; a stack that overflowed has
// the same ones over and over, so the first of them are enough.
func crashFrames(dump []string) []link.Frame {
	const enough = 5
	var frames []link.Frame
	for i := 1; i+1 < len(dump) && dump[i] != "" && len(frames) < enough; i++ {
		if strings.HasPrefix(dump[i], runsCell) {
			break // below may be what is left of cells that ended their goroutine
		}
		place, ok := strings.CutPrefix(dump[i+1], "\tcell-")
		if !ok || !strings.HasPrefix(dump[i], "main.") {
			continue
		}
		file, line, _ := strings.Cut(place, ":")
		line, _, _ = strings.Cut(line, " ")
		f := link.Frame{Function: dump[i][:max(0, strings.LastIndex(dump[i], "("))], File: "cell-" + file}
		f.Line, _ = strconv.Atoi(line)
		frames = append(frames, f)
	}
	return frames
}

func newCrash(state *os.ProcessState, killed string, report []string) *Crash {
	status, ok := state.Sys().(syscall.WaitStatus)
	switch {
	case killed != "":
		return &Crash{Cause: "the kernel: " + killed}
	case ok && status.Signaled():
		return &Crash{Cause: signalName(status.Signal()), report: report}
	}
	// The runtime turns faults and its own errors into a report and an exit.
	for _, line := range report {
		if strings.HasPrefix(line, "fatal error: ") || strings.HasPrefix(line, "panic: ") || strings.HasPrefix(line, "SIG") {
			return &Crash{Cause: line, report: report}
		}
	}
	return &Crash{Cause: fmt.Sprintf("exit status %d", state.ExitCode()), report: report}
}

var signalNames = map[syscall.Signal]string{
	syscall.SIGABRT: "SIGABRT", syscall.SIGBUS: "SIGBUS", syscall.SIGFPE: "SIGFPE", syscall.SIGHUP: "SIGHUP", syscall.SIGILL: "SIGILL",
	syscall.SIGINT: "SIGINT", syscall.SIGKILL: "SIGKILL", syscall.SIGPIPE: "SIGPIPE", syscall.SIGQUIT: "SIGQUIT", syscall.SIGSEGV: "SIGSEGV",
	syscall.SIGTERM: "SIGTERM", syscall.SIGTRAP: "SIGTRAP", syscall.SIGXCPU: "SIGXCPU",
}

func signalName(s syscall.Signal) string {
	name, ok := signalNames[s]
	if !ok {
		return fmt.Sprintf("signal %d: %v", int(s), s)
	}
	text := name + ": " + s.String()
	if s == syscall.SIGKILL {
		text += " (by the system if it ran out of memory, or by another program)"
	}
	return text
}

// reportMarks begin the lines with which the Go runtime begins to report the end of a process.
var reportMarks = [][]byte{
	[]byte("fatal error: "), []byte("panic: "), []byte("runtime: "), []byte("unexpected fault address "), []byte("SIGSEGV: "), []byte("SIGBUS: "),
	[]byte("SIGFPE: "), []byte("SIGABRT: "), []byte("SIGILL: "), []byte("SIGTRAP: "), []byte("SIGQUIT: "), []byte("signal: "),
}

// beginsReport reports whether one of the lines in data begins a report.
func beginsReport(before, data []byte) bool {
	for _, mark := range reportMarks {
		if len(before) == 0 && bytes.HasPrefix(data, mark) || bytes.Contains(data, append([]byte("\n"), mark...)) {
			return true
		}
	}
	return false
}

// What looks like a report is held back. If the process ends, it was one and becomes part of the
// error; if the process goes on, it was a cell's own text.
const (
	holdFor  = 30 * time.Second // writing the report of a stack that overflowed takes ten on a busy machine
	holdMost = 1 << 18
)

func (s *stream) hold(data []byte) {
	if s.timer == nil {
		s.timer = time.AfterFunc(holdFor, s.release)
	}
	s.held = append(s.held, data[:min(len(data), holdMost-len(s.held))]...)
	if !mayBeReport(s.held) {
		s.passHeld()
	}
}

// mayBeReport looks at the line behind the one that begins a report: the runtime goes on with an
// empty line, with a register or a signal, or with more of its own.
func mayBeReport(held []byte) bool {
	lines := bytes.Split(held, []byte("\n"))
	for i, line := range lines {
		if !beginsReport(nil, line) {
			continue
		}
		if i+2 >= len(lines) {
			return true // the next line is not complete
		}
		next := lines[i+1]
		for _, begin := range []string{"\t", "[", "PC=", "goroutine ", "runtime", "fatal error: ", "signal "} {
			if len(next) == 0 || bytes.HasPrefix(next, []byte(begin)) {
				return true
			}
		}
		return false
	}
	return false
}

// release passes on what was held.
func (s *stream) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.passHeld()
}

func (s *stream) passHeld() {
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	if held := s.held; len(held) > 0 {
		s.held = nil
		s.pass(s.name, string(bytes.ToValidUTF8(held, []byte("\uFFFD"))))
	}
}

// report takes what was held, as the lines of a crash report; what stands before it is passed on.
func (s *stream) report() []string {
	s.drain()
	s.mu.Lock()
	defer s.mu.Unlock()
	lines := strings.Split(strings.TrimRight(string(s.held), "\n"), "\n")
	for i, line := range lines {
		if beginsReport(nil, []byte(line)) {
			s.held = nil
			if i > 0 {
				s.pass(s.name, strings.Join(lines[:i], "\n")+"\n")
			}
			return lines[i:]
		}
	}
	s.passHeld()
	return nil
}
