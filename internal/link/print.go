package link

import (
	"encoding/binary"
	"fmt"
	"io"
)

// PrintsFile is the worker's file descriptor of the pipe for Prints.
const PrintsFile = 4

// A Print is text of a goroutine whose run is not the one that is running. Prints go to the front by a pipe, as
// what is written to file descriptors 1 and 2 does: so what was printed is not lost with the worker. The
// runtime's part of the worker writes them too (interpreter/build/_overlay/runtime/prints.go).
type Print struct {
	Run    uint64
	Stderr bool
	Text   []byte
}

// Name is that of the stream.
func (p Print) Name() string {
	if p.Stderr {
		return "stderr"
	}
	return "stdout"
}

// A record is the number of the run, the length of the text in two bytes, whether it is of stderr, and a byte of
// nothing; then the text. It has to be written at once: a pipe does not mix up what two write that is no longer
// than mostRecord.
const (
	recordHead = 12
	mostRecord = 4096 // PIPE_BUF
)

// A PrintWriter writes Prints to a pipe.
type PrintWriter struct {
	to     io.Writer
	record [mostRecord]byte
}

// NewPrintWriter makes a PrintWriter. It may be used by one goroutine at a time.
func NewPrintWriter(to io.Writer) *PrintWriter { return &PrintWriter{to: to} }

// Write writes a text, in as many records as it takes.
func (w *PrintWriter) Write(p Print) error {
	r := w.record[:]
	binary.NativeEndian.PutUint64(r, p.Run)
	r[10] = 0
	if p.Stderr {
		r[10] = 1
	}
	for rest := p.Text; len(rest) > 0; {
		n := copy(r[recordHead:], rest)
		binary.NativeEndian.PutUint16(r[8:], uint16(n))
		if _, err := w.to.Write(r[:recordHead+n]); err != nil {
			return fmt.Errorf("link: writing what was printed: %w", err)
		}
		rest = rest[n:]
	}
	return nil
}

// Prints takes records apart, whatever pieces they come in.
type Prints struct{ rest []byte }

// Next takes what was read next, and calls f for each text. What follows each other in one stream of one run is
// one text. The text is f's only until it returns.
func (p *Prints) Next(data []byte, f func(Print)) error {
	if len(p.rest) > 0 {
		data = append(p.rest, data...)
	}
	var gathered Print
	for len(data) >= recordHead {
		n := int(binary.NativeEndian.Uint16(data[8:]))
		if n > mostRecord-recordHead || data[10] > 1 {
			return fmt.Errorf("link: a record of %d bytes of stream %d", n, data[10])
		}
		if len(data) < recordHead+n {
			break
		}
		next := Print{Run: binary.NativeEndian.Uint64(data), Stderr: data[10] == 1, Text: data[recordHead : recordHead+n]}
		if len(gathered.Text) > 0 && (next.Run != gathered.Run || next.Stderr != gathered.Stderr) {
			f(gathered)
			gathered.Text = gathered.Text[:0]
		}
		gathered = Print{next.Run, next.Stderr, append(gathered.Text, next.Text...)}
		data = data[recordHead+n:]
	}
	if len(gathered.Text) > 0 {
		f(gathered)
	}
	p.rest = append([]byte(nil), data...)
	return nil
}
