package pybridge

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
	"syscall"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// CaptureAll runs f and returns everything that the process wrote to its standard output and standard error meanwhile,
// instead of showing it: also what C code prints, what child processes print that have no other place for it, what
// other goroutines and threads print, and Go itself. It goes to temporary files, so there is no limit but the disk.
//
// Captures nest, each with each other: what an inner one takes an outer one does not get. A child process that goes on
// when f has returned keeps writing to where nobody reads.
func (r *Runtime) CaptureAll(f func() error) (out Output, err error) {
	unlock := lockThread() // the thread is how Python's side knows whose output it is
	defer unlock()
	flush, err := r.helper("gopy_kernel.capture", "flush")
	if err != nil {
		return out, err
	}
	pass, err := r.helper("gopy_kernel.capture", "pass_on")
	if err != nil {
		return out, err
	}
	end, err := r.helper("gopy_kernel.capture", "end")
	if err != nil {
		return out, err
	}
	passing, err := pass.Call()
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, apart(end, "__call__", passing)) }()
	if _, err := flush.Call(); err != nil {
		return out, err
	}
	files, err := process.descriptors.begin()
	if err != nil {
		return out, fmt.Errorf("capturing what the process writes: %w", err)
	}
	defer func() {
		flushErr := apart(flush, "__call__")
		text, endErr := process.descriptors.end(files)
		if endErr != nil {
			endErr = fmt.Errorf("taking what the process has written: %w", endErr)
		}
		out, err = text, errors.Join(err, flushErr, endErr)
	}()
	return out, f()
}

// descriptors knows where standard output and standard error lead to. Captures may end in any order: goroutines
// that capture know nothing of each other.
type descriptors struct {
	mu    sync.Mutex
	saved [2]int     // copies of them from before the first capture: os.File would change what they share
	open  []captured // the innermost last
}

// captured are the files for standard output and standard error.
type captured [2]*os.File

func (d *descriptors) begin() (files captured, err error) {
	if files, err = temporary(); err != nil {
		return files, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.open) == 0 {
		if err := d.save(); err != nil {
			return files, errors.Join(err, files.close())
		}
	}
	if err := files.use(); err != nil {
		return files, errors.Join(err, files.close())
	}
	d.open = append(d.open, files)
	return files, nil
}

func (d *descriptors) end(files captured) (Output, error) {
	d.mu.Lock()
	at := slices.Index(d.open, files)
	d.open = slices.Delete(d.open, at, at+1)
	var err error
	switch {
	case at < len(d.open): // what comes is that of a capture that began later
	case at > 0:
		err = d.open[at-1].use()
	default:
		err = errors.Join(capi.Redirect(d.saved[0], d.saved[1]), syscall.Close(d.saved[0]), syscall.Close(d.saved[1]))
	}
	d.mu.Unlock()
	stdout, readErr := contents(files[0])
	stderr, alsoErr := contents(files[1])
	return Output{stdout, stderr}, errors.Join(err, readErr, alsoErr, files.close())
}

func (c captured) use() error { return capi.Redirect(int(c[0].Fd()), int(c[1].Fd())) }

func (c captured) close() error { return errors.Join(c[0].Close(), c[1].Close()) }

func (d *descriptors) save() (err error) {
	if d.saved[0], err = capi.CopyDescriptor(1); err != nil {
		return err
	}
	if d.saved[1], err = capi.CopyDescriptor(2); err != nil {
		return errors.Join(err, syscall.Close(d.saved[0]))
	}
	return nil
}

// temporary makes files without names. A pipe would have to be read while f runs, by somebody who does not wait for
// what f holds.
func temporary() (files captured, err error) {
	for i := range files {
		files[i], err = os.CreateTemp("", "gopy-capture-")
		if err == nil {
			err = os.Remove(files[i].Name())
		}
		if err != nil {
			for _, f := range files[:i] {
				_ = f.Close()
			}
			return files, err
		}
	}
	return files, nil
}

// contents reads from the beginning, and leaves the place where others write as it is.
func contents(f *os.File) (string, error) {
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(io.NewSectionReader(f, 0, info.Size()))
	return string(text), err
}
