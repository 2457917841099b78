//go:build cgo && linux

package capi

/*
#cgo CFLAGS: -std=gnu11 -O2 -Wall -fvisibility=hidden
#cgo LDFLAGS: -ldl -lpthread
#cgo noescape gopy_run
#cgo noescape gopy_free
#cgo nocallback gopy_free
#cgo nocallback gopy_interrupt
#include <stdlib.h>
#include "shim.h"
#include "words.h"
*/
import "C"

import (
	"errors"
	"runtime"
	"time"
	"unsafe"
)

// The two lists of words must agree: a difference is an index out of range, when this is compiled.
var (
	_ = [1]struct{}{}[TagNone-C.GOPY_NONE]
	_ = [1]struct{}{}[TagView-C.GOPY_VIEW]
	_ = [1]struct{}{}[TagExt-C.GOPY_EXT]
	_ = [1]struct{}{}[tagPackedInts-C.GOPY_PACKED_INTS]
	_ = [1]struct{}{}[tagPackedFloats-C.GOPY_PACKED_FLOATS]
	_ = [1]struct{}{}[TagNothing-C.GOPY_NOTHING]
	_ = [1]struct{}{}[TagBlock-C.GOPY_BLOCK]
	_ = [1]struct{}{}[StepCall-C.GOPY_CALL]
	_ = [1]struct{}{}[StepBuffer-C.GOPY_BUFFER]
	_ = [1]struct{}{}[StepMap-C.GOPY_MAP]
	_ = [1]struct{}{}[StepTable-C.GOPY_TABLE]
	_ = [1]struct{}{}[StepExplain-C.GOPY_EXPLAIN]
	_ = [1]struct{}{}[WantHandle-C.GOPY_WANT_HANDLE]
	_ = [1]struct{}{}[ExtGo-C.GOPY_EXT_GO]
	_ = [1]struct{}{}[ExtRule-C.GOPY_EXT_RULE]
	_ = [1]struct{}{}[headRules-C.GOPY_HEAD_RULES]
	_ = [1]struct{}{}[headSize-C.GOPY_HEAD_SIZE]
	_ = [1]struct{}{}[headDepth-C.GOPY_HEAD_DEPTH]
	_ = [1]struct{}{}[headText-C.GOPY_HEAD_TEXT]
	_ = [1]struct{}{}[headWords-C.GOPY_HEAD_WORDS]
	_ = [1]struct{}{}[headKind-C.GOPY_HEAD_RESULT]
	_ = [1]struct{}{}[fewLength-C.GOPY_FEW_LENGTH_SHIFT]
)

// The words of a block are those of a frame's head.
var _ = [1]struct{}{}[unsafe.Sizeof(C.struct_gopy_result{})-5*8]

// Supported returns why this program can run no Python, or nil.
func Supported() error { return nil }

// Load opens libpython and returns its version text. It may be called once.
func Load(library string) (version string, err error) {
	path := C.CString(library)
	defer C.free(unsafe.Pointer(path))
	if err := message(C.gopy_load(path)); err != nil {
		return "", err
	}
	return C.GoString(C.gopy_version()), nil
}

// Preload opens a library that libpython's extensions are to find before others of its name.
func Preload(library string) error {
	path := C.CString(library)
	defer C.free(unsafe.Pointer(path))
	return message(C.gopy_preload(path))
}

// Start starts the interpreter. The calling goroutine must be locked to its thread, which becomes
// Python's main thread. argv is a command line: the interpreter's path and options.
func Start(argv []string, h Hooks) error {
	hooks.Store(&h)
	args := make([]*C.char, len(argv)+1)
	for i, a := range argv {
		args[i] = C.CString(a)
		defer C.free(unsafe.Pointer(args[i]))
	}
	var pins runtime.Pinner
	defer pins.Unpin()
	pins.Pin(&args[0])
	if h.Print != nil {
		C.gopy_offer_prints()
	}
	return message(C.gopy_start(C.int(len(argv)), &args[0]))
}

func message(m *C.char) error {
	if m == nil {
		return nil
	}
	defer C.free(unsafe.Pointer(m))
	return errors.New(C.GoString(m))
}

// OnMainThread reports whether the calling goroutine runs on the thread the process began with.
func OnMainThread() bool { return C.gopy_on_main_thread() != 0 }

