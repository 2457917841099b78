package capi

import (
	"math"
	"unsafe"
)

// A Reader goes through words that Python's side wrote. Handles that it passes are owned by whoever
// reads them; Skip collects those of a value that nobody wants.
type Reader struct {
	words  []uint64
	packed Tag // what the next words are, without a head for each
	left   int // how many they are
}

// Empty reports whether nothing is left.
func (r *Reader) Empty() bool { return len(r.words) == 0 }

// Peek returns the tag of the next value.
func (r *Reader) Peek() Tag {
	if r.left > 0 {
		return r.packed
	}
	if len(r.words) == 0 {
		return 0
	}
	switch tag := Tag(r.words[0] & 0xff); tag {
	case tagPackedInts, tagPackedFloats:
		r.left, r.packed = int(r.words[0]>>8), TagInt
		if tag == tagPackedFloats {
			r.packed = TagFloat
		}
		r.words = r.words[1:]
		return r.packed
	default:
		return tag
	}
}

// Header takes the head of the next value: its tag and count.
func (r *Reader) Header() (Tag, int) {
	tag := r.Peek()
	if r.left > 0 {
		r.left--
		return tag, 0
	}
	w := r.Word()
	return tag, int(w >> 8)
}

// Word takes one word.
func (r *Reader) Word() uint64 {
	w := r.words[0]
	r.words = r.words[1:]
	return w
}

// Float takes one word as a float64.
func (r *Reader) Float() float64 { return math.Float64frombits(r.Word()) }

// Text takes n bytes of text, as a copy.
func (r *Reader) Text(n int) string { return string(r.bytes(n)) }

// Bytes takes n bytes, as a copy.
func (r *Reader) Bytes(n int) []byte { return append([]byte{}, r.bytes(n)...) }

func (r *Reader) bytes(n int) []byte {
	b := unsafe.Slice((*byte)(unsafe.Pointer(&r.words[0])), n)
	r.words = r.words[textWords(n):]
	return b
}

// Clone returns a reader at the same place.
func (r *Reader) Clone() *Reader { c := *r; return &c }

// Skip passes one value and calls drop with each handle in it.
func (r *Reader) Skip(drop func(Handle)) {
	for left := 1; left > 0; left-- {
		tag, n := r.Header()
		switch tag {
		case TagInt, TagUint, TagFloat, TagRef:
			r.Word()
		case TagComplex:
			r.Word()
			r.Word()
		case TagStr, TagBytes, TagBigInt:
			r.words = r.words[textWords(n):]
		case TagObject:
			drop(Handle(r.Word()))
		case TagExt:
			drop(Handle(r.Word()))
			left++
		case TagList, TagTuple, TagSet, TagFrozenSet:
			left += n
		case TagDict:
			left += 2 * n
		}
	}
}

// PeekSecond returns the tag of the value after the next one, which must be a number of one word.
func (r *Reader) PeekSecond() Tag {
	if len(r.words) < 3 {
		return 0
	}
	return Tag(r.words[2] & 0xff)
}

// Address takes one word as the address of memory that Python owns.
func (r *Reader) Address() unsafe.Pointer { return address(r.Word()) }

// Floats takes as many floats as the slice has room for. It takes nothing, and reports false, if they are
// not all of them floats.
func (r *Reader) Floats(into []float64) bool {
	words, step := r.take(TagFloat, len(into))
	for i := range into[:len(words)/step] {
		into[i] = math.Float64frombits(words[i*step+step-1])
	}
	return len(words) > 0
}

// Ints does for ints what Floats does.
func (r *Reader) Ints(into []int) bool {
	words, step := r.take(TagInt, len(into))
	for i := range into[:len(words)/step] {
		into[i] = int(words[i*step+step-1])
	}
	return len(words) > 0
}

// take takes n numbers of one kind: packed, one word each, or each behind its head.
func (r *Reader) take(t Tag, n int) (words []uint64, step int) {
	if n == 0 || r.Peek() != t {
		return nil, 1
	}
	if r.left > 0 {
		if r.left != n {
			return nil, 1
		}
		words, r.words, r.left = r.words[:n], r.words[n:], 0
		return words, 1
	}
	if len(r.words) < 2*n {
		return nil, 1
	}
	for i := 0; i < 2*n; i += 2 {
		if r.words[i] != uint64(t) {
			return nil, 1
		}
	}
	words, r.words = r.words[:2*n], r.words[2*n:]
	return words, 2
}

// Texts does for strs what Floats does.
func (r *Reader) Texts(into []string) bool {
	ahead := r.words
	for i := range into {
		if len(ahead) == 0 || Tag(ahead[0]&0xff) != TagStr {
			return false
		}
		n := int(ahead[0] >> 8)
		into[i] = string(unsafe.Slice((*byte)(unsafe.Pointer(&ahead[1])), n))
		ahead = ahead[1+textWords(n):]
	}
	r.words = ahead
	return true
}

// Keywords takes the first word of a callback's arguments: how many positional ones there are, and
// how many pairs of a name and a value come after them.
func (r *Reader) Keywords() (positional, keywords int) {
	w := r.Word()
	return int(w & 0xffffffff), int(w >> 32)
}
