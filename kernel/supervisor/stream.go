package supervisor

import (
	"bytes"
	"os"
	"sync"
	"syscall"
	"time"
	"unicode/utf8"
	"unsafe"
)

// A stream reads what the worker and its children write to one of their file descriptors. It reads
// all the time, so that they never wait for long, and on demand, so that what was written before
// some moment is passed on before what happens then.
type stream struct {
	name   string
	reader *os.File
	writer *os.File
	pass   func(name, text string)

	mu      sync.Mutex
	fd      int // of reader; -1 when it is closed
	buffer  []byte
	partial []byte // begin of a character whose rest has not come
	held    []byte // what may be the runtime's crash report
	timer   *time.Timer
}

// pipeSize is the largest that an ordinary user may ask for.
const pipeSize = 1 << 20

func newStream(name string, pass func(name, text string)) (*stream, error) {
	s := &stream{name: name, pass: pass, buffer: make([]byte, 1<<16)}
	var err error
	if s.reader, s.writer, err = os.Pipe(); err != nil {
		return nil, err
	}
	raw, err := s.reader.SyscallConn()
	if err != nil {
		return nil, err
	}
	return s, raw.Control(func(fd uintptr) {
		s.fd = int(fd)           // not reader.Fd(), which makes reads block
		const setPipeSize = 1031 // F_SETPIPE_SZ
		// A pipe of the ordinary size does as well, only slower.
		_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, fd, setPipeSize, pipeSize)
	})
}

// closeWriter gives up the supervisor's own copy of the end that the worker has.
func (s *stream) closeWriter() { s.writer.Close() }

// run reads until all writers are gone.
func (s *stream) run() {
	raw, err := s.reader.SyscallConn()
	if err != nil {
		return
	}
	// The function is called again when there is something to read.
	_ = raw.Read(func(uintptr) (ended bool) {
		for {
			s.mu.Lock()
			n, again := s.read(len(s.buffer))
			s.mu.Unlock()
			if again || n <= 0 {
				return !again
			}
		}
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fd = -1
	s.reader.Close()
}

// read passes on what is there, at most so many bytes. mu is held.
func (s *stream) read(most int) (n int, again bool) {
	for {
		n, err := syscall.Read(s.fd, s.buffer[:min(most, len(s.buffer))])
		switch err {
		case nil:
			s.take(s.buffer[:n])
			return n, false
		case syscall.EINTR:
		case syscall.EAGAIN:
			return 0, true
		default:
			return 0, false
		}
	}
}

// drain passes on what is in the pipe now. What comes meanwhile waits: a goroutine that writes for
// ever must not keep a cell from ending.
func (s *stream) drain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.fd < 0 {
		return
	}
	for left := available(s.fd); left > 0; {
		n, again := s.read(left)
		if n <= 0 || again {
			return
		}
		left -= n
	}
}

func available(fd int) int {
	var n int32
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.TIOCINQ, uintptr(unsafe.Pointer(&n))); errno != 0 {
		return 0
	}
	return int(n)
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
