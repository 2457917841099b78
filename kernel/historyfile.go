package kernel

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/gopy-kernel/gopy-kernel/messaging"
)

// A historyFile has the cells of all sessions, those of kernels that run at the same time too. It is only
// appended to, a line of JSON for a cell, so that a kernel which is killed costs the others nothing: a line
// that was not finished is skipped. ipykernel has a database for this; 4 MB of text need none.
//
// What cannot be written or read is logged, once, and else does no harm.
type historyFile struct {
	path   string
	logger *slog.Logger
	failed sync.Once
	queue  chan messaging.HistoryEntry // never closed: a cell that does not end may still be added
	closed chan struct{}
	ended  chan struct{}

	counted chan struct{} // closed when number is known
	number  int
}

// Bounds of the file, in bytes. When it has grown beyond the first, the older half is dropped. A cell that
// is larger than maxHistoryLine would drop too many others, and is left out.
const (
	maxHistoryFile = 4 << 20
	maxHistoryLine = maxHistoryFile / 16
)

// historyQueue is how many cells may wait for a slow disk before one is left out.
const historyQueue = 1024

func newHistoryFile(path string, logger *slog.Logger) *historyFile {
	return &historyFile{
		path: path, logger: logger, queue: make(chan messaging.HistoryEntry, historyQueue),
		closed: make(chan struct{}), ended: make(chan struct{}), counted: make(chan struct{}),
	}
}

// A historyLine is a line of the file. Without a line number it says that the session has begun, so that the
// next one gets another number; the newest of these lines has the highest.
type historyLine struct {
	Session int    `json:"session"`
	Line    int    `json:"line,omitempty"`
	Input   string `json:"input,omitempty"`
}

// run writes what is added until close.
func (f *historyFile) run() {
	defer close(f.ended)
	if err := f.beginSession(); err != nil {
		f.fail(err)
	}
	for {
		select {
		case e := <-f.queue:
			f.keep(e)
			continue
		default:
		}
		select {
		case e := <-f.queue:
			f.keep(e)
		case <-f.closed:
			return
		}
	}
}

func (f *historyFile) keep(e messaging.HistoryEntry) {
	if err := f.write(historyLine{Session: f.number, Line: e.Line, Input: e.Input}); err != nil {
		f.fail(err)
	}
}

func (f *historyFile) fail(err error) {
	f.failed.Do(func() { f.logger.Warn("the history is not kept", "error", err) })
}

// add does not wait: a cell must not do so for a disk.
func (f *historyFile) add(e messaging.HistoryEntry) {
	select {
	case f.queue <- e:
	default:
		f.fail(errors.New("the disk is too slow"))
	}
}

func (f *historyFile) close(patience time.Duration) bool {
	close(f.closed)
	select {
	case <-f.ended:
		return true
	case <-time.After(patience):
		return false
	}
}

// session waits until it is known, which is at most as long as lock waits.
func (f *historyFile) session() int {
	<-f.counted
	return f.number
}

// beginSession numbers the session, also where the file can only be read.
func (f *historyFile) beginSession() error {
	defer close(f.counted)
	file, err := f.lock()
	if err == nil {
		defer file.Close()
	}
	f.number = lastSession(f.text()) + 1
	if err != nil {
		return err
	}
	return appendLine(file, historyLine{Session: f.number})
}

func (f *historyFile) write(line historyLine) error {
	file, err := f.lock()
	if err != nil {
		return err
	}
	defer file.Close()
	if err := appendLine(file, line); err != nil {
		return err
	}
	if info, err := file.Stat(); err != nil || info.Size() <= maxHistoryFile {
		return err
	}
	return f.shorten()
}

// lockTime is how long another kernel may be at the file. It needs a millisecond, or ten when it shortens it.
const lockTime = time.Second

