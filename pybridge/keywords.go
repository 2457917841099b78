package pybridge

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/gopy-kernel/gopy-kernel/pybridge/internal/capi"
)

const (
	// fewKeywords is up to how many keywords the tuple of their names is kept.
	fewKeywords = 8
	// keywordSlots is how many tuples are found without a lock.
	keywordSlots = 256
	// maxKeywordNames bounds the tuples, for programs that make names up as they go.
	maxKeywordNames = 1 << 12
)

// keywordNames are the names of a call's keywords in the order in which Python gets them: by text, so
// that the same Kw gives the same call every time.
type keywordNames struct {
	names []capi.Handle // interned
	tuple capi.Handle   // never dropped
}

// A keywordTable finds the tuple for the names of a Kw, whatever order the map has them in. To make one
// for each call, and to sort, took longer than the call.
type keywordTable struct {
	recent [keywordSlots]atomic.Pointer[keywordNames]
	mu     sync.Mutex
	all    map[string]*keywordNames // by their texts, joined
}

// arrange writes the values of kw in the order of the names that it returns, or returns nil where it
// has no tuple for them.
func (r *Runtime) arrange(kw Kw, values *[fewKeywords]any) *keywordNames {
	if len(kw) > fewKeywords {
		return nil
	}
	var handles [fewKeywords]capi.Handle
	var found [fewKeywords]any
	n, sum := 0, uint64(0)
	for name, value := range kw {
		h := process.names.handle(name)
		if h == 0 {
			return nil
		}
		handles[n], found[n] = h, value
		sum += uint64(h)
		n++
	}
	k := process.keywords.find(r, kw, handles[:n], sum)
	if k == nil {
		return nil
	}
	for i, h := range handles[:n] {
		values[slices.Index(k.names, h)] = found[i]
	}
	return k
}

func (t *keywordTable) find(r *Runtime, kw Kw, handles []capi.Handle, sum uint64) *keywordNames {
	slot := &t.recent[sum>>4%keywordSlots]
	k := slot.Load()
	if k == nil || !k.are(handles) {
		if k = t.make(r, kw); k == nil {
			return nil
		}
		slot.Store(k)
	}
	return k
}

func (k *keywordNames) are(handles []capi.Handle) bool {
	if len(handles) != len(k.names) {
		return false
	}
	for _, h := range handles {
		if !slices.Contains(k.names, h) {
			return false
		}
	}
	return true
}

func (t *keywordTable) make(r *Runtime, kw Kw) *keywordNames {
	names := kw.names()
	joined := strings.Join(names, "\x00")
	t.mu.Lock()
	k, full := t.all[joined], len(t.all) >= maxKeywordNames
	t.mu.Unlock()
	if k != nil || full {
		return k
	}
	k = &keywordNames{}
	f := capi.NewFrame()
	defer f.Free()
	f.Container(capi.TagTuple, len(names))
	for _, name := range names {
		k.names = append(k.names, process.names.handle(name))
		r.putName(f, name)
	}
	f.Run(capi.WantHandle)
	if f.Kind() != capi.TagObject {
		_ = failure(f) // out of memory: the call will say so
		return nil
	}
	k.tuple = capi.Handle(f.Word())
	t.mu.Lock() // not before: who has it must not wait for the GIL
	defer t.mu.Unlock()
	if other := t.all[joined]; other != nil {
		return other
	}
	t.all[joined] = k
	return k
}

// names returns the names, sorted.
func (kw Kw) names() []string {
	names := make([]string, 0, len(kw))
	for name := range kw {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// encodeKw writes the tuple of the names and then the values.
func (r *Runtime) encodeKw(f *capi.Frame, kw Kw) error {
	var values [fewKeywords]any
	if k := r.arrange(kw, &values); k != nil {
		f.Object(k.tuple)
		for i, v := range values[:len(kw)] {
			if err := r.encode(f, v); err != nil {
				return fmt.Errorf("argument %s: %w", kw.names()[i], err)
			}
		}
		return nil
	}
	names := kw.names()
	f.Container(capi.TagTuple, len(names))
	for _, name := range names {
		r.putName(f, name)
	}
	for _, name := range names {
		if err := r.encode(f, kw[name]); err != nil {
			return fmt.Errorf("argument %s: %w", name, err)
		}
	}
	return nil
}
