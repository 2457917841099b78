package supervisor

import (
	"bytes"
	"time"
	"unicode/utf8"
)

// A stream is a pipe for the text that is written to one of the standard files.
type stream struct {
	*pipe
	name string
	pass func(name, text string)

	// The pipe's mu is held for what follows.
	partial []byte // begin of a character whose rest has not come
	held    []byte // what may be the runtime's crash report
	timer   *time.Timer
}

func newStream(name string, pass func(name, text string)) (*stream, error) {
	s := &stream{name: name, pass: pass}
	var err error
	s.pipe, err = newPipe(s.take)
	return s, err
}

// take passes bytes on as text: whole characters only, and nothing that may be a crash report.
func (s *stream) take(data []byte) {
	if s.name == "stderr" && (len(s.held) > 0 || beginsReport(s.partial, data)) {
		s.hold(data)
		return
	}
	data = append(s.partial, data...)
	s.partial = nil
	if cut := incomplete(data); cut > 0 {
		s.partial = bytes.Clone(data[len(data)-cut:])
		data = data[:len(data)-cut]
	}
	if len(data) > 0 {
		s.pass(s.name, string(bytes.ToValidUTF8(data, []byte("\uFFFD"))))
	}
}

// incomplete is the length of a character's beginning at the end of data.
func incomplete(data []byte) int {
	for n := 1; n < utf8.UTFMax && n <= len(data); n++ {
		if c := data[len(data)-n]; utf8.RuneStart(c) {
			if utf8.FullRune(data[len(data)-n:]) {
				return 0
			}
			return n
		}
	}
	return 0
}
