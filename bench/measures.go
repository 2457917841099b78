package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gopy-kernel/gopy-kernel/bench/jupyter"
)

// A measure is made on a running kernel and fills the row of its name.
type measure struct {
	row
	make func(s *session, name string, to *kernelReport) error
	also []row // what is counted on the way
}

// measureStart is made by starting the kernel; the other measures need it to run.
const measureStart = "start to kernel_info_reply"

// Rows that are counted while another measure is made.
const (
	rowAnswered = "start to first 1+1 answered"
	rowMessages = "messages for these lines"
	rowLost     = "lines lost or out of order"
	rowKept     = "interrupts that kept the state"
)

// measures lists them in the order in which they are made, which is that of the table. Memory is
// read before and after the others; interrupts come last, since some kernels do not survive them.
func measures() []measure {
	one := func(name string, u unit, make func(*session, string, *kernelReport) error, also ...row) measure {
		return measure{row{name, u, false}, make, also}
	}
	many := func(name string, make func(*session, string, *kernelReport) error) measure {
		return measure{row{name, seconds, true}, make, nil}
	}
	return []measure{
		one("first 1+1", seconds, firstCell, row{rowAnswered, seconds, false}),
		one("idle memory, after one cell", byteCount, memory),
		many("heartbeat", heartbeat),
		many("1+1, same text", sameText),
		many("1+1, new text", newText),
		many("define a function, new text", defineFunction),
		many("call it, new text", callFunction),
		one("print lines", seconds, printLines, row{rowMessages, number, false}, row{rowLost, number, false}),
		one("idle memory, at the end", byteCount, memory),
		one("interrupt of an endless loop", seconds, interrupt(func(d dialect) string { return d.loop }), row{rowKept, share, false}),
		one("interrupt of a sleep", seconds, interrupt(func(d dialect) string { return d.sleep })),
		one("interrupt of a wait", seconds, interrupt(func(d dialect) string { return d.wait })),
	}
}

// cell runs one prepared cell, which must succeed, and gives the time until reply and idle.
func (s *session) cell(code jupyter.Request, each func(jupyter.Message)) (time.Duration, error) {
	ctx, cancel := context.WithTimeout(s.ctx, s.o.timeout)
	defer cancel()
	e, err := s.client.Run(ctx, code, each)
	if err != nil {
		s.stuck = errors.Is(err, context.DeadlineExceeded)
		return 0, err
	}
	return e.RoundTrip(), replyError(e.Reply)
}

// replyError is what a reply of status error says: the time of a cell that failed means nothing.
func replyError(reply json.RawMessage) error {
	var r struct {
		Status string `json:"status"`
		Ename  string `json:"ename"`
		Evalue string `json:"evalue"`
	}
	if err := json.Unmarshal(reply, &r); err != nil {
		return fmt.Errorf("decode a reply: %w", err)
	}
	if r.Status != "ok" {
		return fmt.Errorf("the cell ended with %s %s %s", r.Status, r.Ename, r.Evalue)
	}
	return nil
}

// series runs prepared cells one after the other and keeps the times of all but the first.
func (s *session) series(name string, to *kernelReport, codes []string) error {
	cells := make([]jupyter.Request, len(codes))
	for i, code := range codes {
		var err error
		if cells[i], err = s.client.PrepareCell(code); err != nil {
			return err
		}
	}
	times := make([]float64, 0, len(cells))
	for _, c := range cells {
		took, err := s.cell(c, nil)
		if err != nil {
			return err
		}
		times = append(times, took.Seconds())
	}
	to.add(name, withoutFirst(times)...)
	return nil
}

// repeat makes the texts of a series.
func (s *session) repeat(text func() string) []string {
	codes := make([]string, s.o.cells)
	for i := range codes {
		codes[i] = text()
	}
	return codes
}

// value runs a cell and gives the text/plain of its result.
func (s *session) value(code string) (string, time.Duration, error) {
	r, err := s.client.PrepareCell(code)
	if err != nil {
		return "", 0, err
	}
	var result struct {
		Data map[string]any `json:"data"`
	}
	took, err := s.cell(r, func(m jupyter.Message) {
		if m.Type == "execute_result" {
			json.Unmarshal(m.Content, &result) // what is not there will not compare
		}
	})
	return fmt.Sprint(result.Data["text/plain"]), took, err
}

// check runs a cell whose result is known, where the kernel shows results: a kernel that is quick
// because it does nothing must not win.
func (s *session) check(code, want string) (time.Duration, error) {
	got, took, err := s.value(code)
	if err == nil && s.dialect.result && got != want {
		err = fmt.Errorf("%q gave %q, not %q", code, got, want)
	}
	return took, err
}

func firstCell(s *session, name string, to *kernelReport) error {
	took, err := s.check(fmt.Sprintf(s.dialect.sum, 1), "2")
	if err != nil {
		return err
	}
	to.add(name, took.Seconds())
	to.add(rowAnswered, time.Since(s.process.Began).Seconds())
	return nil
}

func sameText(s *session, name string, to *kernelReport) error {
	return s.series(name, to, s.repeat(func() string { return fmt.Sprintf(s.dialect.sum, 1) }))
}

func newText(s *session, name string, to *kernelReport) error {
	n := s.number()
	if _, err := s.check(fmt.Sprintf(s.dialect.sum, n), strconv.Itoa(1+n)); err != nil {
		return err
	}
	return s.series(name, to, s.repeat(func() string { return fmt.Sprintf(s.dialect.sum, s.number()) }))
}

