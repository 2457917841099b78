package capi

import (
	"math"
	"unsafe"
)

// MaxFew is how many arguments RunFew takes.
const MaxFew = 4

// fewLength is the bit above which the length of a text stands, in the word with its address.
const fewLength = 48

// FewArg returns what argument i adds to the word that describes arguments.
func FewArg(t Tag, i int) uint64 { return 1<<16 | uint64(t)<<(24+8*i) }

// FewKeywords returns what n keywords among the arguments, the last ones, add to that word.
func FewKeywords(n int) uint64 { return uint64(n) << 56 }

// FewText returns a text as an argument, or the tag 0 if it is too long for that. The text must stay
// reachable until RunFew returns. It is not pinned: that costs more than the call, and is for a collector
// that moves memory, which Go's does not; C has read the text before Go code can run on this stack again.
func FewText(s string) (Tag, uint64) {
	p := uint64(uintptr(unsafe.Pointer(unsafe.StringData(s))))
	if len(s) >= 1<<(64-fewLength) || p>>fewLength != 0 {
		return 0, 0
	}
	return TagStrRef, p | uint64(len(s))<<fewLength
}

// A Result is what RunFew returns. It is passed in registers.
type Result struct {
	kind, a uint64
}

// Kind returns what the result is: a tag of words.go. Of texts only short ones have TagStr.
func (r Result) Kind() Tag { return Tag(r.kind & 0xff) }

// Word returns the payload: the bits of a number, or a handle.
func (r Result) Word() uint64 { return r.a }

// Number returns the payload of a result of kind TagFloat.
func (r Result) Number() float64 { return math.Float64frombits(r.a) }

// Text returns the text of a result of kind TagStr.
func (r Result) Text() string {
	text := r.text()
	return string(unsafe.Slice((*byte)(unsafe.Pointer(&text)), r.textLen()))
}

func (r Result) textLen() uint64 { return r.kind >> 8 & 0xff }

func (r Result) text() [2]uint64 { return [2]uint64{r.kind>>16 | r.a<<48, r.a >> 16} }

// Frame returns a frame with the result.
func (r Result) Frame() *Frame {
	f := NewFrame()
	switch r.Kind() {
	case TagBlock:
		*(*[5]uint64)(f.head[headKind:]) = *(*[5]uint64)(address(r.a))
		freeC(r.a)
	case TagStr:
		text := r.text()
		f.head[headKind], f.head[headA] = uint64(TagStr), r.textLen()
		f.head[headText], f.head[headText+1] = text[0], text[1]
	default:
		f.head[headKind], f.head[headA] = uint64(r.Kind()), r.a
	}
	return f
}
