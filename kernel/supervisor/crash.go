package supervisor

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"syscall"
	"time"
)

// A Crash is the end of a worker under a running cell.
type Crash struct {
	Signal string   // what ended it, such as "SIGSEGV: segmentation fault"; empty if it exited
	Code   int      // with which it exited
	Killed string   // why the supervisor ended it; empty if it did not
	Report []string // what the Go runtime wrote about it
}

func (c *Crash) Error() string {
	switch {
	case c.Killed != "":
		return "the worker was ended: " + c.Killed
	case c.Signal != "":
		return "the worker was ended by " + c.Signal
	}
	return fmt.Sprintf("the worker exited with status %d", c.Code)
}

func newCrash(state *os.ProcessState, killed string, report []string) *Crash {
	c := &Crash{Killed: killed, Report: report}
	status, ok := state.Sys().(syscall.WaitStatus)
	switch {
	case ok && status.Signaled():
		c.Signal = signalName(status.Signal())
	case len(report) > 0 && strings.HasPrefix(report[0], "SIG"):
		// The runtime turns faults in C code into a report and an exit.
		c.Signal = report[0]
		c.Code = status.ExitStatus()
	default:
		c.Code = status.ExitStatus()
	}
	return c
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

// What looks like a report is held back for a moment. If the process ends, it was one and becomes
// part of the error; if not, it was a cell's own text.
const (
	holdFor  = 500 * time.Millisecond
	holdMost = 1 << 18
)

func (s *stream) hold(data []byte) {
	if s.timer == nil {
		s.timer = time.AfterFunc(holdFor, s.release)
	}
	s.held = append(s.held, data[:min(len(data), holdMost-len(s.held))]...)
}

// release passes on what was held.
func (s *stream) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if held := s.held; len(held) > 0 {
		s.pass(s.name, string(bytes.ToValidUTF8(held, []byte("\uFFFD"))))
	}
	s.held, s.timer = nil, nil
}

// report takes what was held, as the lines of a crash report; what stands before it is passed on.
func (s *stream) report() []string {
	s.drain()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	text := string(s.held)
	s.held = nil
	if text == "" {
		return nil
	}
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i, line := range lines {
		if beginsReport(nil, []byte(line)) {
			if i > 0 {
				s.pass(s.name, strings.Join(lines[:i], "\n")+"\n")
			}
			return lines[i:]
		}
	}
	return lines
}

// CrashReport is the beginning of what the Go runtime wrote: what happened, and the stack of the
// goroutine to which it did.
func (c *Crash) CrashReport() []string {
	const enough = 20
	return c.Report[:min(enough, len(c.Report))]
}