func defineFunction(s *session, name string, to *kernelReport) error {
	return s.series(name, to,
		s.repeat(func() string { return fmt.Sprintf(s.dialect.define, s.number()) }))
}

// callFunction defines a function of its own, so that it can be measured alone.
func callFunction(s *session, name string, to *kernelReport) error {
	f := s.number()
	define, err := s.client.PrepareCell(fmt.Sprintf(s.dialect.define, f))
	if err != nil {
		return err
	}
	if _, err := s.cell(define, nil); err != nil {
		return err
	}
	n := s.number()
	if _, err := s.check(fmt.Sprintf(s.dialect.call, f, n), strconv.Itoa(f+n)); err != nil {
		return err
	}
	return s.series(name, to,
		s.repeat(func() string { return fmt.Sprintf(s.dialect.call, f, s.number()) }))
}

func heartbeat(s *session, name string, to *kernelReport) error {
	ctx, cancel := context.WithTimeout(s.ctx, s.o.timeout)
	defer cancel()
	var times []float64
	for range s.o.cells {
		took, err := s.client.Beat(ctx)
		if err != nil {
			return err
		}
		times = append(times, took.Seconds())
	}
	to.add(name, withoutFirst(times)...)
	return nil
}

func memory(s *session, name string, to *kernelReport) error {
	if err := s.pause(s.o.settle); err != nil {
		return err
	}
	size, err := s.process.Memory()
	if err != nil {
		return err
	}
	to.add(name, float64(size))
	return nil
}

// pause lets a kernel come to rest, or a loop begin to run. It is the one thing here that waits
// for time to pass: nothing that a kernel sends tells either.
func (s *session) pause(d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-s.ctx.Done():
		return s.ctx.Err()
	}
}

// printLines prints twice and keeps the second time. The text that came is compared as a whole.
func printLines(s *session, name string, to *kernelReport) error {
	for i := range 2 {
		r, err := s.client.PrepareCell(fmt.Sprintf(s.dialect.lines, s.o.lines))
		if err != nil {
			return err
		}
		var printed bytes.Buffer
		messages := 0
		took, err := s.cell(r, func(m jupyter.Message) {
			if m.Type == "stream" {
				messages++
				printed.WriteString(streamText(m))
			}
		})
		if err != nil {
			return err
		}
		if i == 0 {
			continue
		}
		to.add(name, took.Seconds())
		to.add(rowMessages, float64(messages))
		to.add(rowLost, float64(wrongLines(printed.String(), s.o.lines)))
	}
	return nil
}

func streamText(m jupyter.Message) string {
	var stream struct {
		Text string `json:"text"`
	}
	if err := json.Unmarshal(m.Content, &stream); err != nil {
		return "" // counted as lost
	}
	return stream.Text
}

// wrongLines counts the lines of n that are not where they should be, and those that should not
// be there.
func wrongLines(printed string, n int) int {
	next, wrong := 0, 0
	for line := range strings.Lines(printed) {
		number, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "line ")
		i, err := strconv.Atoi(number)
		switch {
		case !ok || err != nil || i < next || i >= n:
			wrong++
		default:
			wrong += i - next
			next = i + 1
		}
	}
	return wrong + n - next
}

// interrupts is how often a cell is interrupted in one process.
const interrupts = 4

// interrupt measures the interrupt of cells that do not end by themselves.
func interrupt(endless func(dialect) string) func(*session, string, *kernelReport) error {
	return func(s *session, name string, to *kernelReport) error {
		return s.interruptMany(endless(s.dialect), name, to)
	}
}

func (s *session) interruptMany(endless, name string, to *kernelReport) error {
	var times []float64
	for range interrupts {
		kept := s.number()
		if err := s.keep(kept); err != nil {
			return err
		}
		took, err := s.interruptOnce(endless)
		if err != nil {
			return err
		}
		times = append(times, took.Seconds())
		if s.dialect.kept != "" {
			to.add(rowKept, s.stillKept(kept))
		}
	}
	to.add(name, withoutFirst(times)...)
	return nil
}

// keep sets the variable, where the kernel has any.
func (s *session) keep(n int) error {
	if s.dialect.keep == "" {
		return nil
	}
	_, _, err := s.value(fmt.Sprintf(s.dialect.keep, n))
	return err
}

// stillKept gives 1 if the variable has the value that was set. A cell that fails is no error
// here: that is how a kernel says that the variable is gone.
func (s *session) stillKept(n int) float64 {
	got, _, err := s.value(s.dialect.kept)
	if err != nil || got != strconv.Itoa(n) {
		return 0
	}
	return 1
}

// interruptOnce runs the cell, waits until it surely runs, and times the interrupt until reply and
// idle have come.
func (s *session) interruptOnce(endless string) (time.Duration, error) {
	loop, err := s.client.PrepareCell(endless)
	if err != nil {
		return 0, err
	}
	sent, err := s.client.Send(loop)
	if err != nil {
		return 0, err
	}
	if err := s.pause(s.o.settle); err != nil {
		return 0, err
	}
	interrupted := time.Now()
	if err := s.client.Interrupt(); err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(s.ctx, s.o.timeout/4)
	defer cancel()
	e, err := s.client.Await(ctx, loop, sent, nil)
	if err != nil {
		s.stuck = true
		return 0, fmt.Errorf("no answer to the interrupt: %w", err)
	}
	e.Sent = interrupted
	switch {
	case e.RoundTrip() < 0:
		return 0, fmt.Errorf("the cell ended before the interrupt: %w", replyError(e.Reply))
	case replyError(e.Reply) == nil:
		return 0, errors.New("the interrupted cell says that it succeeded")
	}
	return e.RoundTrip(), nil
}