// Run runs the program in the frame. Where too many threads want the interpreter it waits its turn.
func (f *Frame) Run(want Want) {
	f.head[headWant] = uint64(want)
	f.head[headForce] = 0
	f.lent = f.lent[:0]
	f.run()
	if f.Kind() == TagBusy {
		f.runInTurn()
	}
}

// RunFew runs one step on an object with few arguments: what is the sum of their FewArg, and args are
// their words. The name is that of a method or an attribute, or the tuple of the names of keywords. It
// reports false where a frame must be used instead, because too many threads want the interpreter.
func RunFew(step Step, want Want, target, name Handle, what uint64, args *[MaxFew]uint64) (r Result, ok bool) {
	what |= uint64(step) | uint64(want)<<8
	res := C.gopy_few(C.uint64_t(what), C.uint64_t(target), C.uint64_t(name),
		C.uint64_t(args[0]), C.uint64_t(args[1]), C.uint64_t(args[2]), C.uint64_t(args[3]))
	return Result{uint64(res.kind), uint64(res.a)}, res.kind != C.GOPY_BUSY
}

func (f *Frame) run() {
	C.gopy_run((*C.uint64_t)(unsafe.Pointer(&f.head[0])), (*C.uint64_t)(unsafe.Pointer(&f.in[0])), C.uint64_t(len(f.in)))
}

// turns lets only so many threads more than thread.c allows into the interpreter at a time.
var turns = make(chan struct{}, 64)

// runInTurn runs a frame that was refused. A turn that does not come within a second is taken: those
// who have one may be waiting for us.
func (f *Frame) runInTurn() {
	wait := time.NewTimer(time.Second)
	defer wait.Stop()
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
	case <-wait.C:
	}
	f.head[headForce] = 1
	f.run()
}

// Release drops references that Go owns. A handle with its lowest bit set is an open buffer.
func Release(refs []Handle) {
	if len(refs) > 0 {
		C.gopy_release((*C.uint64_t)(unsafe.Pointer(&refs[0])), C.uint64_t(len(refs)))
	}
}

// Hold takes the GIL for the calling thread until Unhold. The goroutine must be locked to its thread.
func Hold() { C.gopy_hold() }

// Unhold drops the GIL that Hold took.
func Unhold() { C.gopy_unhold() }

// SetClassifier sets the Python function that is asked about types which words cannot carry.
func SetClassifier(h Handle) { C.gopy_set_classifier(C.uint64_t(h)) }

// SetRules sets the rules for what Python passes to Go functions, as Frame.Rules does it for a result; 0
// for none.
func SetRules(h Handle) { C.gopy_set_rules(C.uint64_t(h)) }

// SetCarrier sets the base class of exceptions that carry a Go value.
func SetCarrier(h Handle) { C.gopy_set_carrier(C.uint64_t(h)) }

// Interrupt asks Python's main thread to raise KeyboardInterrupt, and reports whether that thread is
// inside Python. It waits for nothing.
func Interrupt() bool { return C.gopy_interrupt() != 0 }

// Wake ends a system call in which Python's main thread waits, so that Python looks whether it was
// interrupted, and goes on waiting if not.
func Wake() { C.gopy_wake() }

// InterruptThread raises KeyboardInterrupt in Python code of another thread, or, with on false, takes
// back one that has not been raised yet. It waits for the GIL.
func InterruptThread(id uint64, on bool) {
	flag := C.int(0)
	if on {
		flag = 1
	}
	C.gopy_interrupt_thread(C.uint64_t(id), flag)
}

// ThreadID returns the number by which Python knows the calling thread.
func ThreadID() uint64 { return uint64(C.gopy_thread_id()) }

// ReclaimSignals gives SIGINT back to Go, and reports whether Python code had taken it.
func ReclaimSignals() bool { return C.gopy_reclaim_signals() != 0 }

// InCallback reports whether the calling goroutine is in a Go function that Python called.
func InCallback() bool { return C.gopy_in_callback() != 0 }

// AbandonCallback says that the Go function that Python called here will never return.
func AbandonCallback() { C.gopy_abandon_callback() }

// Threads returns how many threads have a Python thread state of ours.
func Threads() int { return int(C.gopy_threads()) }

func freeC(word uint64) { C.gopy_free(C.uint64_t(word)) }

// copyToC returns the address of a copy of the words that C frees.
func copyToC(words []uint64) uint64 {
	p := C.malloc(C.size_t(len(words) * 8))
	copy(unsafe.Slice((*uint64)(p), len(words)), words)
	return uint64(uintptr(p))
}
