package pybridge

import (
	"sync"
	"sync/atomic"
	"unsafe"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

// Names of attributes and methods are looked up by the address of their text first: in a program
// they are constants. An interned name saves CPython 50 ns at each use.
const (
	nameSlots = 512
	// maxNames bounds the table, for programs that make names up as they go.
	maxNames = 1 << 14
)

type name struct {
	text   string
	handle capi.Handle // never dropped
}

type nameTable struct {
	recent [nameSlots]atomic.Pointer[name]
	mu     sync.Mutex
	all    map[string]*name
}

// putName writes a name, interned if the table has room for it.
func (r *Runtime) putName(f *capi.Frame, text string) {
	if h := process.names.handle(text); h != 0 {
		f.Object(h)
	} else {
		f.Str(text)
	}
}

// handle returns the interned name, or 0.
func (t *nameTable) handle(text string) capi.Handle {
	slot := &t.recent[uintptr(unsafe.Pointer(unsafe.StringData(text)))>>3%nameSlots]
	n := slot.Load()
	if n == nil || n.text != text {
		if n = t.find(text); n == nil {
			return 0
		}
		slot.Store(n)
	}
	return n.handle
}

func (t *nameTable) find(text string) *name {
	t.mu.Lock()
	n, full := t.all[text], len(t.all) >= maxNames
	t.mu.Unlock()
	if n != nil || full {
		return n
	}
	n = intern(text)
	if n == nil {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if other := t.all[n.text]; other != nil {
		return other
	}
	t.all[n.text] = n
	return n
}

func intern(text string) *name {
	f := capi.NewFrame()
	defer f.Free()
	f.Str(text)
	f.Step(capi.StepIntern, 0)
	f.Run(capi.WantHandle)
	if f.Kind() != capi.TagObject {
		_ = failure(f) // a name that is no text: whoever uses it gets the error
		return nil
	}
	// The text is copied: it may be part of something large.
	return &name{text: string([]byte(text)), handle: capi.Handle(f.Word())}
}
