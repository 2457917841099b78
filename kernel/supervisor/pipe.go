package supervisor

import (
	"fmt"
	"os"
	"sync"
	"syscall"
	"unsafe"
)

// A pipe reads what the worker and its children write to one of their file descriptors. It reads
// all the time, so that they never wait for long, and on demand, so that what was written before
// some moment is passed on before what happens then.
type pipe struct {
	reader *os.File
	writer *os.File
	take   func(data []byte) // is called with mu held, and may keep nothing

	mu     sync.Mutex
	fd     int // of reader; -1 when it is closed
	buffer []byte
}

// pipeSize is the largest that an ordinary user may ask for.
const pipeSize = 1 << 20

func newPipe(take func(data []byte)) (*pipe, error) {
	p := &pipe{take: take, buffer: make([]byte, 1<<16)}
	var err error
	if p.reader, p.writer, err = os.Pipe(); err != nil {
		return nil, fmt.Errorf("making a pipe for the worker: %w", err)
	}
	raw, err := p.reader.SyscallConn()
	if err != nil {
		return nil, err
	}
	return p, raw.Control(func(fd uintptr) {
		p.fd = int(fd)           // not reader.Fd(), which makes reads block
		const setPipeSize = 1031 // F_SETPIPE_SZ
		// A pipe of the ordinary size does as well, only slower.
		_, _, _ = syscall.Syscall(syscall.SYS_FCNTL, fd, setPipeSize, pipeSize)
	})
}

// closeWriter gives up the supervisor's own copy of the end that the worker has.
func (p *pipe) closeWriter() { p.writer.Close() }

// run reads until all writers are gone.
func (p *pipe) run() {
	raw, err := p.reader.SyscallConn()
	if err != nil {
		return
	}
	// The function is called again when there is something to read.
	_ = raw.Read(func(uintptr) (ended bool) {
		for {
			p.mu.Lock()
			n, again := p.read(len(p.buffer))
			p.mu.Unlock()
			if again || n <= 0 {
				return !again
			}
		}
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	p.fd = -1
	p.reader.Close()
}

// read passes on what is there, at most so many bytes. mu is held.
func (p *pipe) read(most int) (n int, again bool) {
	for {
		n, err := syscall.Read(p.fd, p.buffer[:min(most, len(p.buffer))])
		switch err {
		case nil:
			p.take(p.buffer[:n])
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
func (p *pipe) drain() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.fd < 0 {
		return
	}
	for left := available(p.fd); left > 0; {
		n, again := p.read(left)
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