// lock opens the file for this kernel alone, until it is closed. Reading needs no lock.
func (f *historyFile) lock() (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(f.path), 0o700); err != nil {
		return nil, err
	}
	for deadline := time.Now().Add(lockTime); ; time.Sleep(time.Millisecond) {
		file, err := os.OpenFile(f.path, os.O_RDWR|os.O_APPEND|os.O_CREATE|syscall.O_NONBLOCK, 0o600)
		if err != nil {
			return nil, err
		}
		if err = f.tryLock(file); err == nil {
			return file, nil
		}
		file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) || time.Now().After(deadline) {
			return nil, fmt.Errorf("locking %s: %w", f.path, err)
		}
	}
}

// tryLock fails with EWOULDBLOCK where trying again is worth it: another kernel has the lock, or had it and
// put another file in place of this one.
func (f *historyFile) tryLock(file *os.File) error {
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return err
	}
	ours, err := file.Stat()
	if err != nil {
		return err
	}
	if !ours.Mode().IsRegular() {
		return errNotRegular
	}
	if there, err := os.Stat(f.path); err != nil || !os.SameFile(ours, there) {
		return syscall.EWOULDBLOCK
	}
	return nil
}

// appendLine writes a line by one call. If the line before it was not finished, it finishes that.
func appendLine(file *os.File, line historyLine) error {
	text, err := messaging.Encode(line)
	if err != nil || len(text) > maxHistoryLine {
		return err
	}
	info, err := file.Stat()
	if err != nil {
		return err
	}
	last := []byte{'\n'}
	if info.Size() > 0 {
		if _, err := file.ReadAt(last, info.Size()-1); err != nil {
			return err
		}
	}
	if last[0] != '\n' {
		text = append([]byte{'\n'}, text...)
	}
	_, err = file.Write(append(text, '\n'))
	return err
}

// shorten drops the older half of the file. It is called with the lock held. Who reads meanwhile sees the
// old file or the new one.
func (f *historyFile) shorten() error {
	text := f.text()
	begin, err := messaging.Encode(historyLine{Session: lastSession(text)})
	if err != nil {
		return err
	}
	_, kept, _ := bytes.Cut(text[len(text)/2:], []byte{'\n'})
	shorter := f.path + ".new"
	if err := os.WriteFile(shorter, append(append(begin, '\n'), kept...), 0o600); err != nil {
		return err
	}
	return os.Rename(shorter, f.path)
}

// text is what the file holds; nothing if there is none yet, or it cannot be read.
func (f *historyFile) text() []byte {
	text, err := readEnd(f.path, 2*maxHistoryFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.fail(err)
	}
	return text
}

// readEnd reads at most so many bytes: the file may have been filled by somebody else.
func readEnd(path string, most int64) ([]byte, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("reading %s: %w", path, errNotRegular)
	}
	if err != nil {
		return nil, err
	}
	skipped := max(0, info.Size()-most)
	return io.ReadAll(io.NewSectionReader(file, skipped, info.Size()-skipped))
}

var errNotRegular = errors.New("it is no regular file")

// newest lists the cells backwards.
func (f *historyFile) newest() iter.Seq[messaging.HistoryEntry] {
	return func(yield func(messaging.HistoryEntry) bool) {
		for line := range linesBackward(f.text()) {
			if line.Line > 0 && !yield(messaging.HistoryEntry{Session: line.Session, Line: line.Line, Input: line.Input}) {
				return
			}
		}
	}
}

// lastSession is the number of the session that began last; 0 if none did.
func lastSession(text []byte) int {
	for line := range linesBackward(text) {
		if line.Line == 0 {
			return line.Session
		}
	}
	return 0
}

// linesBackward skips what is no line of ours.
func linesBackward(text []byte) iter.Seq[historyLine] {
	return func(yield func(historyLine) bool) {
		for len(text) > 0 {
			at := bytes.LastIndexByte(text, '\n')
			var line historyLine
			if json.Unmarshal(text[at+1:], &line) == nil && line.Session > 0 && !yield(line) {
				return
			}
			text = text[:max(at, 0)]
		}
	}
}
