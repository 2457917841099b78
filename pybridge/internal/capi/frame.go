package capi

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"unsafe"
)

// shortText is up to which size a text is copied into the frame. Pinning a longer one for the call
// costs 34 ns, copying this much less.
const shortText = 256

// keptWords is how large a block a frame may keep between calls.
const keptWords = 1 << 12

// A Frame carries one call over the border: a value and steps in, a result out. Get one with
// NewFrame, write into it, Run it, read the result, Free it. A frame belongs to one goroutine.
type Frame struct {
	head   [headSize]uint64
	in     []uint64
	few    [40]uint64
	pins   runtime.Pinner
	inline bool // texts are copied whatever their size: the frame's words outlive the call
	lent   []lent
	kept   []any
	args   Reader // of the callback whose result the frame takes
	aux    any
}

// A Go value that was written into a frame by its id. Python's side tells when it has dropped it,
// but only if it ever gets it.
type lent struct {
	at int
	id uint64
}

var frames = sync.Pool{New: func() any {
	f := new(Frame)
	f.in = f.few[:0]
	return f
}}

// NewFrame returns an empty frame.
func NewFrame() *Frame { return frames.Get().(*Frame) }

// Free gives back the frame with what it holds of the result; a text or a reader of it must not be
// used any more.
func (f *Frame) Free() {
	f.forget(0)
	f.pins.Unpin()
	if f.head[headStream] != 0 {
		f.freeResult()
	}
	f.in = f.in[:0]
	if cap(f.in) > keptWords {
		f.in = f.few[:0]
	}
	f.inline = false
	f.args = Reader{}
	clear(f.kept)
	f.kept = f.kept[:0]
	if cap(f.kept) > keptWords {
		f.kept = nil
	}
	f.head[headDepth] = 0
	if f.aux != nil {
		f.aux, f.head[headRules] = nil, 0
	}
	frames.Put(f)
}

// Rules sets what of the result the caller converts itself: a mapping of types to the numbers of rules, or
// to None. The frame keeps what the rules are for the caller, which Aux returns.
func (f *Frame) Rules(h Handle, aux any) { f.head[headRules], f.aux = uint64(h), aux }

// Aux returns what Rules was given, or nil.
func (f *Frame) Aux() any { return f.aux }

func (f *Frame) put(words ...uint64) { f.in = append(f.in, words...) }

// None adds None.
func (f *Frame) None() { f.in = append(f.in, uint64(TagNone)) }

// Bool adds a bool.
func (f *Frame) Bool(v bool) {
	if v {
		f.in = append(f.in, uint64(TagTrue))
	} else {
		f.in = append(f.in, uint64(TagFalse))
	}
}

// Int adds an int.
func (f *Frame) Int(v int64) { f.in = append(f.in, uint64(TagInt), uint64(v)) }

// Uint adds an int.
func (f *Frame) Uint(v uint64) {
	if v <= math.MaxInt64 {
		f.Int(int64(v))
	} else {
		f.put(uint64(TagUint), v)
	}
}

// Float adds a float.
func (f *Frame) Float(v float64) { f.in = append(f.in, uint64(TagFloat), math.Float64bits(v)) }

// Complex adds a complex.
func (f *Frame) Complex(v complex128) {
	f.put(uint64(TagComplex), math.Float64bits(real(v)), math.Float64bits(imag(v)))
}

// Str adds a str. The text must not change before Free.
func (f *Frame) Str(s string) { f.text(TagStr, TagStrRef, s) }

// Bytes adds a bytes. The slice must not change before Free.
func (f *Frame) Bytes(b []byte) {
	f.text(TagBytes, TagBytesRef, unsafe.String(unsafe.SliceData(b), len(b)))
}

// BigInt adds an int given in base 16, with its sign.
func (f *Frame) BigInt(digits string) {
	f.in = append(f.in, header(TagBigInt, len(digits)))
	f.copyText(digits)
}

func (f *Frame) text(short, long Tag, s string) {
	if len(s) <= shortText || f.inline {
		f.in = append(f.in, header(short, len(s)))
		f.copyText(s)
		return
	}
	p := unsafe.StringData(s)
	f.pins.Pin(p)
	f.in = append(f.in, header(long, len(s)), uint64(uintptr(unsafe.Pointer(p))))
}

func (f *Frame) copyText(s string) {
	n := textWords(len(s))
	at := len(f.in)
	for range n {
		f.in = append(f.in, 0)
	}
	copy(unsafe.Slice((*byte)(unsafe.Pointer(&f.in[at])), n*8), s)
}

// Object adds a reference. Who owns the handle must be kept: see Keep.
func (f *Frame) Object(h Handle) { f.in = append(f.in, uint64(TagObject), uint64(h)) }

// Keep keeps what a handle in the words belongs to: until Free, and, in the result of a function that
// Python called, until Python's side has taken it, which is after Free.
func (f *Frame) Keep(owner any) { f.kept = append(f.kept, owner) }

// takeKept returns what is kept as one value, nil if it is nothing.
func (f *Frame) takeKept() any {
	switch len(f.kept) {
	case 0:
		return nil
	case 1:
		return f.kept[0]
	}
	return slices.Clone(f.kept)
}

// Container opens a list, tuple or set of n values, or a dict of n pairs, which are added next.
func (f *Frame) Container(t Tag, n int) { f.in = append(f.in, header(t, n)) }

// Mark returns where the next value goes, for Rewind and for SetCount.
func (f *Frame) Mark() int { return len(f.in) }

// Rewind takes back what was added since the mark.
func (f *Frame) Rewind(mark int) {
	f.forget(mark)
	f.in = f.in[:mark]
}

