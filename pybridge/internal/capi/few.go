package capi

import (
	"math"
	"unsafe"
)

// MaxFew is how many arguments RunFew takes.
const MaxFew = 3

// FewArg returns what argument i adds to the word that describes arguments.
func FewArg(t Tag, i int) uint64 { return 1<<16 | uint64(t)<<(24+8*i) }

// A Result is what RunFew returns. It is passed in registers.
type Result struct {
	kind, a, b uint64
}

// Kind returns what the result is: a tag of words.go. Of texts only short ones have TagStr.
func (r Result) Kind() Tag { return Tag(r.kind & 0xff) }

// Word returns the payload: the bits of a number, or a handle.
func (r Result) Word() uint64 { return r.a }

// Number returns the payload of a result of kind TagFloat.
func (r Result) Number() float64 { return math.Float64frombits(r.a) }

// Text returns the text of a result of kind TagStr.
func (r Result) Text() string {
	text := [2]uint64{r.a, r.b}
	return string(unsafe.Slice((*byte)(unsafe.Pointer(&text)), r.kind>>8))
}

// Frame returns a frame with the result.
func (r Result) Frame() *Frame {
	f := NewFrame()
	if r.Kind() == TagBlock {
		*(*[5]uint64)(f.head[headKind:]) = *(*[5]uint64)(address(r.a))
		freeC(r.a)
		return f
	}
	f.head[headKind], f.head[headA] = uint64(r.Kind()), r.a
	if r.Kind() == TagStr {
		f.head[headA] = r.kind >> 8
		f.head[headText], f.head[headText+1] = r.a, r.b
	}
	return f
}