// forget gives back the ids of Go values that were added since the mark.
func (f *Frame) forget(mark int) {
	for len(f.lent) > 0 && f.lent[len(f.lent)-1].at >= mark {
		hooks.Load().Forget(f.lent[len(f.lent)-1].id)
		f.lent = f.lent[:len(f.lent)-1]
	}
}

// lend notes an id that is added next.
func (f *Frame) lend(id uint64) { f.lent = append(f.lent, lent{len(f.in), id}) }

// SetCount corrects the count of the container that was opened at the mark.
func (f *Frame) SetCount(mark, n int) { f.in[mark] = header(Tag(f.in[mark]&0xff), n) }

// Build opens a call that makes a value: the callable is added next, then n arguments (at most 8).
func (f *Frame) Build(n int) { f.in = append(f.in, header(TagBuild, n)) }

// Raise says that the exception that is added next is the result of a function.
func (f *Frame) Raise() { f.in = append(f.in, uint64(TagRaise)) }

// Ref adds an object that carries the id of a Go value. Hooks.Forget gets the id when Python has
// dropped it, or when the frame is given up before it was run; so it does for Func and Array.
func (f *Frame) Ref(id uint64) {
	f.lend(id)
	f.put(uint64(TagRef), id)
}

// Func adds a Go function with so many parameters, without a variadic one.
func (f *Frame) Func(id uint64, params int, flags uint64, depths FuncDepths, name, doc string) {
	f.lend(id)
	f.put(header(TagFunc, params), id, flags, uint64(depths))
	f.in = append(f.in, header(TagStr, len(name)))
	f.copyText(name)
	f.in = append(f.in, header(TagStr, len(doc)))
	f.copyText(doc)
}

// An Array describes Go memory that Python is to use: pinned, and held until Hooks.Forget gets ID.
type Array struct {
	ID       uint64
	Address  unsafe.Pointer // of the element whose indices are all zero
	ItemSize int
	Shape    []int
	Strides  []int  // in bytes, as many as dimensions
	Format   string // as in PEP 3118
	ReadOnly bool
}

// Array adds a numpy array, or a memoryview where there is no numpy, over Go memory.
func (f *Frame) Array(a Array) {
	size := a.ItemSize
	for _, n := range a.Shape {
		size *= n
	}
	f.lend(a.ID)
	readOnly := uint64(0)
	if a.ReadOnly {
		readOnly = 1
	}
	f.put(header(TagArray, len(a.Shape)), a.ID, uint64(uintptr(a.Address)), uint64(size), uint64(a.ItemSize), readOnly)
	for _, n := range a.Shape {
		f.in = append(f.in, uint64(n))
	}
	for _, n := range a.Strides {
		f.in = append(f.in, uint64(n))
	}
	f.in = append(f.in, header(TagStr, len(a.Format)))
	f.copyText(a.Format)
}

// Step adds a step that takes no name and no keywords; n says how many values follow it.
func (f *Frame) Step(s Step, n int) { f.in = append(f.in, uint64(s)|uint64(n)<<8) }

// Call adds a call: positional values follow, then for each keyword its name and its value. For
// StepMethod the name of the method comes before them.
func (f *Frame) Call(s Step, positional, keywords int) {
	f.in = append(f.in, uint64(s)|uint64(positional)<<8|uint64(keywords)<<32)
}

// Depth says that containers this deep inside others stay references; 0, as in a new frame, that
// none do.
func (f *Frame) Depth(n int) { f.head[headDepth] = uint64(n) }

// Kind returns what the result is: a tag of words.go.
func (f *Frame) Kind() Tag { return Tag(f.head[headKind]) }

// Word returns the payload of a result: the bits of a number, or a handle.
func (f *Frame) Word() uint64 { return f.head[headA] }

// Carried returns the id of the Go value that the exception of a result carries, 0 if none.
func (f *Frame) Carried() uint64 { return f.head[headB] }

// Text returns the text of a result of kind TagStr or TagStrRef, as a copy.
func (f *Frame) Text() string {
	n := int(f.head[headA])
	if f.Kind() == TagStr {
		return string(unsafe.Slice((*byte)(unsafe.Pointer(&f.head[headText])), n))
	}
	return string(unsafe.Slice((*byte)(address(f.head[headStream])), n))
}

// Reader returns the words of a result of kind TagStream or TagError, valid until Free.
func (f *Frame) Reader() *Reader {
	n := int(f.head[headWords])
	if n == 0 {
		return &Reader{}
	}
	return &Reader{words: unsafe.Slice((*uint64)(address(f.head[headStream])), n)}
}

// freeResult frees what the C side left for Go: words, or the str that a long text belongs to.
func (f *Frame) freeResult() {
	if f.Kind() == TagStrRef {
		Release([]Handle{Handle(f.head[headB])})
	} else {
		freeC(f.head[headStream])
	}
	f.head[headStream] = 0
}

// address turns a word into a pointer to memory that C owns; the detour keeps vet quiet, which
// cannot know that no Go pointer is involved.
func address(word uint64) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&word)) }

// Number returns the payload of a result of kind TagFloat.
func (f *Frame) Number() float64 { return math.Float64frombits(f.head[headA]) }

// Value returns the words of a result whatever its kind, valid until Free. A handle in it is owned by
// whoever reads it.
func (f *Frame) Value() *Reader {
	switch kind := f.Kind(); kind {
	case TagStream, TagError:
		return f.Reader()
	case TagStr, TagStrRef:
		text := f.Text()
		w := Frame{inline: true}
		w.Str(text)
		return &Reader{words: w.in}
	case TagNone, TagTrue, TagFalse:
		return &Reader{words: []uint64{uint64(kind)}}
	default:
		return &Reader{words: []uint64{uint64(kind), f.head[headA]}}
	}
}
